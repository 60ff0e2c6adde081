"""What the public sees of complaints: how many, about what, and how fast they were answered. Counted from the rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Q, Value, When

from donations.actions.complaints import WORKING_DAYS
from donations.models import Complaint, ComplaintCategory
from donations.models.complaint import OPEN

ANSWERED, WAITING, LATE, UNANSWERED = "answered", "waiting", "late", "unanswered"


@dataclass(frozen=True)
class ComplaintFigures:
    """Complaints by what became of them, and the working days until each first answer as {days: complaints}."""

    answered: int
    waiting: int
    late: int
    unanswered: int
    answer_days: dict

    @property
    def total(self):
        """All complaints ever submitted: answered, waiting in time, late, and closed without an answer."""
        return self.answered + self.waiting + self.late + self.unanswered

    @property
    def median_days(self):
        """The median of working days until the first answer (0: on the same day), or None without any answer."""
        return median(self.answer_days)

    @property
    def on_time(self):
        """The share of answers within seven working days among all answers and all that are late; None without any."""
        due = self.answered + self.late
        quick = sum(many for days, many in self.answer_days.items() if days <= WORKING_DAYS)
        return quick / due if due else None


@dataclass(frozen=True)
class Complaints:
    """The figures of all complaints and of each category, as they are on a day."""

    as_of: date
    everything: ComplaintFigures
    by_category: list


def median(counts):
    """Return the median of whole numbers given as {number: how often}, a half allowed; None for an empty one."""
    total, passed, before = sum(counts.values()), 0, None
    for number in sorted(number for number in counts if counts[number]):
        passed += counts[number]
        if before is not None:
            return (before + number) / 2
        if passed * 2 > total:
            return number
        if passed * 2 == total:
            before = number
    return None


def complaints(today):
    """Return the Complaints as of `today` (WIB): of all, and `by_category` as [(label, ComplaintFigures)].

    A complaint is *answered* from its first answer on, even when it was reopened; *late* is an open one without any
    answer whose seven working days are over on `today`; *unanswered* was closed with a reason, but not answered.
    """
    fate = Case(
        When(answered_at__isnull=False, then=Value(ANSWERED)),
        When(Q(state__in=OPEN, due_on__lt=today), then=Value(LATE)),
        When(state__in=OPEN, then=Value(WAITING)),
        default=Value(UNANSWERED),
    )
    counted = Complaint.objects.annotate(fate=fate).values_list("category", "fate", "answer_days").annotate(Count("pk"))
    rows = list(counted.order_by("category", "fate", "answer_days"))
    by_category = [(label, _sums(row for row in rows if row[0] == slug)) for slug, label in ComplaintCategory.choices]
    return Complaints(today, _sums(rows), by_category)


def _sums(rows):
    fates, days = Counter(), Counter()
    for _category, fate, answer_days, many in rows:
        fates[fate] += many
        if fate == ANSWERED:
            days[answer_days] += many
    return ComplaintFigures(fates[ANSWERED], fates[WAITING], fates[LATE], fates[UNANSWERED], dict(days))
