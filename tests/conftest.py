"""What every test shares: tripwires, the engine's name, and which tests may run where."""

import gc
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from tests.kk_numbers import postgres_folders, traces
from tests.tripwires import forbid_network

forbid_network()
# Speed is shown by benchmarks; a property is no less true on a busy machine.
hypothesis_settings.register_profile("ksbb", deadline=None)
hypothesis_settings.load_profile("ksbb")

HERE = Path(__file__).parent
# Folders whose tests need their own surroundings; the others run on both engines.
MARKED_FOLDERS = {"house": "house", "browser": "browser", "bench": "bench", "drills": "drill"}

ASKING = {"db", "transactional_db", "portal"}  # the fixtures with which a test asks a database


def pytest_report_header(config):
    return f"engine: {'PostgreSQL' if os.environ.get('DATABASE_URL') else 'SQLite file'}"


def pytest_collection_modifyitems(config, items):
    """Mark a test by the folder it stands in; leave out what is marked for the other engine, or knows no engine."""
    for item in items:
        top = item.path.relative_to(HERE).parts[0]
        if top in MARKED_FOLDERS:
            item.add_marker(MARKED_FOLDERS[top])
    other = "sqlite" if os.environ.get("DATABASE_URL") else "postgresql"
    away = [item for item in items if item.get_closest_marker(other) or (other == "sqlite" and not _asks(item))]
    config.hook.pytest_deselected(items=away)
    items[:] = [item for item in items if item not in away]


def pytest_collection_finish():
    """Spare Python the search for garbage among what stays to the end, and look at it less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_sessionfinish(session):
    """Fail a run (`make test`: each stage has a folder for all it writes) that leaves a KK number in a file."""
    folder = os.environ.get("KSBB_RUN_FOLDER")
    if folder and not hasattr(session.config, "workerinput") and (found := traces(folder)):
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line("KK numbers stand in: " + ", ".join(found), red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The database of a run; before it is dropped no KK number may stand in its files."""
    yield
    server = os.environ.get("DATABASE_URL")
    own = urlsplit(server)._replace(path=f"/{connection.settings_dict['NAME']}").geturl() if server else None
    assert traces(os.environ["KSBB_TEST_VAR"], *postgres_folders(own, everything=False)) == []


def _asks(item):
    """Tell whether a test asks a database; the stage on SQLite runs the others too, and once is enough."""
    apart = item.path.parent != HERE
    return apart or item.get_closest_marker("django_db") or not ASKING.isdisjoint(item.fixturenames)


@pytest.fixture(scope="session")
def engine():
    """The engine under test: "sqlite" or "postgresql"."""
    return connection.vendor


@pytest.fixture(autouse=True)
def _plain_state(settings):
    """Empty what a process remembers between requests, so that no test leans on its neighbour."""
    from django.core.cache import caches

    from ksbb.core import kept, version

    for name in caches:
        caches[name].clear()
    version.forget()
    kept.forget()


@pytest.fixture(autouse=True)
def _hours_of_their_own(request, monkeypatch):
    """Let no hour and no day that a throttle counts end in the middle of a test; drills live through their ends."""
    from ksbb.core import throttle

    if request.node.get_closest_marker("drill"):
        return
    began = timezone.now() - timedelta(minutes=30)  # what a file took for now when it was read lies in it too

    def spans(length):
        return lambda now: (start := began + (now - began) // length * length, start + length)

    monkeypatch.setattr(throttle, "hour_of", spans(timedelta(hours=1)))
    monkeypatch.setattr(throttle, "day_of", spans(timedelta(days=1)))


@pytest.fixture
def server_door(db):
    """The application as the server calls it, whose requests stay in the test's transaction."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    from ksbb.wsgi import application

    # As Django's own test client does: a request must not close the connection that holds the transaction.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield application
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def only_writer(monkeypatch):
    """Fold all that is written: the workers of a run share one PostgreSQL, whose open transactions hold a fold back."""
    from donations import summaries
    from tests.engines import end_of_ledger

    monkeypatch.setattr(summaries, "final_position", end_of_ledger)


@pytest.fixture(scope="session", autouse=True)
def _emptied_between_tests():
    """After a test with real commits (`transaction=True`) empty append-only tables too, which flush cannot."""
    from django.test import TransactionTestCase

    from tests.engines import empty_database

    TransactionTestCase._fixture_teardown = lambda self: empty_database()
