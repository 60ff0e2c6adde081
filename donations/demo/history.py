"""24 April to 26 November 2020: promises and deliveries that add up to the published figures."""

from datetime import date, timedelta
from itertools import chain, groupby, repeat

from donations.models import CommitmentState, EntryKind

from .book import Slot, moment
from .chunks import divide, families_of
from .funds import Money
from .institutions import LANE
from .places import RAGUNAN
from .plan import CHECKPOINTS, apportion, batches
from .pools import Pools

FIRST_MOMENT = moment(date(2020, 4, 24), 6)
LANE_GIFT, RAGUNAN_GIFT = 600, 954
LANE_DAY, RAGUNAN_DAY = date(2020, 5, 3), date(2020, 5, 21)
LANE_PERIOD, RAGUNAN_PERIOD = "2020-05-01", "2020-05-15"
PHASES = ("2020-04-24", "2020-05-01", "2020-05-08", "2020-05-15")
UNMET = 250  # RW per Ramadan phase whose need nobody promised
LOSSES = ("damaged", "short", "lost")
ENDS = (
    (CommitmentState.EXPIRED, EntryKind.LAPSED, ""),
    (CommitmentState.CANCELLED, EntryKind.REVOKED, "Pemberi membatalkan."),
    (CommitmentState.REJECTED, EntryKind.REJECTED, "Kebutuhan sudah terpenuhi dari sumber lain."),
)


class History:
    """Writes the promises of each checkpoint into a book."""

    def __init__(self, book, places, givers, scale):
        self.book, self.places, self.givers, self.scale = book, places, givers, scale
        self.chance = book.chance
        self.money = Money(book, givers)
        self.pools = Pools(places, book.chance, scale)
        self.lane = next(place for place in places.institutions if place.name == LANE)
        self.ragunan = places.find_rw(*RAGUNAN)
        self.pools.claim(self.lane, "sembako", LANE_PERIOD)
        self.pools.claim(self.ragunan, "sembako", RAGUNAN_PERIOD)

    def write(self):
        """Write everything, checkpoint by checkpoint."""
        before = None
        for checkpoint in CHECKPOINTS:
            chunks = self._chunks(checkpoint, before)
            for chunk, giver in zip(chunks, self._givers(checkpoint, before, chunks), strict=True):
                self._promise(chunk, giver, checkpoint)
            self._come_to_nothing(checkpoint, len(chunks) // 12)
            before = checkpoint
        self._unmet()

    def _chunks(self, checkpoint, before):
        """Return the checkpoint's chunks, after the gift that the sources name at it, which counts too."""
        plan = batches(checkpoint, self.scale)
        count = self.scale * (checkpoint.collaborations - (before.collaborations if before else 0))
        gift = self._named_gift(checkpoint)
        if gift:
            count -= 1
            last = next(batch for batch in plan if batch.period == gift.need.period.slug)
            last.amounts["sembako"] -= gift.quantity
        new_persons = checkpoint.persons - (before.persons if before else 0)
        weights = [batch.weight for batch in plan]
        smalls = apportion(max(1, round(1.3 * new_persons)), weights)
        counts = zip(plan, apportion(count, weights), smalls, strict=True)
        return [chunk for batch, many, few in counts for chunk in divide(batch, many, few, self.pools, self.chance)]

    # --- What the sources name ----------------------------------------------------------------------------------------
    def _named_gift(self, checkpoint):
        """Write what the sources name up to a checkpoint; returns the line of packages, if there is one."""
        if checkpoint.day == date(2020, 5, 2):
            self.money.publish()
            return self._named("bbn", Slot(self.lane, "sembako", LANE_GIFT), LANE_PERIOD, LANE_DAY)
        if checkpoint.day == date(2020, 5, 22):
            slot = Slot(self.ragunan, "sembako", RAGUNAN_GIFT)
            aggregator = self.givers.aggregators["baznas-bazis-dki"]
            line = self._named("jne", slot, RAGUNAN_PERIOD, RAGUNAN_DAY, aggregator=aggregator)
            self.money.use(self.money.jne, [line], moment(RAGUNAN_DAY - timedelta(days=1), 12))
            return line
        return None

    def _named(self, slug, slot, period, day, **more):
        accepted_at = moment(day - timedelta(days=1), 9)
        submitted_at = accepted_at - timedelta(hours=20)
        giver = self.givers.named[slug]
        [line] = self.book.promise(giver, [slot], period, submitted_at, accepted_at, scheduled_on=day, **more)
        self.book.hand_over([line], moment(day, 15))
        self._finish(line.commitment, day, lost=False)
        return line

    # --- Who gives ----------------------------------------------------------------------------------------------------
    def _givers(self, checkpoint, before, chunks):
        """Return one giver for each chunk: everybody who is new at this checkpoint, then others again."""
        old = (before.persons, before.institutions) if before else (0, 0)
        persons = self._round(self.givers.persons, old[0], checkpoint.persons)
        institutions = self._round(self.givers.institutions, old[1], checkpoint.institutions)
        order = self.chance.sample(range(len(chunks)), len(chunks))
        givers = {n: next(persons if chunks[n].small else institutions) for n in order}
        return [givers[n] for n in range(len(chunks))]

    def _round(self, faces, old, new):
        named = list(self.givers.named.values())
        seen = [face for face in faces[:new] if face not in named]
        fresh = [face for face in faces[old:new] if face not in named]
        return chain(fresh, (self.chance.choice(seen) for _ in repeat(None)))

    # --- What becomes of it -------------------------------------------------------------------------------------------
    def _promise(self, chunk, giver, checkpoint):
        batch = chunk.batch
        accepted_at = moment(self._day(batch.first, batch.last), self.chance.randint(8, 13), self.chance.randint(0, 59))
        submitted_at = max(FIRST_MOMENT, accepted_at - timedelta(hours=self.chance.randint(2, 26)))
        days = {slot.place.pk: self._arrival(batch, accepted_at.date()) for slot in chunk.slots}
        slots = [self._with_loss(slot, days[slot.place.pk] <= checkpoint.day) for slot in chunk.slots]
        partner = self._partner(chunk, giver, checkpoint)
        first = min(days.values())
        lines = self.book.promise(
            giver,
            [slot for slot, _losses in slots],
            batch.period,
            submitted_at,
            accepted_at,
            scheduled_on=first,
            aggregator=partner,
        )
        if partner:
            self.money.pay_for(lines, max(moment(batch.first), accepted_at - timedelta(hours=2)))
        losses = {line.pk: lost for line, (_slot, lost) in zip(lines, slots, strict=True) if lost}
        self._arrive(lines, days, losses)
        self._finish(lines[0].commitment, max(days.values()), lost=bool(losses))

    def _day(self, first, last):
        return first + timedelta(days=self.chance.randint(0, max(0, (last - first).days)))

    def _arrival(self, batch, accepted_on):
        earliest = max(accepted_on, batch.arrive_from or accepted_on)
        return self._day(earliest, min(batch.arrive_by, earliest + timedelta(days=5)))

    def _with_loss(self, slot, may_lose):
        """Return (slot, losses): now and then more is promised than arrives, and the place gets what was planned.

        Only what arrives before the next published figure may lose: then that figure is not touched.
        """
        if not may_lose or slot.quantity < 10 or self.chance.random() > 0.07:
            return slot, {}
        missing = self.chance.randint(1, 1 + slot.quantity // 25)
        package = self.book.packages[slot.package]
        how = self.chance.choice(LOSSES) if package.can_be_damaged else "short"
        return Slot(slot.place, slot.package, slot.quantity + missing), {how: missing}

    def _partner(self, chunk, giver, checkpoint):
        """Let an invented partner carry out some of the smaller promises after the first published figure."""
        packages = sum(slot.quantity for slot in chunk.slots)
        if chunk.small or packages > 500 or checkpoint is CHECKPOINTS[0] or self.chance.random() > 0.35:
            return None
        return self.givers.partner_for(chunk.slots[0].package)

    def _arrive(self, lines, days, losses):
        by_place = groupby(sorted(lines, key=lambda line: line.need.location_id), lambda line: line.need.location_id)
        for place, inside in by_place:
            at = moment(days[place], self.chance.randint(14, 18), self.chance.randint(0, 59))
            self.book.hand_over(list(inside), at, losses)

    def _finish(self, commitment, last_day, *, lost):
        if self.chance.random() < 0.06:
            commitment.state = CommitmentState.PARTLY_RECEIVED if lost else CommitmentState.RECEIVED
            return
        commitment.state = CommitmentState.COMPLETED
        commitment.completed_at = moment(last_day + timedelta(days=self.chance.randint(1, 6)), 10)

    # --- What came to nothing -----------------------------------------------------------------------------------------
    def _come_to_nothing(self, checkpoint, count):
        since = checkpoint.day - timedelta(days=4)
        open_needs = [
            need
            for need in self.book.needs.values()
            if need.remaining >= 5 and _is_current(need.period, checkpoint.day)
        ]
        seen = [face for face in self.givers.institutions[: checkpoint.institutions] if face.is_fictional]
        for need in self.chance.sample(open_needs, min(count, len(open_needs))):
            at = moment(self._day(since, checkpoint.day - timedelta(days=1)), self.chance.randint(8, 20))
            quantity = self.chance.randint(3, need.remaining)
            self.book.give_up(self.chance.choice(seen), need, quantity, at, *self.chance.choice(ENDS))

    def _unmet(self):
        """Publish needs of the Ramadan that nobody promised."""
        neighbourhoods = [place for place in self.places.rw if place.is_priority]
        for period in PHASES:
            at = moment(self.book.periods[period].starts_on - timedelta(days=1), 9)
            for place in self.chance.sample(neighbourhoods, UNMET * self.scale):
                if self.pools.claim(place, "sembako", period):
                    quantity = max(5, round(families_of(place) * self.chance.uniform(0.1, 0.5)))
                    self.book.publish((place.pk, "sembako", period), place, quantity, at)


def _is_current(period, day):
    return period.starts_on <= day <= period.ends_on + timedelta(days=3)
