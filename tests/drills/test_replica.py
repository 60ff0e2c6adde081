"""A streaming replica: public pages are read there, nobody sees less than she did, and it takes over without a loss."""

import secrets
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urlsplit

import pytest

from tests import killed
from tests.portal import Portal
from tests.postgres import KEPT, Server
from tests.storm import Storm
from tests.test_killed_workers import assert_nothing_over_lost_or_double

pytestmark = pytest.mark.postgresql
LOUD = KEPT + " -c log_statement=all -c wal_retrieve_retry_interval=500ms"


@pytest.fixture
def pair():
    """Return (primary, replica), streaming."""
    primary = Server(LOUD)
    replica = Server(LOUD, of=primary)
    yield primary, replica
    replica.stop()
    primary.stop()


@pytest.fixture
def portal(pair, tmp_path):
    """A portal without the demo that writes to the primary and reads from the replica."""
    primary, replica = pair
    settings = {"DATABASE_URL": primary.url, "DATABASE_REPLICA_URL": replica.url}
    server = Portal(tmp_path / "var", DEMO="0", PROMISE_LIMIT="0", WORKERS="1", **settings).start()
    yield server
    server.stop()


def status(url):
    """Return the status of a page."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def until(condition, seconds=15):
    """Return whether a condition comes true in that time."""
    limit = time.monotonic() + seconds
    while not (held := condition()) and time.monotonic() < limit:
        time.sleep(0.05)
    return held


def new_search():
    """Return a word that nobody looked for before, and the page that looks for it: it is not kept ready."""
    word = secrets.token_hex(8)
    return word, f"/lokasi/?q={word}"


def read_on(pair, portal):
    """Open a new page once and return the names of the servers that were asked for what it shows."""
    word, path = new_search()
    assert status(portal.url + path) == 200
    return {name for name, server in zip(("primary", "replica"), pair, strict=True) if word in server.log.read_text()}


class Donor:
    """A browser that promises one package at a place and keeps its cookies."""

    def __init__(self, portal, code):
        self.portal, self.code = portal, code
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path, form=None):
        with self.browser.open(self.portal.url + path, urlencode(form).encode() if form else None, 60) as answer:
            return urlsplit(answer.url).path, answer.read().decode()

    def promise(self):
        """Promise three packages; return (path, text) of the page that follows."""
        path = f"/beri-bantuan/?lokasi={self.code}"
        form = Storm._fill(self.open(path)[1], 3, "donatur@contoh.id")
        return self.open(path, form)


def test_public_pages_are_read_on_the_replica_and_on_the_primary_while_it_is_behind_or_gone(pair, portal):
    primary, replica = pair
    assert until(lambda: read_on(pair, portal) == {"replica"})
    replica.ask("SELECT pg_wal_replay_pause()")
    primary.ask("SELECT pg_current_xact_id()")
    assert until(lambda: read_on(pair, portal) == {"primary"})
    replica.ask("SELECT pg_wal_replay_resume()")
    assert until(lambda: read_on(pair, portal) == {"replica"})
    replica.kill()
    assert {read_on(pair, portal).pop() for _ in range(20)} == {"primary"}
    replica.start()
    assert until(lambda: read_on(pair, portal) == {"replica"})
    for page in ("/", "/peta/", "/transparansi/", "/data/lokasi.csv", "/api/v1/lokasi/", "/api/v1/angka/"):
        assert status(portal.url + page) == 200
    primary.kill()
    assert until(lambda: status(portal.url + new_search()[1]) == 200)
    assert {status(portal.url + new_search()[1]) for _ in range(20)} == {200}


def test_a_donor_sees_her_promise_at_once_and_everybody_within_a_second(pair, portal):
    _primary, replica = pair
    [code] = killed.lay(portal, 1, 400)
    assert until(lambda: read_on(pair, portal) == {"replica"})
    replica.ask("SELECT pg_wal_replay_pause()")
    donor = Donor(portal, code)
    path, page = donor.promise()
    began = time.monotonic()
    assert path.startswith("/komitmen-saya/")
    assert "3 paket" in page
    assert read_on(pair, portal)
    while '"sisa_kebutuhan":397' not in portal.ask(f"/api/v1/lokasi/{code}/")[2]:
        assert time.monotonic() - began < 1


def test_no_acknowledged_promise_is_lost_when_the_standby_takes_over(pair, tmp_path):
    primary, standby = pair
    primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.ask("SELECT pg_reload_conf()")
    assert until(lambda: primary.ask("SELECT sync_state FROM pg_stat_replication") == [("sync",)])
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    url = f"postgres://ksbb@{hosts}/postgres?target_session_attrs=read-write"
    portal = Portal(tmp_path / "var", DEMO="0", PROMISE_LIMIT="0", DATABASE_URL=url).start()
    try:
        storm = Storm(portal.url, killed.lay(portal, 10, 400), patient=True)
        storm.start()
        assert until(lambda: len(storm.tally.acknowledged) > 30, 60)
        primary.kill()
        before = len(storm.tally.acknowledged)
        standby.call("pg_ctl", "-D", standby.data, "-w", "promote")
        assert until(lambda: len(storm.tally.acknowledged) > before + 30, 60)
        assert_nothing_over_lost_or_double(portal, storm.finish())
    finally:
        portal.stop()
