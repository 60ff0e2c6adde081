"""This week, alive: what places need, what institutions gave so far, and the promises of single visitors."""

import random
from datetime import timedelta

from django.db import transaction

from donations.actions import periods
from donations.actions.commitments import GRACE_DAYS, last_moment
from donations.actions.ledger import wib_day
from donations.models import Category, Collaborator, CommitmentState
from ksbb.core.crypto import repeatable_codes
from locations.models import Location, Need

from . import accounts, stories
from .book import Book, Slot, moment
from .chunks import families_of
from .pools import FOOD_KINDS
from .store import Store
from .stories import SHOWN_LACKING

GIFT_LINES = 25  # needs that one institution's gift touches
ARRIVED = 0.85  # share of these gifts that are there already; the others are on their way
# How well needs are met: up to this chance, the gift covers a share between the two.
MET = ((0.42, None), (0.68, (0.1, 0.4)), (0.88, (0.6, 0.95)), (1.0, (1.0, 1.0)))
MET_LITTLE = ((0.75, None), (1.0, (0.05, 0.3)))
SCHOOL = {"smartphone": (0.8, 2, 25), "tablet": (0.6, 1, 15), "komputer": (0.4, 1, 4), "laptop": (0.5, 1, 4)}
BUSINESS = {"sarana": (0.6, 1, 2), "pinjaman-modal": (0.35, 1, 1), "pelatihan": (0.6, 1, 4)}
SETTLEMENT = {"penghijauan": (0.9, 1, 6), "sanitasi": (0.6, 1, 3), "sarana-lingkungan": (0.8, 2, 10)}
BY_KIND = {"sekolah": SCHOOL, "umkm": BUSINESS}


@transaction.atomic
def build(now):
    """Open the week of `now` and fill it; returns False when it is filled already."""
    period, _new = periods.open_week(now=now)
    if Need.objects.filter(period=period).exists():
        return False
    # Not what the city's own codes are drawn from: on a Monday both would be the same.
    with repeatable_codes(random.Random(f"codes of the week {period.slug}")):
        Week(period, now).write()
        stories.tell(period, now, accounts.known(), random.Random(f"stories {period.slug}"))
    return True


class Week:
    """One open week of the demo city."""

    def __init__(self, period, now):
        self.period, self.now = period, now
        self.store, self.chance = Store(), random.Random(f"week {period.slug}")
        self.book = Book(self.store, self.chance)
        self.start = moment(period.starts_on, 0)

    def write(self):
        """Write the week's needs, and gifts that meet some of them."""
        places = Location.objects.public().select_related("kind", "area").order_by("pk")
        slots = [slot for place in places for slot in self._wants(place)]
        for slot in slots:
            self.book.publish((slot.place.pk, slot.package, self.period.slug), slot.place, slot.quantity, self.start)
        self._gifts(slots)
        self.store.flush()

    # --- Needs --------------------------------------------------------------------------------------------------------
    def _wants(self, place):
        """Yield what a place needs this week."""
        if place.rw:
            yield from self._food_of_rw(place)
        if place.kind.slug in FOOD_KINDS:
            yield self._share(place, "sembako", 0.4, 0.9)
            yield self._share(place, "siap-saji", 1.0, 3.0)
        table = SETTLEMENT if place.document else BY_KIND.get(place.kind.slug, {})
        for package, (likely, least, most) in table.items():
            if self.chance.random() < likely:
                yield Slot(place, package, self.chance.randint(least, most))

    def _food_of_rw(self, place):
        shown = place.area_id.startswith(SHOWN_LACKING)
        if shown or (place.is_priority and self.chance.random() < 0.8):
            yield self._share(place, "sembako", 0.1, 0.45)
        if place.is_priority and self.chance.random() < 0.15:
            yield self._share(place, "siap-saji", 0.2, 0.6)

    def _share(self, place, package, least, most):
        return Slot(place, package, max(5, round(families_of(place) * self.chance.uniform(least, most))))

    # --- Gifts --------------------------------------------------------------------------------------------------------
    def _gifts(self, slots):
        """Let institutions meet some needs wholly, some nearly, some a little, and many not at all."""
        by_program = {}
        for slot in slots:
            given = self._given(slot)
            if given:
                by_program.setdefault(self.book.packages[slot.package].program_id, []).append(given)
        givers = list(Collaborator.objects.filter(is_fictional=True, aggregator=None).exclude(category=Category.PERSON))
        givers.sort(key=lambda giver: giver.slug)
        for _program, given in sorted(by_program.items()):
            for first in range(0, len(given), GIFT_LINES):
                self._gift(self.chance.choice(givers), given[first : first + GIFT_LINES])

    def _given(self, slot):
        shown = slot.place.area_id.startswith(SHOWN_LACKING)
        drawn = self.chance.random()
        share = next(share for limit, share in (MET_LITTLE if shown else MET) if drawn < limit)
        quantity = round(slot.quantity * self.chance.uniform(*share)) if share else 0
        return Slot(slot.place, slot.package, quantity) if quantity else None

    def _gift(self, giver, slots):
        arrived = self.chance.random() < ARRIVED
        today = wib_day(self.now)
        day = today if arrived else today + timedelta(days=self.chance.randint(0, 4))
        lines = self.book.promise(
            giver, slots, self.period.slug, self._at(0.02, 0.3), self._at(0.3, 0.6), scheduled_on=day
        )
        commitment = lines[0].commitment
        commitment.expires_at = None if arrived else last_moment(day + timedelta(days=GRACE_DAYS))
        if arrived:
            self._arrive(commitment, lines)

    def _arrive(self, commitment, lines):
        by_place = {}
        for line in lines:
            by_place.setdefault(line.need.location_id, []).append(line)
        for inside in by_place.values():
            self.book.hand_over(inside, self._at(0.65, 0.95))
        commitment.state = CommitmentState.RECEIVED

    def _at(self, first, last):
        """Return a moment between two shares of the time since the week began."""
        seconds = (self.now - self.start).total_seconds() * self.chance.uniform(first, last)
        return self.start + timedelta(seconds=int(seconds))
