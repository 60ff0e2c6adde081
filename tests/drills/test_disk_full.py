"""A full disk: what is sent is refused whole, everything stays readable, and it goes on once there is room."""

import contextlib
import os
import subprocess
import time

import pytest

from tests import killed
from tests.portal import Portal
from tests.storm import Storm
from tests.test_killed_workers import assert_nothing_over_lost_or_double

pytestmark = pytest.mark.sqlite
SIZE = "96m"
READ = ("/", "/peta/", "/lokasi/", "/transparansi/?sampai=2020-05-27", "/api/v1/lokasi/", "/data/lokasi.csv", "/readyz")


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own, for database, media and log."""
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", tmp_path], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


@pytest.fixture
def portal(disk):
    made = Portal(disk / "var", DEMO="0", PROMISE_LIMIT="0").start()
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
    """Return how many clients were told to come again, once one was."""
    limit = time.monotonic() + seconds
    while not storm.tally.broken:
        assert time.monotonic() < limit
        time.sleep(0.1)


def test_nothing_is_half_done_and_everything_can_be_read(disk, portal):
    codes = killed.lay(portal, 10, 400)
    storm = Storm(portal.url, codes, clients=4, patient=True)
    storm.start()
    time.sleep(2)
    with filled(disk):
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
    assert portal.log.read_text().count("Traceback") < 30
