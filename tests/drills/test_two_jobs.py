"""run_jobs killed with SIGKILL and started again beside a second one: one of them works, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests import killed
from tests.engines import own_database
from tests.mail_server import MailServer
from tests.portal import ROOT, Portal

DUE = 150
TURNS = 8
LAY = f"""
from datetime import timedelta
from django.utils import timezone
from tests import factories
need, now = factories.need(1000), timezone.now()
for number in range({DUE}):
    by = factories.giver(f"donatur{{number}}@contoh.id")
    factories.promise(need, 1, by=by, now=now - timedelta(hours=25))
"""
COUNT = """
from django.db.models import Count
from donations.models import Commitment, EntryKind, LedgerEntry
from ksbb.core.models import AuditEntry, OutboxMessage
lapsed = LedgerEntry.objects.filter(kind=EntryKind.LAPSED)
print(Commitment.objects.filter(state="kedaluwarsa").count(), lapsed.count(), lapsed.values("line").distinct().count())
print(AuditEntry.objects.filter(kind="period.opened").count())
print(OutboxMessage.objects.count(), OutboxMessage.objects.filter(sent_at=None).count())
"""


@pytest.fixture
def mail():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def portal(mail, tmp_path):
    """A portal's surroundings, prepared and stopped again: the drill starts run_jobs itself."""
    with own_database() as settings:
        made = Portal(tmp_path / "var", DEMO="0", EMAIL_URL=mail.url, **settings).start()
        made.stop()
        yield made


class Jobs:
    """One run_jobs; its words lie in `log`."""

    def __init__(self, portal, log):
        self.log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run_jobs"], cwd=ROOT, env=portal.environment, stdout=file, stderr=file
            )

    def end(self, sign):
        os.kill(self.process.pid, sign)
        self.process.wait(10)


def counts(portal):
    return tuple(map(int, killed.shell(portal, COUNT)))


def test_whatever_dies_everything_is_done_once(portal, mail, tmp_path):
    killed.shell(portal, LAY)
    running = []
    for turn in range(TURNS):
        running.append(Jobs(portal, tmp_path / f"{turn}.log"))
        time.sleep(1.5)
        if len(running) > 2:
            running.pop(0).end(signal.SIGKILL)
    limit = time.monotonic() + 60
    while counts(portal)[0] < DUE or counts(portal)[-1]:
        assert time.monotonic() < limit, counts(portal)
    for jobs in running:
        jobs.end(signal.SIGTERM)
    expired, entries, lines, weeks, messages, held = counts(portal)
    assert (expired, entries, lines, held) == (DUE, DUE, DUE, 0)
    assert weeks == 1
    assert len({message["Message-ID"] for message in mail.messages}) == messages
    assert len(mail.messages) <= messages + TURNS  # sent, and killed before it was noted
    assert portal.manage("verify_ledger") == ""
    assert any("another run_jobs is at work" in jobs.log.read_text() for jobs in running)
