"""Twenty-four clients ask for a file and do not read on: no page waits for the few connections to PostgreSQL."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.portal import Portal
from tests.postgres import Server

pytestmark = pytest.mark.postgresql
SLOW, CONNECTIONS = 24, 4
SERVED = 1.0  # second, the worst of ASKED
ASKED = 40
PATHS = ("/", "/lokasi/", "/kolaborasi/", "/readyz")
FILE = "/data/kolaborasi.json"  # more than lies on the way between two sockets


@pytest.fixture
def portal(tmp_path):
    server = Server()
    made = Portal(tmp_path / "var", DEMO="1", DATABASE_URL=server.url, DATABASE_POOL_SIZE=str(CONNECTIONS)).start()
    yield made
    made.stop()
    server.stop()


def ask_and_wait(portal):
    """Ask for the file through a narrow socket and leave the answer where it is."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    place = urlsplit(portal.url)
    line.connect((place.hostname, place.port))
    line.send(f"GET {FILE} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
    return line


def served(portal, path):
    """Return in how many seconds a page that is not a refusal came."""
    status, _headers, _text, seconds = portal.ask(path)
    assert status == 200, path
    return seconds


def test_pages_are_served_beside_who_does_not_read_her_file(portal):
    for path in PATHS * 4:  # both workers have read their code and templates
        served(portal, path)
    lines = [ask_and_wait(portal) for _ in range(SLOW)]
    try:
        begun = lines[0].recv(12)
        worst = max(served(portal, path) for path in PATHS * (ASKED // len(PATHS)))
        answers = [begun, *(line.recv(12) for line in lines[1:])]
    finally:
        for line in lines:
            line.close()
    print(f"worst of {ASKED} beside {SLOW} slow readers: {worst:.3f} s")
    assert set(answers) == {b"HTTP/1.1 200", b"HTTP/1.1 503"}  # some read at once, the others are told to come again
    assert worst < SERVED
