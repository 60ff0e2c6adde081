"""The rows behind the figures: which collaborations, lines, hand-overs, contributions and givers make them up.

Everything is as of any date: a `Scope` says from when to when (its programme is left to the caller's filters). Without
dates the guarded counters answer, with dates the ledger does; the sums of the rows are the figures.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from donations.models import (
    Attribution,
    CommitmentLine,
    CommitmentState,
    Contribution,
    ContributionState,
    EntryKind,
    LedgerEntry,
)
from donations.models.commitment import ENDED
from locations.queries import public

UNPROVED = (CommitmentState.SUBMITTED, CommitmentState.REGISTERED)
HANDED_OVER = (EntryKind.DELIVERED, EntryKind.DAMAGED, EntryKind.SHORT, EntryKind.LOST, EntryKind.GIVEN_BACK)
FUND_KINDS = {
    "received_then": EntryKind.FUND_RECEIVED,
    "used_then": EntryKind.FUND_USED,
    "refunded_then": EntryKind.FUND_REFUNDED,
    "cost_then": EntryKind.FUND_COST,
}


def named(path=""):
    """Return the condition under which a collaboration's giver is named: confirmed, and not an anonymous gift."""
    hidden_states = {f"{path}state__in": (*UNPROVED, *ENDED)}
    return ~Q(**hidden_states) & ~Q(**{f"{path}collaborator__attribution": Attribution.ANONYMOUS})


def whether(condition):
    """Return a condition as a value, true or false."""
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def dated(scope):
    """Tell whether a scope looks at another span than everything up to now."""
    return bool(scope.until or scope.since)


def within(scope, path=""):
    """Return the condition of the ledger's entries in a scope's days; `path` leads to them."""
    condition = Q()
    if scope.until:
        condition &= Q(**{f"{path}day__lte": scope.until})
    if scope.since:
        condition &= Q(**{f"{path}day__gte": scope.since})
    return condition


def _sum(path, condition):
    return Coalesce(Sum(path, filter=condition), Value(0), output_field=IntegerField())


# --- Collaborations and their lines -----------------------------------------------------------------------------------
def lines(scope, commitments):
    """Return the lines of `commitments` with `submitted_then`, `committed_then`, `delivered_then`, in packages."""
    theirs = CommitmentLine.objects.filter(commitment__in=commitments.values("pk"))
    if not dated(scope):
        return theirs.annotate(
            submitted_then=F("reserved") - F("committed"), committed_then=F("committed"), delivered_then=F("delivered")
        )
    days = within(scope, "entries__")
    return theirs.annotate(
        submitted_then=_sum("entries__reserved", days) - _sum("entries__committed", days),
        committed_then=_sum("entries__committed", days),
        delivered_then=_sum("entries__delivered", days),
    )


def _moved(scope):
    """Return the keys of commitments for which something stands in the scope's days."""
    sums = LedgerEntry.objects.filter(within(scope), line__isnull=False, contribution=None).values("commitment_id")
    sums = sums.annotate(reserved_sum=Sum("reserved"), committed_sum=Sum("committed"), delivered_sum=Sum("delivered"))
    standing = ~Q(reserved_sum=0) | ~Q(committed_sum=0) | ~Q(delivered_sum=0)
    return sums.filter(standing).values("commitment_id")


def collaborations(scope, among):
    """Return the commitments among a queryset that stand in a scope; now: all but those that ended with nothing.

    `name_shown` tells whether the giver may be named.
    """
    if dated(scope):
        standing = among.filter(pk__in=_moved(scope))
    else:
        standing = among.exclude(state__in=ENDED)
    return standing.annotate(name_shown=whether(named()))


@dataclass(frozen=True, slots=True)
class Line:
    """Some packages of one kind for one place, as of a day; `place_code` is None where the public does not see it."""

    pk: int
    place_code: str | None
    place: str
    area: str
    package: str
    package_name: str
    unit: str
    period: str
    period_name: str
    quantity: int
    submitted: int
    committed: int
    delivered: int


def with_lines(commitments, lines_):
    """Give each of some commitments its `lines_then` (a list of Line) among `lines_`; returns the commitments."""
    found = defaultdict(list)
    picked = lines_.filter(commitment__in=[commitment.pk for commitment in commitments])
    values = picked.annotate(seen=whether(public("need__location__"))).order_by("pk").values_list(
        "commitment_id", "seen", "pk", "need__location__code", "need__location__name", "need__location__area_id",
        "need__location__area__name", "need__package__slug", "need__package__name", "need__package__unit",
        "need__period__slug", "need__period__name", "quantity", "submitted_then", "committed_then", "delivered_then",
    )  # fmt: skip
    for commitment, seen, pk, code, place, area, village, *rest in values:
        shown = (code, place) if seen else (None, _("Kelurahan %s") % village)
        found[commitment].append(Line(pk, *shown, area, *rest))
    for commitment in commitments:
        commitment.lines_then = found[commitment.pk]
    return commitments


# --- Hand-overs -------------------------------------------------------------------------------------------------------
def deliveries(scope, among):
    """Return the entries on what arrived well, damaged, short or not at all, or came back; `delivered` sums up."""
    return among.filter(within(scope), kind__in=HANDED_OVER, line__isnull=False)


# --- Money ------------------------------------------------------------------------------------------------------------
def contributions(scope, among):
    """Return the contributions that were received, with `received_then`, `used_then` and so on in rupiah."""
    known = among.filter(state=ContributionState.RECEIVED)
    if not dated(scope):
        now = {name: F(name.removesuffix("_then")) for name in FUND_KINDS}
        return known.annotate(**now)
    days = within(scope, "entries__")
    sums = {name: _sum("entries__quantity", days & Q(entries__kind=kind)) for name, kind in FUND_KINDS.items()}
    something = Q(received_then__gt=0) | Q(used_then__gt=0) | Q(refunded_then__gt=0) | Q(cost_then__gt=0)
    return known.annotate(**sums).filter(something)


# --- Givers -----------------------------------------------------------------------------------------------------------
GAVE = Q(collaborations_then__gt=0) | Q(funded=True)


def collaborators(scope, among):
    """Return the faces that gave: komitmen above zero, or a contribution not wholly refunded."""
    return faces(scope, among).filter(GAVE)


def faces(scope, among):
    """Give faces what the public may know of their gifts.

    `collaborations_then` counts commitments with komitmen above zero, `committed_then` and `delivered_then` packages.
    """
    lines_of = "commitments__lines__"
    if dated(scope):
        days = within(scope, f"{lines_of}entries__")
        committed = _sum(f"{lines_of}entries__committed", days)
        delivered = _sum(f"{lines_of}entries__delivered", days)
        accepted = Q(commitments__in=_accepted(scope))
    else:
        committed = _sum(f"{lines_of}committed", Q())
        delivered = _sum(f"{lines_of}delivered", Q())
        accepted = Q(**{f"{lines_of}committed__gt": 0})
    funded = contributions(scope, Contribution.objects).filter(
        collaborator=OuterRef("pk"), received_then__gt=F("refunded_then")
    )
    return among.annotate(
        collaborations_then=Count("commitments", filter=accepted, distinct=True),
        committed_then=committed,
        delivered_then=delivered,
        funded=Exists(funded),
    )


def _accepted(scope):
    sums = LedgerEntry.objects.filter(within(scope), line__isnull=False).values("commitment_id")
    return sums.annotate(committed_sum=Sum("committed")).filter(committed_sum__gt=0).values("commitment_id")


# --- Distribution partners --------------------------------------------------------------------------------------------
MONEY = ("received", "used", "refunded", "cost")


def partners(aggregators, day):
    """Give aggregators what the public may know: licences, where and for what they work, rupiah and packages.

    `licence` is the one valid on `day` or None, `takes_money` whether there is one (rule 5).
    """
    prefetch_related_objects(aggregators, "licences__cost_limits", "programs", "areas")
    money = _by_aggregator(Contribution.objects.filter(aggregator__in=aggregators), "aggregator", MONEY)
    lines_ = CommitmentLine.objects.filter(commitment__aggregator__in=aggregators)
    packages = _by_aggregator(lines_, "commitment__aggregator", ("committed", "delivered"))
    for one in aggregators:
        one.newest_first = sorted(one.licences.all(), key=lambda licence: licence.valid_until, reverse=True)
        one.licence = next((licence for licence in one.newest_first if _valid(licence, day)), None)
        one.takes_money = one.licence is not None
        one.program_slugs = sorted(program.slug for program in one.programs.all())
        one.area_codes = sorted(area.pk for area in one.areas.all())
        sums = {
            **dict.fromkeys((*MONEY, "committed", "delivered"), 0),
            **money.get(one.pk, {}),
            **packages.get(one.pk, {}),
        }
        vars(one).update(sums, balance=sums["received"] - sums["used"] - sums["refunded"] - sums["cost"])
    return aggregators


def _valid(licence, day):
    revoked = licence.revoked_on is not None and licence.revoked_on <= day
    return licence.valid_from <= day <= licence.valid_until and not revoked


def _by_aggregator(queryset, key, names):
    sums = queryset.values(key).annotate(**{f"{name}_sum": Sum(name) for name in names})
    return {row[key]: {name: row[f"{name}_sum"] for name in names} for row in sums}
