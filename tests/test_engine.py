"""Both engines under the tests are what production runs on."""

import fcntl
import threading
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction

from ksbb.core.queued_sqlite3.turn import TURN, Turn
from programs.models import Program


@pytest.mark.postgresql
def test_postgresql_is_real_and_recent(db):
    assert connection.pg_version >= 150000
    assert connection.pool


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
    assert TURN.lock.acquire(blocking=False)
    TURN.lock.release()


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


@pytest.mark.sqlite
def test_writers_of_other_processes_stand_in_the_same_line(tmp_path):
    order, turn, path = [], Turn(), tmp_path / "kota.sqlite3"

    def write():
        order.append("first" if turn.take(path, timeout=30) else "never")
        turn.pass_on()

    thread = threading.Thread(target=write)
    with open(f"{path}-turn", "w") as held_by_another:
        fcntl.flock(held_by_another, fcntl.LOCK_EX)
        thread.start()
        thread.join(0.2)  # long enough for who would not wait
        order.append("another")
    thread.join()
    assert order == ["another", "first"]


@pytest.fixture
def another(tmp_path, db):
    """A connection of its own to a new file, as a thread has it."""
    made, path = connection.copy("another"), tmp_path / "another.sqlite3"
    path.touch()
    made.settings_dict = {**connection.settings_dict, "NAME": str(path)}
    yield made
    made.in_atomic_block = False
    made.close()
    made.close_pool()


def opened(wrapper):
    """Return the open connection itself, below Django's."""
    wrapper.ensure_connection()
    return wrapper.connection


@pytest.mark.sqlite
def test_a_closed_connection_is_kept_for_the_next_request(another):
    first = opened(another)
    another.close()
    assert opened(another) is first


def leave_a_transaction(wrapper):
    wrapper.connection.execute("BEGIN")


def meet_an_error(wrapper):
    with pytest.raises(OperationalError), wrapper.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")


def put_another_file_in_place(wrapper):
    path = Path(wrapper.settings_dict["NAME"])
    path.rename(path.with_suffix(".old"))
    path.touch()


@pytest.mark.sqlite
@pytest.mark.parametrize("spoil", [leave_a_transaction, meet_an_error, put_another_file_in_place])
def test_a_connection_that_may_mislead_is_not_used_again(another, spoil):
    first = opened(another)
    spoil(another)
    another.close()
    assert opened(another) is not first


@pytest.mark.sqlite
def test_no_connection_is_kept_over_a_fork(another):
    first = opened(another)
    another.close()
    another.close_pool()
    assert opened(another) is not first
