"""Money in the demo: three contributions that the sources name, and invented ones through invented partners."""

from datetime import date, timedelta

from donations.actions.ledger import Fact
from donations.models import ContractKind, Contribution, ContributionState, EntryKind
from ksbb.core.crypto import link_hash, new_code, private_link

from .book import moment
from .givers import COST_LIMITS

K = EntryKind
STEP = 5_000_000  # invented contributions are whole multiples of this many rupiah
NOTE = "Sumber hanya menyebut penerimaannya; hari dan pemakaian yang tidak disebut tidak dikarang."
# (giver, aggregator, rupiah, day): press release 1255/SP-HMS/05/2020; the days are reconstructed
PUBLISHED = (
    ("jne", "baznas-bazis-dki", 1_000_000_000, date(2020, 4, 29)),
    ("pgri-smp-jakarta", "baznas-bazis-dki", 545_000_000, date(2020, 4, 29)),
    ("asosiasi-museum-indonesia-dki", "act", 20_000_000, date(2020, 5, 2)),
)


class Money:
    """Writes contributions and their use into a book."""

    def __init__(self, book, givers):
        self.book, self.givers, self.chance = book, givers, book.chance
        self.pangan = book.packages["sembako"].program
        self.jne = None

    def publish(self):
        """Write the contributions that the sources name."""
        for name, partner, rupiah, day in PUBLISHED:
            giver, aggregator = self.givers.named[name], self.givers.aggregators[partner]
            contribution = self.receive(giver, aggregator, rupiah, moment(day, 10), self.pangan, NOTE)
            self.jne = self.jne or contribution

    def receive(self, giver, aggregator, rupiah, at, program, note=""):
        """Write money that arrived; returns the contribution."""
        reference = f"DANA-{new_code(4)}-{new_code(4)}"
        contribution = self.book.store.add(
            Contribution(
                reference=reference,
                collaborator=giver,
                aggregator=aggregator,
                contract=ContractKind.GENERAL if note else self.chance.choice(ContractKind.values),
                program=program,
                state=ContributionState.RECEIVED,
                amount=rupiah,
                pledged_at=at - timedelta(hours=5),
                received_at=at,
                link_hash=link_hash(private_link("contribution", reference)),
                note=note,
            )
        )
        self.book.audit("fund.received", reference, at)
        self.book.store.note(Fact(K.FUND_RECEIVED, rupiah, contribution=contribution), at)
        return contribution

    def use(self, contribution, lines, at):
        """Write that a contribution paid for lines, at their reference prices."""
        for line in lines:
            rupiah = line.quantity * line.need.package_version.reference_price
            self.book.store.note(Fact(K.FUND_USED, rupiah, contribution=contribution, line=line), at)

    def pay_for(self, lines, at):
        """Write an invented contribution that pays for the lines of its giver's promise, some costs and a balance."""
        commitment = lines[0].commitment
        price = sum(line.quantity * line.need.package_version.reference_price for line in lines)
        rupiah = -(-price * 106 // (100 * STEP)) * STEP
        giver, aggregator = commitment.collaborator, commitment.aggregator
        contribution = self.receive(giver, aggregator, rupiah, at, commitment.program)
        self.use(contribution, lines, at + timedelta(minutes=30))
        limit = rupiah * COST_LIMITS[contribution.contract] // 10_000
        self._spend(K.FUND_COST, contribution, min(limit, rupiah // 50), "Biaya angkut dan kemasan", at)
        if self.chance.random() < 0.2:
            self._spend(K.FUND_REFUNDED, contribution, contribution.balance // 2, "Dikembalikan atas permintaan", at)

    def _spend(self, kind, contribution, rupiah, reason, at):
        if rupiah:
            fact = Fact(kind, rupiah, contribution=contribution, reason=reason)
            self.book.store.note(fact, at + timedelta(hours=1))
