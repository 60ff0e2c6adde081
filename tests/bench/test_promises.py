"""Promises through HTTP: fifty writers, three lines each, on two cores that server, database and writers share."""

import itertools
import os
import random
import re
import secrets
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests import killed
from tests.bench.writers import drive
from tests.portal import Portal
from tests.postgres import Server
from tests.storm import answers

WRITERS, LINES, SECONDS, WARM_SECONDS = 50, 3, 8, 3
PLACES, PLENTY = 300, 1_000_000
MOST = 500 * SECONDS  # requests made ahead of time
# A server that keeps its word: nothing that was answered is lost when the power goes.
KEPT = "-c max_connections=100 -c shared_buffers=256MB -c max_wal_size=2GB"
# What is aimed at on two free cores; printed beside what came, since a rate belongs to a machine.
GOALS = {("postgresql", "hot"): 150, ("postgresql", "spread"): 350, ("sqlite", "hot"): 250, ("sqlite", "spread"): 250}
MOST_HELLOS = {"sqlite": 12, "postgresql": 18}  # what a promise may cost, in answers without any work
WORST_SECONDS = {"sqlite": 3, "postgresql": 10}

NEEDS = """
from locations.models import Need
for row in Need.objects.order_by("pk").values_list("location__code", "pk"):
    print(*row)
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def portal(request, tmp_path_factory):
    """A portal as it is shipped, with places that lack plenty."""
    server = Server(KEPT) if request.param == "postgresql" else None
    database = {"DATABASE_URL": server.url} if server else {}
    # A proxy in front tells the donors' addresses: each has its own.
    made = Portal(
        tmp_path_factory.mktemp("promises") / "var",
        DEMO="0",
        TRUSTED_PROXY="127.0.0.1",
        PROMISE_LIMIT="600",
        **database,
    )
    made.engine, made.server, made.promises = request.param, server, 0
    try:
        made.start()
        killed.lay(made, PLACES, PLENTY)
        yield made
    finally:
        made.stop()
        if server:
            server.stop()


# --- Requests ---------------------------------------------------------------------------------------------------------
class Donors:
    """Endless requests of new donors, each the last step of a form for three places."""

    def __init__(self, portal, places):
        self.host, self.places, self.sent = urlsplit(portal.url).netloc, places, itertools.count()
        with urllib.request.urlopen(portal.url + self._path(places[:LINES])) as answer:
            page = answer.read().decode()
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.run = secrets.token_hex(4)
        self.form = {**answers(page), "step": "3"}

    @staticmethod
    def _path(places):
        return "/beri-bantuan/?" + urlencode([*(("lokasi", code) for code, _need in places), ("program", "pangan")])

    def __iter__(self):
        return self

    def __next__(self):
        places, who = random.sample(self.places, LINES), f"{self.run}-{next(self.sent)}"
        form = {
            **self.form,
            **{f"need_{need}": 1 for _code, need in places},
            "name": f"Donatur {who}",
            "contact": f"{who}@contoh.id",
            "key": f"kunci-{who}",
        }
        body = urlencode(form)
        address = ".".join(str(random.randrange(1, 255)) for _part in range(4))
        return (
            f"POST {self._path(places)} HTTP/1.1\r\nHost: {self.host}\r\nX-Forwarded-For: {address}\r\n"
            f"Cookie: {self.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def is_confirmation(answer):
    """Tell whether an answer leads to the donor's private page."""
    return answer.startswith(b"HTTP/1.1 302") and re.search(rb"\r\nLocation: /komitmen-saya/[\w-]{27}/\r\n", answer)


# --- What it costs ----------------------------------------------------------------------------------------------------
def processor_seconds(*roots):
    """Return the time on processors of these processes and all they started, ended ones included."""
    ticks = 0
    for pid in _family(roots):
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, spent[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(pids):
    for pid in pids:
        yield pid
        yield from _family(killed.children(pid))


def roots(portal):
    """Return the portal's process and its database's."""
    server = [int((portal.server.data / "postmaster.pid").read_text().split()[0])] if portal.server else []
    return [portal.process.pid, *server]


def hello_cost(portal):
    """Return what an answer without any work costs, in milliseconds of processor."""
    request = f"GET /healthz HTTP/1.1\r\nHost: {urlsplit(portal.url).netloc}\r\n\r\n".encode()
    before = processor_seconds(*roots(portal))
    run = drive(portal.url, itertools.repeat(request), lambda answer: b" 200 " in answer[:20], seconds=3)
    return (processor_seconds(*roots(portal)) - before) / len(run.times) * 1000


# --- The bench --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["hot", "spread"])
def test_promises(portal, how):
    rows = killed.shell(portal, NEEDS)
    places = [*zip(rows[::2], rows[1::2], strict=True)]
    donors = Donors(portal, places[:LINES] if how == "hot" else places)
    warm = drive(portal.url, donors, is_confirmation, writers=WRITERS, seconds=WARM_SECONDS)
    hello = hello_cost(portal)
    prepared = itertools.chain([next(donors) for _each in range(MOST)], donors)
    spent, ours = processor_seconds(*roots(portal)), time.process_time()
    run = drive(portal.url, prepared, is_confirmation, writers=WRITERS, seconds=SECONDS)
    spent = (processor_seconds(*roots(portal)) - spent) / len(run.times) * 1000
    ours = (time.process_time() - ours) / len(run.times) * 1000
    print(
        f"\npromises {portal.engine} {how}: {run.rate:.0f}/s (goal {GOALS[portal.engine, how]}), "
        f"worst {run.worst:.2f} s; {spent:.2f} ms of processor ({spent / hello:.1f} × hello) "
        f"and {ours:.2f} ms for the writer; load {os.getloadavg()[0]:.1f}"
    )
    assert run.wrong == warm.wrong == []
    portal.promises += len(run.times) + len(warm.times)
    assert killed.kept(portal) == (portal.promises, portal.promises, LINES * portal.promises)
    assert portal.manage("verify_ledger") == ""
    assert spent <= MOST_HELLOS[portal.engine] * hello
    assert run.worst <= WORST_SECONDS[portal.engine]
