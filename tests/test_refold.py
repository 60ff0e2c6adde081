"""A ledger that was brought back on another server, which counts its transactions from a number of its own."""

import pytest
from django.db import connection

from donations import figures, summaries
from ksbb.core import version
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
FURTHER = 10**12
TABLES = {
    "donations_ledgerentry": "donations_watermark SET entries = entries",
    "core_auditentry": "core_versionmark SET position = position",
}


def submitted():
    version.forget()
    return figures.totals().submitted.total


def come_from_a_server_that_was_further():
    """Leave the rows as `pg_restore` does: with numbers far above those that this server gives."""
    with connection.cursor() as cursor:
        for table, mark in TABLES.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
            cursor.execute(f"UPDATE {table} SET xact = xact + {FURTHER}")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
            cursor.execute(f"UPDATE {mark} + {FURTHER}")


@pytest.mark.postgresql
def test_what_is_promised_after_a_restore_is_seen(only_writer):
    factories.promise(factories.need(10), 3)
    summaries.fold()
    version.fold()
    come_from_a_server_that_was_further()
    before = version.data_version()
    factories.promise(factories.need(10), 4)
    assert submitted() == 3  # what makes the folding necessary
    summaries.refold()
    version.refold()
    assert submitted() == 7
    assert version.data_version() > before
    factories.promise(factories.need(10), 5)
    assert submitted() == 12


def test_folding_anew_changes_no_figure(only_writer):
    factories.promise(factories.need(10), 3)
    summaries.fold()
    factories.promise(factories.need(10), 4)
    for _ in range(2):
        summaries.refold()
        assert submitted() == 7
