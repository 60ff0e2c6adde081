"""PostgreSQL killed and started again under load: told at once, the last state readable, well again by itself."""

import time

import pytest

from tests import killed
from tests.portal import Portal
from tests.postgres import KEPT, Server
from tests.storm import Storm
from tests.test_killed_workers import PLACES, QUANTITY, assert_nothing_over_lost_or_double

pytestmark = pytest.mark.postgresql
KEPT_PAGES = 7  # home, map and dashboard in two languages, the figures for machines
AT_ONCE = 1.0  # second, on a busy machine
WELL_AGAIN = 5.0
LAST_STATE = ("/", "/peta/", "/transparansi/", "/en/peta/", "/api/v1/angka/", "/api/v1/peta/")
AWAY = ("/lokasi/", "/peta/?jenis=rw", "/transparansi/?sampai=2020-05-27", "/data/lokasi.csv", "/readyz")


@pytest.fixture
def server():
    started = Server(KEPT)
    yield started
    started.stop()


@pytest.fixture
def portal(server, tmp_path):
    made = Portal(tmp_path / "var", DEMO="0", PROMISE_LIMIT="0", DATABASE_URL=server.url).start()
    yield made
    made.stop()


def until_kept(portal):
    """Return once run_jobs has kept the pages that must outlive the database."""
    limit = time.monotonic() + 30
    while len(list((portal.var / "terakhir").glob("*.djcache"))) < KEPT_PAGES:
        assert time.monotonic() < limit
        time.sleep(0.1)


def assert_told_at_once(portal):
    """Pages answer at once: the last state where there is one, "come again" elsewhere; the process is alive."""
    for path in LAST_STATE:
        status, headers, text, seconds = portal.ask(path)
        assert status == 200, path
        assert seconds < AT_ONCE, path
        assert "Data per" in text or path.startswith(("/en/", "/api/"))
        assert headers["Last-Modified"] or '"dibuat"' in text
    for path in AWAY:
        status, headers, _text, seconds = portal.ask(path)
        assert (path, status, headers["Retry-After"]) == (path, 503, "120")
        assert seconds < AT_ONCE, path
    assert portal.ask("/healthz")[0] == 200


def seconds_until_well(portal):
    """Return how long it takes until a page that needs the database answers."""
    began = time.monotonic()
    while portal.ask("/lokasi/")[0] != 200:
        assert time.monotonic() - began < 60
    return time.monotonic() - began


def test_a_restart_under_load_costs_nothing_but_its_time(server, portal):
    storm = Storm(portal.url, killed.lay(portal, PLACES, QUANTITY), patient=True)
    until_kept(portal)
    storm.start()
    for _twice in range(2):
        time.sleep(2)
        server.kill()
        portal.ask("/lokasi/")
        assert_told_at_once(portal)
        time.sleep(3)
        server.start()
        took = seconds_until_well(portal)
        print(f"well again {took:.2f} s after the database")
        assert took < WELL_AGAIN
    time.sleep(2)
    tally = storm.finish()
    assert tally.broken > 0
    assert len(tally.acknowledged) > 20
    assert_nothing_over_lost_or_double(portal, tally)
    assert "Data per" not in portal.ask("/peta/")[2]


def test_without_a_database_for_a_minute_the_portal_lives_and_comes_back(server, portal):
    until_kept(portal)
    before = portal.ask("/api/v1/peta/")[2]
    server.kill()
    limit = time.monotonic() + 45
    while time.monotonic() < limit:
        assert_told_at_once(portal)
        time.sleep(5)
    server.start()
    assert seconds_until_well(portal) < WELL_AGAIN
    killed.lay(portal, 1, 10)
    limit = time.monotonic() + 30  # run_jobs is well again too: it draws the map anew
    while portal.ask("/api/v1/peta/")[2] == before:
        assert time.monotonic() < limit
        time.sleep(0.5)
    assert portal.log.read_text().count("Traceback") == 0
