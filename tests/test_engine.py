"""Both engines under the tests are what production runs on."""

import threading

import pytest
from django.db import connection, connections, transaction

from ksbb.core.queued_sqlite3.base import TURN
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


def end_well():
    with transaction.atomic():
        assert connection.has_turn


def end_badly():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [end_well, end_badly])
def test_the_turn_to_write_is_passed_on_however_a_transaction_ends(run):
    run()
    assert not connection.has_turn
    assert TURN.acquire(blocking=False)
    TURN.release()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_writers_of_one_process_wait_for_their_turn_instead_of_polling():
    order, second = [], threading.Event()

    def write():
        second.set()
        with transaction.atomic():
            order.append("second")
        connections.close_all()

    thread = threading.Thread(target=write)
    with transaction.atomic():
        thread.start()
        second.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
