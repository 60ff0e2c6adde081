"""Folding the ledger into daily summaries up to a watermark, and reading them together with the entries after it.

A reader always uses one statement over `flow(...)`: summary rows and ledger tail come from the same snapshot, so a
figure is exact even while a fold runs.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from donations.models import EntryKind, Watermark
from ksbb.core.watermark import final_position, position_column, settle

LEDGER = "donations_ledgerentry"
MARK = "COALESCE((SELECT entries FROM donations_watermark), 0)"


@dataclass(frozen=True)
class Summary:
    """How entries become the rows of one summary table: its keys, its sums, and which entries count."""

    table: str
    keys: dict
    sums: dict
    where: str

    def select(self, extra):
        """Return the SELECT over the ledger that yields this summary's columns, one row an entry."""
        columns = {**self.keys, **self.sums}
        chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        return f"SELECT {chosen} FROM {LEDGER} WHERE {self.where} AND {extra}"  # noqa: S608 - names of ours only

    def flow(self):
        """Return a subselect of the folded rows and of the entries after the watermark."""
        names = ", ".join([*self.keys, *self.sums])
        tail = self.select(f"{position_column()} >= {MARK}")
        return f"(SELECT {names} FROM {self.table} UNION ALL {tail})"  # noqa: S608

    def fold_sql(self):
        """Return the statement that adds the entries between two positions to the table."""
        keys, names = ", ".join(self.keys), ", ".join([*self.keys, *self.sums])
        sums = ", ".join(f"SUM({name})" for name in self.sums)
        adds = ", ".join(f"{name} = {self.table}.{name} + excluded.{name}" for name in self.sums)
        span = self.select(f"{position_column()} >= %s AND {position_column()} < %s")
        return (
            f"INSERT INTO {self.table} ({names}) SELECT {keys}, {sums} FROM ({span}) AS span WHERE TRUE "  # noqa: S608
            f"GROUP BY {keys} ON CONFLICT ({', '.join(self.conflict())}) DO UPDATE SET {adds}"
        )

    def conflict(self):
        """Return the columns of the table's unique constraint."""
        for unique in (("line_id", "day"), ("contribution_id", "day")):
            if set(unique) <= set(self.keys):
                return unique
        return tuple(self.keys)


def _same(*names):
    return {name: name for name in names}


def _when(kind):
    return f"CASE WHEN kind = '{kind.value}' THEN quantity ELSE 0 END"


PACKAGE_SUMS = _same("reserved", "committed", "delivered")
MOVES_PACKAGES = "line_id IS NOT NULL AND contribution_id IS NULL"
TOTALS = Summary(
    "donations_dailytotal", _same("day", "package_id", "area_id", "category"), PACKAGE_SUMS, MOVES_PACKAGES
)
LINES = Summary(
    "donations_dailyline",
    _same("day", "line_id", "commitment_id", "package_id", "location_id", "area_id"),
    PACKAGE_SUMS,
    MOVES_PACKAGES,
)
FUNDS = Summary(
    "donations_dailyfund",
    _same("day", "contribution_id"),
    {
        "received": _when(EntryKind.FUND_RECEIVED),
        "used": _when(EntryKind.FUND_USED),
        "refunded": _when(EntryKind.FUND_REFUNDED),
        "cost": _when(EntryKind.FUND_COST),
    },
    "contribution_id IS NOT NULL",
)
FAMILIES = Summary(
    "donations_dailyfamily",
    _same("day", "kind", "program_id", "area_id"),
    {
        "families": "quantity",
        "persons": "COALESCE(persons, 0)",
        "uncounted": "CASE WHEN persons IS NULL THEN quantity ELSE 0 END",
    },
    f"kind IN ('{EntryKind.FAMILY_RECORDED.value}', '{EntryKind.FAMILY_FIRST.value}')",
)
ALL = (TOTALS, LINES, FUNDS, FAMILIES)


@transaction.atomic
def fold():
    """Fold every final entry after the watermark into the summaries and move the watermark."""
    mark, _new = Watermark.objects.select_for_update().get_or_create(pk=1)
    position = final_position(LEDGER)
    if position <= mark.entries:
        return
    with connection.cursor() as cursor:
        for summary in ALL:
            cursor.execute(summary.fold_sql(), [mark.entries, position])
    Watermark.objects.filter(pk=1).update(entries=position)


@transaction.atomic
def refold():
    """Fold the whole ledger anew, for a database that was brought back on another server."""
    settle(LEDGER)
    with connection.cursor() as cursor:
        for summary in ALL:
            cursor.execute(f"DELETE FROM {summary.table}")  # noqa: S608 - names of ours only
    Watermark.objects.all().delete()
    fold()
