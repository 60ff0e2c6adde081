"""Proving the numbers: every counter, summary and figure recomputed from the ledger, the first difference named.

The recomputation reads the entries alone and uses its own arithmetic over `EFFECTS`; it shares no code with the
summaries or figures it checks.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from donations import figures
from donations.actions import households
from donations.models import (
    Commitment,
    CommitmentLine,
    CommitmentState,
    Contribution,
    DeliveryLine,
    EntryKind,
    LedgerEntry,
)
from donations.models.commitment import ARRIVED, ENDED, HOLDING
from donations.models.ledger import EFFECTS, FAMILY_KINDS, FUND_EFFECTS
from donations.summaries import ALL
from locations.models import Need
from programs.models import Program

BASES = ("submitted", "committed", "delivered")


@dataclass(frozen=True)
class Difference:
    """One thing that does not follow from the ledger."""

    what: str
    expected: object
    found: object

    def __str__(self):
        return f"{self.what}: the ledger says {self.expected}, found {self.found}"


def differences():
    """Yield every Difference, the most basic first. Nothing is yielded when all numbers follow from the ledger."""
    for check in (
        entries_follow_their_kind,
        need_counters,
        line_counters,
        contribution_counters,
        reversals_mirror,
        states_fit_counters,
        deliveries_fit_entries,
        families_fit_receipts,
        summaries_fit_entries,
        figures_fit_entries,
    ):
        yield from check()


def _sums(key, effects):
    """Return {key: tuple of effects} added up over all entries that have this key."""
    sums = defaultdict(lambda: [0, 0, 0, 0])
    rows = LedgerEntry.objects.exclude(**{key: None}).values_list(key, "kind").annotate(total=Sum("quantity"))
    for pk, kind, total in rows.order_by(key):
        for place, factor in enumerate(effects.get(kind, (0, 0, 0, 0))):
            sums[pk][place] += factor * int(total)
    return sums


def _compare(what, rows, sums, width):
    for pk, *found in rows:
        expected = sums.get(pk, [0, 0, 0, 0])[-width:]
        if expected != found:
            yield Difference(f"{what} {pk}", expected, found)


def entries_follow_their_kind():
    """Every entry's stored effects are its quantity times its kind's factors, and its dimensions are its need's."""
    for kind, (_quantity, *factors) in EFFECTS.items():
        reserved, committed, delivered = factors
        wrong = LedgerEntry.objects.filter(kind=kind).exclude(
            reserved=F("quantity") * reserved, committed=F("quantity") * committed, delivered=F("quantity") * delivered
        )
        yield from (Difference(f"effects of entry {pk}", factors, "other") for pk in wrong.values_list("pk", flat=True))
    stray = LedgerEntry.objects.filter(need__isnull=False).exclude(
        package=F("need__package"), location=F("need__location"), program=F("need__package__program")
    )
    yield from (
        Difference(f"dimensions of entry {pk}", "its need's", "other") for pk in stray.values_list("pk", flat=True)
    )


def need_counters():
    """Every need's four counters are the sum of its entries' effects."""
    rows = Need.objects.order_by("pk").values_list("pk", "quantity", "reserved", "committed", "delivered")
    yield from _compare("counters of need", rows.iterator(), _sums("need_id", EFFECTS), 4)


def line_counters():
    """Every line's three counters are the sum of its entries' effects, and it promised what its first entry says."""
    rows = CommitmentLine.objects.order_by("pk").values_list("pk", "reserved", "committed", "delivered")
    yield from _compare("counters of line", rows.iterator(), _sums("line_id", EFFECTS), 3)
    promised = Sum("entries__quantity", filter=Q(entries__kind=EntryKind.PROMISED))
    wrong = CommitmentLine.objects.annotate(promised=Coalesce(promised, 0)).exclude(promised=F("quantity"))
    for pk, expected, found in wrong.values_list("pk", "promised", "quantity"):
        yield Difference(f"quantity of line {pk}", expected, found)


def contribution_counters():
    """Every contribution's counters are its entries' sums; received = used + refunded + cost + balance, each ≥ 0."""
    sums = _sums("contribution_id", FUND_EFFECTS)
    rows = Contribution.objects.order_by("pk").values_list("pk", "received", "used", "refunded", "cost")
    yield from _compare("rupiah of contribution", rows.iterator(), sums, 4)
    for pk, (received, used, refunded, cost) in sums.items():
        if min(received, used, refunded, cost, received - used - refunded - cost) < 0:
            yield Difference(f"balance of contribution {pk}", "nothing below zero", (received, used, refunded, cost))


def reversals_mirror():
    """A reversing entry repeats the other's kind and rows with the opposite quantity."""
    wrong = LedgerEntry.objects.filter(reverses__isnull=False).exclude(
        kind=F("reverses__kind"), quantity=F("reverses__quantity") * -1
    )
    yield from (
        Difference(f"reversal {pk}", "the mirrored entry", "another") for pk in wrong.values_list("pk", flat=True)
    )


def states_fit_counters():
    """What a commitment's lines hold fits its state: ended ones hold nothing, arrived ones nothing on its way."""
    held = {
        "reserved": Coalesce(Sum("lines__reserved"), 0),
        "committed": Coalesce(Sum("lines__committed"), 0),
        "delivered": Coalesce(Sum("lines__delivered"), 0),
    }
    sums = Commitment.objects.annotate(**held)
    unproved = sums.filter(state__in=[CommitmentState.SUBMITTED, CommitmentState.REGISTERED])
    rules = [
        ("holds nothing", sums.filter(state__in=ENDED).exclude(reserved=0)),
        ("nothing on its way", sums.filter(state__in=ARRIVED).exclude(reserved=F("delivered"))),
        ("not accepted yet", unproved.exclude(committed=0)),
        ("all accepted", sums.filter(state__in=HOLDING[2:]).exclude(reserved=F("committed"))),
        ("holds something", sums.filter(state__in=HOLDING, reserved=0)),
    ]
    for rule, wrong in rules:
        for code, state, *found in wrong.values_list("code", "state", "reserved", "committed", "delivered"):
            yield Difference(f"commitment {code} ({state})", rule, found)


def deliveries_fit_entries():
    """Every delivery line's outcomes are the entries of its delivery, kind by kind."""
    kinds = {
        "ok": EntryKind.DELIVERED,
        "damaged": EntryKind.DAMAGED,
        "short": EntryKind.SHORT,
        "lost": EntryKind.LOST,
    }
    entries = LedgerEntry.objects.filter(kind__in=kinds.values(), delivery__isnull=False)
    summed = entries.values_list("delivery_id", "line_id", "kind").annotate(total=Sum("quantity"))
    written = {(delivery, line, kind): total for delivery, line, kind, total in summed.order_by("delivery_id")}
    for delivery, line, *outcomes in DeliveryLine.objects.values_list("delivery_id", "line_id", *kinds).iterator():
        expected = [written.pop((delivery, line, kind.value), 0) for kind in kinds.values()]
        if expected != outcomes:
            yield Difference(f"outcomes of delivery {delivery}, line {line}", expected, outcomes)
    for key, total in written.items():
        yield Difference(f"delivery, line, kind {key}", total, "no delivery line")


def families_fit_receipts():
    """The families in the ledger are the distinct households with a receipt, in all and by programme."""
    everybody, by_program = households.receiving_families()
    summed = LedgerEntry.objects.filter(kind__in=FAMILY_KINDS).values_list("kind", "program_id")
    expected = defaultdict(int)
    for kind, program, total in summed.annotate(total=Sum("quantity")).order_by("kind"):
        expected[None if kind == EntryKind.FAMILY_FIRST else program] += total
    for program, found in [(None, everybody), *by_program.items()]:
        if expected.pop(program, 0) != found:
            yield Difference(f"families of programme {program}", "another number", found)
    yield from (Difference(f"families of programme {program}", total, 0) for program, total in expected.items())


def summaries_fit_entries():
    """Folded rows and the tail after the watermark add up to what the whole ledger says, group by group."""
    for summary in ALL:
        keys = ", ".join(summary.keys)
        sums = ", ".join(f"SUM({name})" for name in summary.sums)
        whole = _grouped(f"({summary.select('TRUE')})", keys, sums, len(summary.keys))
        flow = _grouped(summary.flow(), keys, sums, len(summary.keys))
        for key in whole.keys() | flow.keys():
            if whole.get(key) != flow.get(key):
                yield Difference(f"{summary.table} {key}", whole.get(key), flow.get(key))


def _grouped(source, keys, sums, width):
    rows = figures.query(f"SELECT {keys}, {sums} FROM {source} AS rows_of GROUP BY {keys}", [])  # noqa: S608
    return {row[:width]: tuple(map(int, row[width:])) for row in rows if any(row[width:])}


def figures_fit_entries():
    """The public totals per programme and package, now and at the end of each month, follow from the entries."""
    days = LedgerEntry.objects.dates("day", "month")
    until_days = [None, *(day.replace(day=28) for day in days)]
    moved = list(
        LedgerEntry.objects.filter(line__isnull=False)
        .values_list("package__program__slug", "package__slug", "day", "kind")
        .annotate(total=Sum("quantity"))
        .order_by("package__program__slug")
    )
    programs = {program.slug: program for program in Program.objects.all()}
    for slug, rows in groupby(moved, key=lambda row: row[0]):
        rows = list(rows)
        for until in until_days:
            yield from _program_figures(programs[slug], rows, until)


def _program_figures(program, rows, until):
    expected = defaultdict(lambda: [0, 0, 0])
    for _program, package, day, kind, total in rows:
        if until is None or day <= until:
            _quantity, reserved, committed, delivered = EFFECTS.get(kind, (0, 0, 0, 0))
            for place, factor in enumerate((reserved - committed, committed, delivered)):
                expected[package][place] += factor * int(total)
    shown = figures.totals(until=until, program=program)
    for place, basis in enumerate(BASES):
        found = getattr(shown, basis).by_package
        for package in found:
            if found[package] != expected[package][place]:
                yield Difference(f"{basis} of {package} until {until}", expected[package][place], found[package])
