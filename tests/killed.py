"""Laying out places for a portal of a test's own, and killing its workers while they work."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.portal import ROOT

LAY = """
from tests import factories
for rw in range(1, {places} + 1):
    print(factories.need({quantity}, at=factories.location(rw)).location.code)
"""
READ = """
from django.db.models import Sum
from donations.models import Commitment, CommitmentLine, IdempotencyKey
print(Commitment.objects.count(), IdempotencyKey.objects.count())
print(CommitmentLine.objects.aggregate(sum=Sum("reserved"))["sum"])
"""


def shell(portal, code):
    """Run a few lines of Python in the portal's surroundings; return what they print."""
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=portal.environment, check=True, capture_output=True, text=True
    ).stdout.split()


def lay(portal, places, quantity):
    """Give the portal `places` RWs that lack `quantity` packages each; return their codes."""
    return shell(portal, LAY.format(places=places, quantity=quantity))


def kept(portal):
    """Return (commitments, keys, packages promised) in the portal's database."""
    return tuple(map(int, shell(portal, READ)))


def children(pid):
    """Return the processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def workers(portal):
    """Return the gunicorn workers of a portal: the grandchildren that have a brother."""
    families = [children(child) for child in children(portal.process.pid)]
    return max(families, key=len)


class Killer(threading.Thread):
    """Kills a worker with SIGKILL every `pause` seconds until `stop` is set."""

    def __init__(self, portal, pause):
        super().__init__()
        self.portal, self.pause, self.stop, self.killed = portal, pause, threading.Event(), 0

    def run(self):
        while not self.stop.wait(self.pause):
            for pid in workers(self.portal)[:1]:
                with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                    os.kill(pid, signal.SIGKILL)
                    self.killed += 1
