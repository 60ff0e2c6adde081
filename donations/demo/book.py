"""The demo's bookkeeping: needs, promises and hand-overs with all their facts, waiting in a store."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from donations.actions.ledger import Fact
from donations.models import Commitment, CommitmentLine, CommitmentState, Delivery, DeliveryLine, EntryKind
from ksbb.core.crypto import encrypt, new_code, public_code
from ksbb.core.models import AuditEntry
from locations.models import Need
from programs.models import NeedPeriod, PackageType

from . import names

WIB = ZoneInfo("Asia/Jakarta")
K = EntryKind
THANKS = (
    "Terima kasih, semuanya sudah dibagikan.",
    "Alhamdulillah, paketnya sudah diterima warga.",
    "Terima kasih banyak dari warga kami.",
    "Sudah sampai dengan baik. Semoga menjadi berkah.",
)


def moment(day, hour=8, minute=0):
    """Return a time of a day in Jakarta."""
    return datetime.combine(day, time(hour, minute), WIB)


@dataclass(frozen=True)
class Slot:
    """Some packages for one place's need."""

    place: object
    package: str
    quantity: int


@dataclass
class Book:
    """Everything that is written about needs and promises, and what it needs to know for that."""

    store: object
    chance: object
    needs: dict = field(default_factory=dict)
    deliveries: list = field(default_factory=list)

    def __post_init__(self):
        packages = PackageType.objects.select_related("program", "statement").prefetch_related("versions")
        self.packages = {package.slug: package for package in packages}
        self.versions = {package.slug: package.versions.all()[0] for package in packages}
        self.periods = {period.slug: period for period in NeedPeriod.objects.all()}

    def need(self, slot, period, at):
        """Return the place's need of the period, published with room for the slot (and often more)."""
        key = (slot.place.pk, slot.package, period)
        if key not in self.needs:
            room = 1.0 if self.chance.random() < 0.3 else self.chance.uniform(0.55, 1.0)
            self.publish(key, slot.place, round(slot.quantity / room), at)
        return self.needs[key]

    def publish(self, key, place, quantity, at):
        """Publish a need of a (place pk, package slug, period slug) that has none yet."""
        _place, package, period = key
        need = self.store.add(
            Need(
                location=place,
                package=self.packages[package],
                package_version=self.versions[package],
                period=self.periods[period],
            )
        )
        self.needs[key] = need
        self.store.note(Fact(K.NEED_PUBLISHED, quantity, need=need), at)
        return need

    def promise(self, giver, slots, period, submitted_at, accepted_at, **more):
        """Write a promise of a giver that was accepted; returns its lines."""
        package = self.packages[slots[0].package]
        commitment = self.store.add(
            Commitment(
                code=public_code(),
                collaborator=giver,
                program=package.program,
                statement=package.statement,
                state=CommitmentState.CONFIRMED,
                submitted_at=submitted_at,
                registered_at=submitted_at,
                confirmed_at=accepted_at,
                **more,
            )
        )
        self.audit("commitment.entered", commitment.code, submitted_at)
        published_at = submitted_at - timedelta(hours=2)
        lines = [self._line(commitment, slot, self.need(slot, period, published_at)) for slot in slots]
        for kind, at in ((K.PROMISED, submitted_at), (K.ACCEPTED, accepted_at)):
            for line in lines:
                self.store.note(Fact(kind, line.quantity, line=line), at)
        return lines

    def _line(self, commitment, slot, need):
        return self.store.add(CommitmentLine(commitment=commitment, need=need, quantity=slot.quantity))

    def give_up(self, giver, need, quantity, at, state, kind, reason):
        """Write a promise that came to nothing before it was accepted."""
        commitment = self.store.add(
            Commitment(
                code=public_code(),
                collaborator=giver,
                program=need.package.program,
                state=state,
                submitted_at=at,
                reason=reason,
            )
        )
        line = self.store.add(CommitmentLine(commitment=commitment, need=need, quantity=quantity))
        self.store.note(Fact(K.PROMISED, quantity, line=line), at)
        later = at + timedelta(hours=self.chance.randint(3, 22))
        self.store.note(Fact(kind, quantity, line=line, reason=reason), later)

    def hand_over(self, lines, at, losses=None):
        """Write that the lines of one place arrived; `losses`: {line pk: {"damaged": n, …}} of what did not."""
        place, commitment = lines[0].need.location, lines[0].commitment
        delivery = self.store.add(
            Delivery(
                number=f"BAST-{new_code(8)}",
                commitment=commitment,
                location=place,
                delivered_at=at,
                receiver_role="Ketua RW" if place.rw else "Pengurus",
                receiver_cipher=encrypt(names.person(self.chance)),
                thanks=self.chance.choice(THANKS) if self.chance.random() < 0.3 else "",
                recorded_at=at,
            )
        )
        for line in lines:
            self._outcome(delivery, line, (losses or {}).get(line.pk, {}))
        self.deliveries.append((delivery, lines))
        return delivery

    def _outcome(self, delivery, line, losses):
        ok = line.quantity - sum(losses.values())
        self.store.add(DeliveryLine(delivery=delivery, line=line, sent=line.quantity, ok=ok, **losses))
        kinds = {"damaged": K.DAMAGED, "short": K.SHORT, "lost": K.LOST}
        self.store.note(Fact(K.DELIVERED, ok, line=line, delivery=delivery), delivery.delivered_at)
        for name, quantity in losses.items():
            self.store.note(Fact(kinds[name], quantity, line=line, delivery=delivery), delivery.delivered_at)

    def audit(self, kind, subject, at):
        """Write one row of the audit log."""
        self.store.add(AuditEntry(kind=kind, subject=subject, at=at, data={}))
