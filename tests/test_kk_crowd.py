"""A crowd at the status check, over HTTP, on four workers of the real server: one check more than allowed never passes,
and an observer of time, size and headers learns nothing of any number.
"""

import contextlib
import http.client
import itertools
import random
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from donations.views.kk_check import CHECKS_AN_HOUR, FORM
from ksbb.core import challenge
from tests import killed
from tests.engines import own_database
from tests.hours import within_an_hour
from tests.keys import KEYS
from tests.kk_numbers import kk
from tests.portal import Portal
from tests.test_challenge import solve

FREE, AT_ONCE, CLIENTS = 10, 32, 24
PROXY = "127.0.0.1"  # trusted: it names the visitors
networks = itertools.count(1)
LOCKED = 1  # serials; the families after it are known too
FAMILIES = range(2, 130)
NOBODY = range(5_000, 5_128)
LAY = f"""
from django.utils import timezone
from donations.actions import households
from tests import factories
from tests.kk_numbers import kk
need, now = factories.need(5), timezone.now()
for serial in range({LOCKED}, {FAMILIES.stop}):
    family = households.Recipient(kk(serial))
    households.register(recipient=family, location=need.location, program=need.package.program, now=now)
made = factories.accepted(need, 2)
line = made.lines.select_related("need__package__program").get()
delivery = factories.deliver(made)
receiver = households.Recipient(kk({LOCKED}))
print(households.record_receipt(recipient=receiver, delivery=delivery, line=line, now=now)[1])
"""
WRONG = "AAAA2222"


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    with own_database() as settings:
        own = {"WORKERS": "4", "KK_LIMIT": str(FREE), "TRUSTED_PROXY": PROXY, "DEMO": "0", **KEYS}
        server = Portal(tmp_path_factory.mktemp("crowd") / "var", **settings, **own).start()
        yield server
        server.stop()


def send(connection, visitor, number, code="", proof=""):
    """Send one check in a visitor's name; return the answer and the length of its body."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": visitor}
    connection.request("POST", "/cek-kk/", urlencode({"kk": number, "kode": code, "bukti": proof}), headers)
    answer = connection.getresponse()
    return answer, len(answer.read())


def line(portal):
    """Return a connection that closes itself."""
    return contextlib.closing(http.client.HTTPConnection(portal.url.removeprefix("http://"), timeout=60))


# --- The throttle -----------------------------------------------------------------------------------------------------
def statuses(portal, addresses, proofs):
    """Ask once for each proof, all at once, from addresses in turn; return how often each status was answered."""

    def ask(turn):
        with line(portal) as connection:
            answer, _length = send(connection, addresses[turn % len(addresses)], kk(turn), proof=proofs[turn])
        return answer.status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(ask, range(len(proofs))))


def statuses_of_one_hour(portal, network, proofs):
    """Return the statuses of visitors whose checks all fell into one hour, and so into one count."""
    return within_an_hour(lambda: statuses(portal, network(next(networks)), proofs()))


def solved(count):
    """Return so many proofs for the portal's form; the first try solves each."""
    return [solve(challenge.issue(FORM, timezone.now())) for _ in range(count)]


def one_address(number):
    return [f"203.0.113.{number}"]


def one_network(number):
    """Return neighbours within one /64 of IPv6."""
    return [f"2001:db8:{number:x}:1::{host:x}" for host in range(1, 50)]


@pytest.fixture
def _easy(monkeypatch, settings):
    """Let the first try solve a challenge; those of the portal are signed with the same key."""
    monkeypatch.setattr(challenge.secrets, "randbelow", lambda most: 0)
    assert KEYS["SECRET_KEY"] == settings.SECRET_KEY


@pytest.mark.parametrize("network", [one_address, one_network])
def test_one_more_than_the_free_checks_never_passes(portal, network):
    counted = statuses_of_one_hour(portal, network, lambda: [""] * 64)
    assert counted == {200: FREE, 429: 64 - FREE}


def test_with_proofs_sixty_an_hour_pass_and_no_more(portal, _easy):
    counted = statuses_of_one_hour(portal, one_address, lambda: solved(96))
    assert counted == {200: CHECKS_AN_HOUR, 429: 96 - CHECKS_AN_HOUR}


def test_a_proof_passes_once_however_many_send_it_at_once(portal, _easy):
    """The free checks go to whoever comes first; of the others each proof lets one pass."""
    counted = statuses_of_one_hour(portal, one_address, lambda: solved(8) * 8)
    assert counted == {200: FREE + 8, 429: 64 - FREE - 8}


# --- The observer -----------------------------------------------------------------------------------------------------
def questions(code):
    """Return what is asked, in a random order: (kind, number, code). No family gets more than four wrong codes."""
    alone = [("hit", kk(serial), "") for serial in FAMILIES] * 10 + [("miss", kk(serial), "") for serial in NOBODY] * 10
    coded = [("wrong", kk(serial), WRONG) for serial in FAMILIES] * 2 + [("locked", kk(LOCKED), code)] * 384
    coded += [("unknown", kk(serial), WRONG) for serial in NOBODY] * 5
    return random.Random(4).sample(alone + coded, len(alone + coded))


class Observer(threading.Thread):
    """One client that asks and writes down, by kind of question, how long each answer took and how it looked."""

    def __init__(self, portal, asked, network):
        super().__init__()
        self.portal, self.asked, self.network = portal, asked, network
        self.seconds, self.looks = defaultdict(list), defaultdict(set)

    def run(self):
        with line(self.portal) as connection:
            for turn, question in enumerate(self.asked):
                self.ask(connection, f"{self.network}.{turn // FREE}", *question)

    def ask(self, connection, visitor, kind, number, code):
        began = time.perf_counter()
        answer, length = send(connection, visitor, number, code, proof="ada")
        self.seconds[kind].append(time.perf_counter() - began)
        headers = tuple(sorted((name, len(value)) for name, value in answer.getheaders()))
        self.looks[kind].add((answer.status, length, headers))


def observed(portal, asked):
    """Ask from many clients at once; return the seconds and the looks of the answers by kind of question."""
    place = next(networks)
    observers = [Observer(portal, asked[n::CLIENTS], f"10.{place}.{n}") for n in range(CLIENTS)]
    for observer in observers:
        observer.start()
    for observer in observers:
        observer.join()
    kinds = set().union(*(one.seconds for one in observers))
    seconds = {kind: list(itertools.chain.from_iterable(one.seconds[kind] for one in observers)) for kind in kinds}
    return seconds, {kind: set().union(*(one.looks[kind] for one in observers)) for kind in kinds}


def area_under_curve(hits, misses):
    """Return how often a random hit took longer than a random miss (0.5: they cannot be told apart)."""
    order = sorted([(seconds, 1) for seconds in hits] + [(seconds, 0) for seconds in misses])
    ranks = sum(rank for rank, (_, is_hit) in enumerate(order, 1) if is_hit)
    return (ranks - len(hits) * (len(hits) + 1) / 2) / (len(hits) * len(misses))


def test_the_measure_itself():
    assert area_under_curve([2, 3], [0, 1]) == 1
    assert area_under_curve([0, 3], [1, 2]) == 0.5


def test_neither_time_nor_size_nor_headers_tell_a_known_number_from_an_unknown_one(portal):
    (code,) = killed.shell(portal, LAY)
    observed(portal, [("locked", kk(LOCKED), WRONG)] * 5)
    seconds, looks = observed(portal, questions(code))
    assert len(set().union(*looks.values())) == 1
    assert len(seconds["hit"]) + len(seconds["miss"]) == 2_560
    # So many that chance alone goes beyond either limit, four of its standard deviations, once in 80,000 runs.
    assert abs(area_under_curve(seconds["hit"], seconds["miss"]) - 0.5) <= 0.05
    assert abs(area_under_curve(seconds["wrong"] + seconds["locked"], seconds["unknown"]) - 0.5) <= 0.07
