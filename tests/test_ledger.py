"""The ledger: append-only on both engines, effects by kind, counters that follow, guards that hold."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from donations.actions import ledger
from donations.actions.ledger import Fact
from donations.errors import CounterRefused
from donations.models import EntryKind, LedgerEntry
from donations.models.ledger import EFFECTS, FAMILY_KINDS, FUND_EFFECTS
from ksbb.core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["donations_ledgerentry", "core_auditentry"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_written_rows_stay(table, sql):
    factories.need()
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql.format(table))


@pytest.mark.postgresql
def test_a_table_is_not_emptied_at_once_either():
    factories.need()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"):
        run("TRUNCATE donations_ledgerentry CASCADE")


def test_replacing_a_row_is_refused_too():
    """Without recursive triggers SQLite lets INSERT OR REPLACE delete the old row silently."""
    factories.need()
    entry = LedgerEntry.objects.get()
    names = [field.column for field in LedgerEntry._meta.concrete_fields]
    changed = ", ".join("quantity + 1" if name == "quantity" else name for name in names)
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(DatabaseError):
        run(f"{verb} INTO donations_ledgerentry ({', '.join(names)}) SELECT {changed} FROM donations_ledgerentry")
    entry.refresh_from_db()
    assert entry.quantity == 10


def test_postgresql_stamps_the_writing_transaction(engine):
    factories.need()
    for row in [LedgerEntry.objects.get(), AuditEntry.objects.first()]:
        assert (row.xact > 0) == (engine == "postgresql")


def test_every_kind_has_exactly_one_meaning():
    known = [*EFFECTS, *FUND_EFFECTS, *FAMILY_KINDS]
    assert sorted(known) == sorted(EntryKind)


def test_no_effect_breaks_the_order_of_counters_by_itself():
    """Giving back, say, must take from all three: the chain quantity ≥ reserved ≥ committed ≥ delivered is kept."""
    for kind, (_quantity, reserved, committed, delivered) in EFFECTS.items():
        if reserved < 0:
            assert committed in (0, reserved), kind
            assert delivered in (0, reserved), kind


def test_a_counter_never_leaves_its_bounds():
    need = factories.need(3)
    with pytest.raises(CounterRefused), transaction.atomic():
        ledger.write([Fact(EntryKind.NEED_LOWERED, 4, need=need)], now=timezone.now())
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("counters", ["reserved = 11", "committed = 1", "delivered = 1", "quantity = -1"])
def test_the_database_itself_refuses_impossible_counters(counters):
    need = factories.need(10)
    with pytest.raises(IntegrityError):
        run(f"UPDATE locations_need SET {counters} WHERE id = {need.pk}")


def test_an_entry_keeps_the_dimensions_of_the_figures():
    commitment = factories.promise(factories.need(), 3)
    entry = LedgerEntry.objects.get(kind=EntryKind.PROMISED)
    line = commitment.lines.get()
    assert entry.commitment == commitment
    assert entry.package == line.need.package
    assert entry.program == line.need.package.program
    assert entry.location == line.need.location
    assert entry.area == line.need.location.area
    assert entry.category == commitment.collaborator.category
    assert (entry.reserved, entry.committed, entry.delivered) == (3, 0, 0)


def test_a_day_is_cut_in_jakarta():
    """20:00 UTC on 2 May is 03:00 WIB on 3 May."""
    late = timezone.datetime(2020, 5, 2, 20, tzinfo=timezone.get_fixed_timezone(0))
    assert ledger.wib_day(late).isoformat() == "2020-05-03"


def test_a_reversal_needs_a_reason():
    need = factories.need(10)
    entry = LedgerEntry.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.write([Fact(EntryKind.NEED_PUBLISHED, -2, need=need, reverses=entry)], now=timezone.now())
    ledger.write(
        [Fact(EntryKind.NEED_PUBLISHED, -2, need=need, reverses=entry, reason="Salah ketik")], now=timezone.now()
    )
    need.refresh_from_db()
    assert need.quantity == 8
