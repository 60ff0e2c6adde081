"""Whoever reads an answer slowly keeps no connection, and no place among the readers of files, from the others."""

import runpy
import socket
from types import SimpleNamespace

import pytest
from django.db import connection

from ksbb.core import exports, line
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _places(monkeypatch):
    """Two may read a file at once, and nobody waits long."""
    monkeypatch.setattr(exports, "READERS", line.Line(2))
    monkeypatch.setattr(line, "LINE_SECONDS", 0.01)
    factories.accepted(factories.need(10), 3)


@pytest.mark.parametrize("path", ["/", "/lokasi/", "/api/v1/kolaborasi/", "/cek-kk/", "/kolaborasi/KSBB-2222-2222/"])
def test_an_answer_is_sent_without_a_connection_in_hand(client, path):
    client.get(path)
    assert connection.connection is None


def test_a_file_that_nobody_reads_on_holds_a_place_until_it_is_given_up(client):
    begun = client.get("/data/kolaborasi.csv")
    assert exports.READERS.places == 1
    begun.close()
    assert exports.READERS.places == 2


def test_slow_readers_of_files_keep_pages_free_and_others_are_told_when_to_come_again(client):
    client.raise_request_exception = False
    with exports.READERS, exports.READERS:
        refused = client.get("/data/kolaborasi.json")
        assert (refused.status_code, refused["Retry-After"]) == (503, "120")
        assert client.get("/kolaborasi/").status_code == 200
    assert b"KSBB-" in b"".join(client.get("/data/kolaborasi.csv").streaming_content)


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_a_file_read_to_its_end_gives_its_place_back(client, ending):
    for _ in range(3):
        assert b"".join(client.get(f"/data/kolaborasi.{ending}").streaming_content)


def test_who_takes_too_long_is_cut_off_in_the_middle(client, monkeypatch):
    monkeypatch.setattr(exports, "LONGEST", -1)
    with pytest.raises(exports.TooSlow):
        b"".join(client.get("/data/kolaborasi.csv").streaming_content)
    assert exports.READERS.places == 2


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux hangs up by itself")
def test_who_reads_nothing_more_is_hung_up_on():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        runpy.run_path("gunicorn.conf.py")["hang_up"]([SimpleNamespace(sock=listener)])
        with socket.create_connection(listener.getsockname()) as _reader, listener.accept()[0] as answering:
            assert answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
