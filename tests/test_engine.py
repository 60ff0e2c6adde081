"""Both engines under the tests are what production runs on."""

import threading

import pytest
from django.db import connection, connections

from programs.models import Program


@pytest.mark.postgresql
def test_postgresql_is_real_and_recent(db):
    assert connection.pg_version >= 150000
    assert connection.settings_dict["OPTIONS"]["pool"]


@pytest.mark.django_db(transaction=True)
def test_threads_see_what_is_committed():
    """Tests of concurrency rest on this: another thread has a connection of its own to the same database."""
    Program.objects.create(slug="uji", name="Uji")
    seen = []

    def look():
        seen.append(Program.objects.filter(slug="uji").exists())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]


@pytest.mark.sqlite
@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("recursive_triggers", 1)])
def test_sqlite_runs_with_the_measured_settings(db, pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone()[0] == value
