"""Writing facts: append entries, then move the guarded counters that follow from them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection
from django.utils import timezone

from donations.errors import CounterRefused
from donations.models import CommitmentLine, Contribution, LedgerEntry
from donations.models.ledger import EFFECTS, FUND_EFFECTS
from ksbb.core.rows import insert
from locations.models import Need

NEED_COUNTERS = ("quantity", "reserved", "committed", "delivered")
LINE_COUNTERS = NEED_COUNTERS[1:]
FUND_COUNTERS = ("received", "used", "refunded", "cost")
# The guards of rules 1 and 5, on the values as they will stand.
IN_ORDER = ("{quantity} >= {reserved}", "{reserved} >= {committed}", "{committed} >= {delivered}", "{delivered} >= 0")
COVERED = ("{received} >= {used} + {refunded} + {cost}", *(f"{{{name}}} >= 0" for name in FUND_COUNTERS))
# Of each model: the counters that move, what stands still beside them, and the bounds of all.
COUNTERS = {
    Need: (NEED_COUNTERS, (), IN_ORDER),
    CommitmentLine: (LINE_COUNTERS, ("quantity",), IN_ORDER),
    Contribution: (FUND_COUNTERS, (), COVERED),
}


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
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


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

    A line that is new is inserted with the counters its facts give it. Counters move last and in primary-key order
    (needs hottest, so last of all): the locks are short and never cross. Raises CounterRefused when one would leave
    its bounds; the caller's transaction must then be rolled back.
    """
    laid = _lay_lines(facts)
    entries = [entry_of(fact, now=now, by=by) for fact in facts]
    insert(entries)
    lines = _sums(entries, "line_id", _line_effects)
    _move(Contribution, _sums(entries, "contribution_id", fund_effects))
    _move(CommitmentLine, {pk: moved for pk, moved in lines.items() if pk not in laid})
    _move(Need, _sums(entries, "need_id", effects))
    return entries


def _lay_lines(facts):
    """Insert the lines that are new, with their first counters; return their keys."""
    new = {id(fact.line): fact.line for fact in facts if fact.line and fact.line.pk is None}
    for fact in facts:
        if id(fact.line) in new:
            for name, change in zip(LINE_COUNTERS, _line_effects(fact.kind, fact.quantity), strict=True):
                setattr(fact.line, name, getattr(fact.line, name) + change)
    for line in new.values():
        line.commitment = line.commitment  # which may have had no key when the line was made
    insert([*new.values()])
    return {line.pk for line in new.values()}


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


def _move(model, sums):
    if not sums:
        return
    names, sql = _moving(model)
    with connection.planned_cursor() as cursor:
        cursor.executemany(sql, [{"pk": pk, **dict(zip(names, sums[pk], strict=True))} for pk in sorted(sums)])
        if cursor.rowcount != len(sums):
            raise CounterRefused


@cache
def _moving(model):
    """Return the counters of a model, and the statement that moves them as long as they stay in their bounds."""
    names, fixed, bounds = COUNTERS[model]
    after = {name: f"{name} + %({name})s" for name in names} | {name: name for name in fixed}
    changes = ", ".join(f"{name} = {after[name]}" for name in names)
    guard = " AND ".join(bound.format(**after) for bound in bounds)
    return names, f"UPDATE {model._meta.db_table} SET {changes} WHERE id = %(pk)s AND {guard}"  # noqa: S608 - no input
