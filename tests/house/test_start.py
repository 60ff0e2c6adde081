"""`make run` as a whole, without the demo: it comes up, comes up again, keeps its data and ends in one line."""

import os
import signal
import stat

import pytest

from tests.portal import Portal


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal that was started once and stopped by Ctrl-C."""
    made = Portal(tmp_path_factory.mktemp("start") / "var", fresh=True, DEMO="0").start()
    yield made
    if made.process.poll() is None:
        made.stop()


def test_it_starts_stops_and_starts_again(portal):
    secrets = (portal.var / "env").read_text()
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(30) == 0
    log = portal.log.read_text()
    assert log.rstrip().endswith("Stopped.")
    assert "Traceback" not in log
    portal.start()
    assert (portal.var / "env").read_text() == secrets
    assert "Migrating" not in portal.log.read_text()
    assert f"KSBB is ready:  {portal.url}/" in portal.log.read_text()


def test_what_it_writes_is_for_its_owner(portal):
    assert stat.S_IMODE(portal.var.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((portal.var / "env").stat().st_mode) == 0o600


def test_when_the_server_is_killed_the_launcher_ends_and_says_so(portal):
    server = next(pid for pid in children(portal.process.pid) if "gunicorn" in command_of(pid))
    os.kill(server, signal.SIGKILL)
    assert portal.process.wait(30) == 1
    last = portal.log.read_text().rstrip().splitlines()[-1]
    assert last.startswith("gunicorn ended")


def children(pid):
    """Return the process ids of a process's children."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(each) for each in file.read().split()]


def command_of(pid):
    """Return the command line of a process."""
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read()
