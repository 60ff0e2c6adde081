"""Writing facts: append entries, then move the guarded counters that follow from them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import F, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from donations.errors import CounterRefused
from donations.models import CommitmentLine, Contribution, LedgerEntry
from donations.models.ledger import EFFECTS, FUND_EFFECTS
from locations.models import Need

NEED_COUNTERS = ("quantity", "reserved", "committed", "delivered")
LINE_COUNTERS = NEED_COUNTERS[1:]
FUND_COUNTERS = ("received", "used", "refunded", "cost")


@dataclass(frozen=True)
class Fact:
    """Something that happened. `quantity` counts packages, rupiah (fund kinds) or families (family kinds)."""

    kind: str
    quantity: int
    need: Need | None = None
    line: CommitmentLine | None = None
    contribution: Contribution | None = None
    delivery: object = None
    program_id: int | None = None
    area_id: str | None = None
    persons: int | None = None
    at: datetime | None = None
    reverses: LedgerEntry | None = None
    reason: str = ""


def wib_day(moment):
    """Return the date in Asia/Jakarta on which a moment falls (rule 12)."""
    return timezone.localtime(moment).date()


def entry_of(fact, *, now, by=None):
    """Return the unsaved ledger entry of a fact, with its effects and the dimensions of the figures.

    A fact about a line needs `line.need`, `line.commitment.collaborator`, and the need's `location` and `package`.
    """
    at = fact.at or now
    entry = LedgerEntry(
        kind=fact.kind,
        quantity=fact.quantity,
        effective_at=at,
        day=wib_day(at),
        recorded_at=now,
        recorded_by=by,
        need=fact.need or (fact.line and fact.line.need),
        line=fact.line,
        contribution=fact.contribution,
        delivery=fact.delivery,
        program_id=fact.program_id,
        area_id=fact.area_id,
        persons=fact.persons,
        reverses=fact.reverses,
        reason=fact.reason,
    )
    _, entry.reserved, entry.committed, entry.delivered = effects(fact.kind, fact.quantity)
    if fact.line:
        entry.commitment_id = fact.line.commitment_id
        entry.category = fact.line.commitment.collaborator.category
    if entry.need:
        _copy_dimensions(entry, entry.need)
    return entry


def _copy_dimensions(entry, need):
    entry.package_id = need.package_id
    entry.program_id = need.package.program_id
    entry.location_id = need.location_id
    entry.area_id = need.location.area_id


def effects(kind, quantity):
    """Return what `quantity` units of a kind do to (quantity, reserved, committed, delivered)."""
    return tuple(factor * quantity for factor in EFFECTS.get(kind, (0, 0, 0, 0)))


def fund_effects(kind, rupiah):
    """Return what that many rupiah of a kind do to (received, used, refunded, cost)."""
    return tuple(factor * rupiah for factor in FUND_EFFECTS.get(kind, (0, 0, 0, 0)))


def write(facts, *, now, by=None):
    """Append the entries of `facts` and move every counter they touch; the caller holds the transaction.

    Counters move last and in primary-key order (needs hottest, so last of all): the locks are short and never cross.
    Raises CounterRefused when one would leave its bounds; the caller's transaction must then be rolled back.
    """
    entries = LedgerEntry.objects.bulk_create([entry_of(fact, now=now, by=by) for fact in facts])
    _move(Contribution, FUND_COUNTERS, _sums(entries, "contribution_id", fund_effects), _fund_guard)
    _move(CommitmentLine, LINE_COUNTERS, _sums(entries, "line_id", _line_effects), _package_guard)
    _move(Need, NEED_COUNTERS, _sums(entries, "need_id", effects), _package_guard)
    return entries


def _line_effects(kind, quantity):
    return effects(kind, quantity)[1:]


def _sums(entries, key, effect):
    sums = defaultdict(lambda: None)
    for entry in entries:
        pk = getattr(entry, key)
        if pk is not None:
            moved = effect(entry.kind, entry.quantity)
            sums[pk] = moved if sums[pk] is None else tuple(map(sum, zip(sums[pk], moved, strict=True)))
    return {pk: moved for pk, moved in sums.items() if any(moved)}


def _move(model, counters, sums, guard):
    for pk in sorted(sums):
        after = {name: F(name) + change for name, change in zip(counters, sums[pk], strict=True)}
        if not model.objects.filter(*guard(after), pk=pk).update(**after):
            raise CounterRefused(model.objects.get(pk=pk))


def _package_guard(after):
    """The guard of rule 1, on the values as they will stand: quantity ≥ reserved ≥ committed ≥ delivered ≥ 0."""
    chain = [after.get("quantity", F("quantity")), *(after[name] for name in LINE_COUNTERS), Value(0)]
    return [GreaterThanOrEqual(larger, smaller) for larger, smaller in pairwise(chain)]


def _fund_guard(after):
    """The guard of rule 5: received ≥ used + refunded + cost, each ≥ 0."""
    spent = after["used"] + after["refunded"] + after["cost"]
    return [
        GreaterThanOrEqual(after["received"], spent),
        *(GreaterThanOrEqual(after[name], Value(0)) for name in FUND_COUNTERS),
    ]
