"""A mail server that is away: promises go on, and every message arrives once it is back."""

import time

import pytest

from tests import killed
from tests.engines import own_database
from tests.mail_server import MailServer
from tests.portal import Portal
from tests.storm import Storm
from tests.test_killed_workers import assert_nothing_over_lost_or_double

LONGEST = 60  # seconds until a message is out after an absence of a quarter of a minute: the longest pause was 20
WAITING = """
from ksbb.core.models import OutboxMessage
print(OutboxMessage.objects.count(), OutboxMessage.objects.filter(sent_at=None).count())
"""


@pytest.fixture
def mail():
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def portal(mail, tmp_path):
    with own_database() as settings:
        made = Portal(tmp_path / "var", DEMO="0", PROMISE_LIMIT="0", EMAIL_URL=mail.url, **settings).start()
        yield made
        made.stop()


def waiting(portal):
    """Return (messages, messages that wait)."""
    return tuple(map(int, killed.shell(portal, WAITING)))


def test_promises_go_on_and_nothing_is_lost(mail, portal):
    storm = Storm(portal.url, killed.lay(portal, 10, 400), clients=4)
    storm.start()
    time.sleep(8)
    tally = storm.finish()
    made = len(tally.acknowledged)
    assert made > 20
    messages, held = waiting(portal)
    assert messages == held >= made
    assert portal.ask("/readyz")[0] == 200
    mail.start()
    began = time.monotonic()
    while waiting(portal)[1]:
        assert time.monotonic() - began < LONGEST
    print(f"{messages} messages out {time.monotonic() - began:.0f} s after the mail server was back")
    names = [message["Message-ID"] for message in mail.messages]
    assert len(names) == len(set(names)) == messages
    assert_nothing_over_lost_or_double(portal, tally)
    assert "mail server away" in portal.log.read_text()
