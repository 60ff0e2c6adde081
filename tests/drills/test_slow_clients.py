"""400 clients that never finish what they ask, or are refused all at once: everybody else is served."""

import itertools
import socket
import threading
from urllib.parse import urlsplit

import pytest

from tests.portal import Portal

pytestmark = pytest.mark.sqlite
SLOW = 400
SERVED = 1.0  # second, the worst of ASKED
CROWDED = 3.0  # beside as many who are answered at the same moment
ASKED = 40
PATHS = ("/", "/peta/", "/lokasi/", "/healthz")
HEAD = b"GET /peta/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /cek-kk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nx"
)
# A form without the token that its page would have set.
REFUSED = (
    b"POST /beri-bantuan/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1"
)


class Dribble(threading.Thread):
    """Sends one more byte on each line every second, so that none is idle and none ever done."""

    def __init__(self, lines):
        super().__init__()
        self.lines, self.stop, self.cut = lines, threading.Event(), 0

    def run(self):
        while not self.stop.wait(1):
            for line in self.lines:
                try:
                    line.send(b"x")
                except OSError:
                    self.cut += 1


@pytest.fixture
def portal(tmp_path):
    made = Portal(tmp_path / "var", DEMO="0").start()
    yield made
    made.stop()


def test_a_normal_request_is_served_beside_400_slow_ones(portal):
    place = urlsplit(portal.url)
    lines = [socket.create_connection((place.hostname, place.port)) for _ in range(SLOW)]
    for line, first in zip(lines, itertools.cycle((HEAD, BODY)), strict=False):
        line.send(first)
    dribble = Dribble(lines)
    dribble.start()
    try:
        worst = max(_served(portal, path) for path in PATHS * (ASKED // len(PATHS)))
    finally:
        dribble.stop.set()
        dribble.join()
        for line in lines:
            line.close()
    print(f"worst of {ASKED} beside {SLOW} slow clients: {worst:.3f} s")
    assert dribble.cut == 0
    assert worst < SERVED


def test_a_normal_request_is_served_beside_400_forms_refused_at_once(portal):
    place = urlsplit(portal.url)
    for path in PATHS * 4:  # both workers have read their code and templates
        _served(portal, path)
    lines = [socket.create_connection((place.hostname, place.port)) for _ in range(SLOW)]
    for line in lines:
        line.send(REFUSED)
    try:
        worst = max(_served(portal, path) for path in PATHS * (ASKED // len(PATHS)))
        answers = {line.recv(12) for line in lines}
    finally:
        for line in lines:
            line.close()
    print(f"worst of {ASKED} beside {SLOW} forms that are refused: {worst:.3f} s")
    assert answers == {b"HTTP/1.1 403"}
    assert worst < CROWDED


def _served(portal, path):
    status, _headers, _text, seconds = portal.ask(path)
    assert status == 200, path
    return seconds
