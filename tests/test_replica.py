"""Which requests read from a replica, and when it is trusted. The drill does it with two servers."""

import time

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from donations.views.privately import private_page
from ksbb.core import replica
from ksbb.core.replica import COOKIE, LAG_SECONDS, ReplicaMiddleware, Watch
from ksbb.core.source import PRIMARY, REPLICA, Router, source

ASK = RequestFactory()


@pytest.fixture
def watch(settings, monkeypatch):
    """A watch that has just seen the replica hold everything, beside settings that name a replica."""
    monkeypatch.setitem(settings.DATABASES, REPLICA, {})
    watch = Watch()
    watch.thread, watch.complete_at = "none of its own", time.monotonic() + 60
    monkeypatch.setattr(replica, "watch", watch)
    return watch


def answered(request, status=200, view=None):
    """Return (the answer, the databases that were read for it, in order)."""
    read = []

    def inner(request):
        read.append(source())
        return view(request) if view else HttpResponse(status=status)

    return ReplicaMiddleware(inner)(request), read


def test_a_public_page_is_read_on_the_replica(watch):
    assert answered(ASK.get("/peta/"))[1] == [REPLICA]
    assert source() == PRIMARY


def test_everything_else_is_read_on_the_primary(watch):
    just_sent = ASK.get("/peta/")
    just_sent.COOKIES[COOKIE] = "1"
    for request in (ASK.post("/beri-bantuan/"), ASK.get("/admin/"), ASK.get("/readyz"), just_sent):
        assert answered(request)[1] == [PRIMARY]
    watch.distrust()
    assert answered(ASK.get("/peta/"))[1] == [PRIMARY]


def test_what_the_replica_fails_to_answer_is_asked_of_the_primary_once(watch):
    assert answered(ASK.get("/peta/"), status=503)[1] == [REPLICA, PRIMARY]
    assert answered(ASK.get("/peta/"), status=503)[1] == [PRIMARY]  # it has to prove itself anew


def test_a_private_page_is_read_on_the_primary_and_asked_for_once(watch):
    read = []

    @private_page
    def view(request):
        read.append(source())
        return HttpResponse(status=503)

    answered(ASK.get("/komitmen-saya/x/"), view=view)
    assert read == [PRIMARY]


def test_a_body_that_is_streamed_is_read_where_it_began(watch):
    def view(request):
        return StreamingHttpResponse(source() for _ in range(2))

    answer, _read = answered(ASK.get("/data/lokasi.csv"), view=view)
    assert list(answer) == [REPLICA.encode()] * 2
    assert source() == PRIMARY


@pytest.mark.parametrize(("status", "marked"), [(302, True), (200, False), (422, False)])
def test_who_has_sent_a_form_is_marked_for_a_moment(watch, status, marked):
    answer, _read = answered(ASK.post("/beri-bantuan/"), status=status)
    assert (COOKIE in answer.cookies) is marked


def test_nothing_is_written_to_the_replica_and_nothing_migrated_there():
    assert Router().db_for_write(None) == PRIMARY
    assert Router().allow_migrate(PRIMARY, "donations")
    assert not Router().allow_migrate(REPLICA, "donations")


# --- When it is trusted -----------------------------------------------------------------------------------------------
class Two(Watch):
    """A watch over two servers that say what a test lets them say; None: it cannot be asked."""

    def __init__(self, end=100, replayed=100, away=False):
        super().__init__()
        self.thread, self.says, self.away = "none of its own", {PRIMARY: end, REPLICA: replayed}, away

    def _ask(self, alias, sql):
        return self.says[alias]

    def _is_away(self, alias):
        return self.away


def test_it_is_trusted_once_it_has_replayed_what_the_primary_had():
    both = Two()
    both.look()
    assert not both.keeps_up()  # nothing is known yet that it should have
    both.look()
    assert both.keeps_up()


def test_it_is_trusted_as_of_the_moment_whose_end_it_has_replayed():
    both = Two()
    both.look()
    both.says[PRIMARY] = 200
    both.look()
    proved = both.complete_at
    both.look()
    assert both.complete_at == proved  # it has 100, not yet 200
    both.says[REPLICA] = 200
    both.look()
    assert proved < both.complete_at <= time.monotonic()


def test_it_is_not_trusted_longer_than_a_moment_after_its_last_proof():
    both = Two()
    both.complete_at = time.monotonic() - LAG_SECONDS
    assert not both.keeps_up()


@pytest.mark.parametrize(
    ("end", "replayed", "away", "trusted"),
    [(None, 100, True, True), (None, 100, False, False), (100, None, True, False)],
)
def test_it_is_trusted_alone_only_when_nobody_can_write(end, replayed, away, trusted):
    both = Two(end, replayed, away)
    both.look()
    assert both.keeps_up() is trusted
