"""What an observer of the status check's time learns: nothing. Measured over HTTP against the real server."""

import contextlib
import http.client
import threading
import time
from urllib.parse import urlencode

import pytest

from tests import killed
from tests.engines import own_database
from tests.portal import Portal

REQUESTS, CLIENTS = 2_048, 16
HIT, MISS = "3174050000000001", "3174050000009999"
LAY = f"""
from django.utils import timezone
from donations.actions import households
from tests import factories
need = factories.need(5)
family = households.Recipient("{HIT}")
households.register(recipient=family, location=need.location, program=need.package.program, now=timezone.now())
"""


@pytest.fixture
def portal(tmp_path):
    with own_database() as settings:
        server = Portal(tmp_path / "var", DEMO="0", **{**settings, "KK_LIMIT": "0"}).start()
        killed.shell(server, LAY)
        yield server
        server.stop()


class Observer(threading.Thread):
    """One client that asks for a known and an unknown number in turn and writes down how long each answer took."""

    def __init__(self, url, first):
        super().__init__()
        self.host, self.first = url.removeprefix("http://"), first
        self.seconds = {HIT: [], MISS: []}
        self.seen = set()

    def run(self):
        with contextlib.closing(http.client.HTTPConnection(self.host, timeout=60)) as connection:
            for turn in range(REQUESTS // CLIENTS):
                self.ask(connection, (HIT, MISS)[(turn + self.first) % 2])

    def ask(self, connection, number):
        body = urlencode({"kk": number, "kode": "", "bukti": "ada"})
        began = time.perf_counter()
        connection.request("POST", "/cek-kk/", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        size = len(answer.read())
        self.seconds[number].append(time.perf_counter() - began)
        self.seen.add((answer.status, size, tuple(sorted(name for name, _ in answer.getheaders()))))


def area_under_curve(hits, misses):
    """Return how often a random hit took longer than a random miss (0.5: they cannot be told apart)."""
    order = sorted([(seconds, 1) for seconds in hits] + [(seconds, 0) for seconds in misses])
    ranks = sum(rank for rank, (_, is_hit) in enumerate(order, 1) if is_hit)
    return (ranks - len(hits) * (len(hits) + 1) / 2) / (len(hits) * len(misses))


def test_the_measure_itself():
    assert area_under_curve([2, 3], [0, 1]) == 1
    assert area_under_curve([0, 3], [1, 2]) == 0.5


def test_neither_time_nor_size_nor_headers_tell_a_known_number_from_an_unknown_one(portal):
    observers = [Observer(portal.url, first) for first in range(CLIENTS)]
    for observer in observers:
        observer.start()
    for observer in observers:
        observer.join()
    hits, misses = ([each for one in observers for each in one.seconds[number]] for number in (HIT, MISS))
    assert len(hits) + len(misses) == REQUESTS
    assert len(set().union(*(one.seen for one in observers))) == 1
    assert abs(area_under_curve(hits, misses) - 0.5) <= 0.05
