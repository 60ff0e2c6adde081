"""Figures about the portal for Prometheus: only for who has the token, added up over processes, about nobody."""

import pytest

from tests.keys import KEYS
from tests.portal import Portal

TOKEN = "only-for-tests-metrics-token-xxxxxxxxxxx"
# A process of its own: the library decides when it is imported whether figures are shared by processes.
ASK = """
from django.core.management import call_command
from django.test import Client
from ksbb.core import metrics

call_command("migrate", verbosity=0)
browser = Client(SERVER_NAME="localhost")
for path in ("/healthz", "/healthz", "/lokasi-saya/s3cr3t-l1nk/", "/nowhere-at-all/", "/static/nothing.css"):
    browser.get(path)
metrics.note_job("fold", True)
metrics.note_job("outbox", False)
for given in ("", "Bearer ", "Bearer wrong"):
    print(browser.get("/metrics", headers={"authorization": given}).status_code)
print(browser.get("/metrics", headers={"authorization": "Bearer TOKEN"}).content.decode())
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """What a portal answers that was asked for its figures."""
    own = {"DEMO": "0", "METRICS_TOKEN": TOKEN, "LOG_FORMAT": "json", "DEBUG": "1", **KEYS}
    portal = Portal(tmp_path_factory.mktemp("metrics") / "var", **own)
    portal.var.mkdir(exist_ok=True)  # without a prepared portal nobody made it
    return portal.manage("shell", "--verbosity", "0", "-c", ASK.replace("TOKEN", TOKEN))


def test_nobody_without_the_token_sees_them(asked):
    assert asked.split()[:3] == ["404"] * 3


def test_there_are_none_unless_they_are_wanted(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "line",
    [
        'ksbb_answers_total{method="GET",status="200",view="alive"} 2.0',
        'ksbb_answers_total{method="GET",status="404",view="none"} 1.0',
        'ksbb_answers_total{method="GET",status="404",view="static"} 1.0',
        'ksbb_answer_seconds_count{view="my_location"} 1.0',
        'ksbb_job_done_timestamp_seconds{job="fold"} ',
        'ksbb_job_failures_total{job="outbox"} 1.0',
        "ksbb_outbox_waiting 0.0",
        "ksbb_siaga 0.0",
    ],
)
def test_they_tell(asked, line):
    assert line in asked


def test_no_address_is_among_them(asked):
    assert "s3cr3t" not in asked
    assert "nowhere" not in asked
