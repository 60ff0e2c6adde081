"""A full disk: what is sent is refused whole, everything stays readable, and it goes on once there is room.

PostgreSQL's tables lie on the small disk, its write-ahead log does not: without room for that it stops by itself, which
is a database that is away (test_database_away.py).
"""

import contextlib
import os
import subprocess
import time

import pytest

from tests import killed
from tests.portal import Portal
from tests.postgres import ORDINARY, Server
from tests.storm import Storm
from tests.test_killed_workers import assert_nothing_over_lost_or_double

SIZE = "96m"
READ = ("/", "/peta/", "/lokasi/", "/transparansi/?sampai=2020-05-27", "/api/v1/lokasi/", "/data/lokasi.csv", "/readyz")


@contextlib.contextmanager
def small(folder, owner="root"):
    """Let a folder be a small disk of its own while the block runs."""
    try:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},uid={owner}", "tmpfs", folder]
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def disk(engine, tmp_path):
    """A small disk: for the database, the photographs and the log, or on PostgreSQL for its tables alone."""
    if engine == "sqlite":
        with small(tmp_path) as disk:
            yield disk, {}
        return
    server = Server()
    folder = server.folder / "disk"
    folder.mkdir()
    with small(folder, ORDINARY) as disk:
        server.ask(f"CREATE TABLESPACE small LOCATION '{disk}'")
        server.ask("CREATE DATABASE small TABLESPACE small")
        yield disk, {"DATABASE_URL": f"{server.url.rpartition('/')[0]}/small"}
        server.stop()


@pytest.fixture
def portal(disk, tmp_path):
    made = Portal(tmp_path / "var", DEMO="0", PROMISE_LIMIT="0", **disk[1]).start()
    yield made
    made.stop()


@contextlib.contextmanager
def filled(disk):
    """Leave not a byte free on the disk while the block runs."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    assert os.statvfs(disk).f_bavail == 0
    yield
    ballast.unlink()


def until_refused(storm, seconds=60):
    """Return once a client was told to come again."""
    limit = time.monotonic() + seconds
    while not storm.tally.broken:
        assert time.monotonic() < limit
        time.sleep(0.1)


def test_nothing_is_half_done_and_everything_can_be_read(disk, portal):
    codes = killed.lay(portal, 10, 400)
    storm = Storm(portal.url, codes, clients=4, patient=True)
    storm.start()
    time.sleep(2)
    with filled(disk[0]):
        until_refused(storm)
        for path in READ:
            assert portal.ask(path)[0] == 200, path
        one = Storm(portal.url, codes, clients=1)
        one.start()
        while not one.tally.faults:
            time.sleep(0.05)
        assert one.finish().faults[0][0] == 503
        assert "Belum tersimpan" in one.tally.faults[0][1]
        assert portal.ask("/healthz")[0] == 200
    before = len(storm.tally.acknowledged)
    time.sleep(3)
    tally = storm.finish()
    assert len(tally.acknowledged) > before
    tally.acknowledged |= one.tally.acknowledged
    assert_nothing_over_lost_or_double(portal, tally)
    assert portal.log.read_text().count("Traceback") == 0
