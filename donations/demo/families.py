"""40,000 invented families with receipts, known by fingerprint only; their first receipts are facts in the ledger."""

from collections import defaultdict

from donations.actions import households
from donations.actions.households import Recipient
from donations.actions.ledger import Fact
from donations.models import EntryKind

from . import samples
from .plan import apportion

FAMILIES = 40_000
LISTED_ONLY = 6  # families per kecamatan that are on a list and have no receipt
AGAIN = 0.15  # share of families with a second receipt in another period
MOST_SERIALS = 9_990


def write(book, scale):
    """Write the families of each kecamatan that got sembako, as many in each as it has room for, and their receipts."""
    by_district = _handed_over(book)
    room = {code: _room(deliveries) for code, deliveries in sorted(by_district.items())}
    for code, count in level(scale * FAMILIES, room).items():
        District(book, code, by_district[code]).write(count)


def level(total, room):
    """Divide `total` equally over keys that hold at most `room[key]` each; what one cannot hold goes to the others."""
    shares, left = {}, len(room)
    for key in sorted(room, key=room.get):
        shares[key] = min(room[key], -(-total // left))
        total, left = total - shares[key], left - 1
    return dict(sorted(shares.items()))


def _room(deliveries):
    packages = sum(line.delivered for _delivery, line in deliveries)
    return min(MOST_SERIALS, packages // 2)


def _handed_over(book):
    """Return the sembako deliveries at RW as {kecamatan: [(delivery, line)]}."""
    found = defaultdict(list)
    for delivery, lines in book.deliveries:
        sembako = [line for line in lines if line.need.package.slug == "sembako"]
        if sembako and delivery.location.rw:
            found[delivery.location.area_id[:8]].append((delivery, sembako[0]))
    return found


class District:
    """The families of one kecamatan."""

    def __init__(self, book, code, deliveries):
        self.book, self.code, self.chance = book, code, book.chance
        self.deliveries = deliveries
        self.program = book.packages["sembako"].program
        self.serial = 0

    def write(self, count):
        """Write `count` families with a receipt, and a few that are only on a list."""
        served = apportion(count, [line.delivered for _delivery, line in self.deliveries])
        by_place = defaultdict(list)
        for (delivery, line), many in zip(self.deliveries, served, strict=True):
            families = [self._family(delivery) for _ in range(many)]
            self._facts(delivery, families)
            period, room = line.need.period_id, line.delivered - many
            earlier = [family for family, when in by_place[delivery.location_id] if when != period]
            again = [family for family in earlier if self.chance.random() < AGAIN]
            self._receipts(delivery, line, families + again[:room])
            by_place[delivery.location_id] = [(family, period) for family in families]
        self._only_listed()

    def _family(self, delivery, serial=None):
        self.serial += serial is None
        kk = samples.number(self.code, serial or self.serial)
        members = self.chance.randint(2, 7) if self.chance.random() < 0.7 else None
        family = self.book.store.add(
            households.household_of(
                Recipient(kk, members), location=delivery.location, program=self.program, at=delivery.delivered_at
            )
        )
        family.code = samples.code_for(kk)
        return family

    def _receipts(self, delivery, line, families):
        for family in families:
            self.book.store.add(households.receipt_of(family, delivery=delivery, need=line.need, code=family.code))

    def _facts(self, delivery, families):
        """Note the families' first receipts; those whose persons nobody counted are a fact of their own."""
        counted = [family.members for family in families if family.members]
        for kind in (EntryKind.FAMILY_RECORDED, EntryKind.FAMILY_FIRST):
            for quantity, persons in ((len(counted), sum(counted)), (len(families) - len(counted), None)):
                if quantity:
                    self.book.store.note(
                        Fact(
                            kind,
                            quantity,
                            delivery=delivery,
                            program_id=self.program.pk,
                            area_id=delivery.location.area_id,
                            persons=persons,
                        ),
                        delivery.delivered_at,
                    )

    def _only_listed(self):
        """Put some families on the list without a receipt, the KK page's example among them."""
        delivery = self.deliveries[0][0]
        for n in range(LISTED_ONLY):
            self._family(delivery, serial=samples.RECORDED - n)
