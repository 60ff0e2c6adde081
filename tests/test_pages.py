"""Finished public pages: made once for one state of the data, packed, and never the same after a change."""

import gzip
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import brotli
import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from ksbb.core import pages, version
from ksbb.core.pages import fresh
from locations.filters import LocationFilters
from tests import factories
from tests.test_concurrency import in_threads

pytestmark = pytest.mark.django_db
BODY = "Masih dibutuhkan 35 paket. " * 50


@pytest.fixture(autouse=True)
def _pages_are_kept(settings):
    settings.CACHES = {**settings.CACHES, "pages": settings.PAGES_KEPT}
    caches["pages"].clear()


def counting(status=200):
    """Return a view that counts how often it is asked."""

    @fresh(takes=LocationFilters)
    def view(request):
        view.asked += 1
        return HttpResponse(BODY, status=status, headers={"X-Mark": "kept"})

    view.asked = 0
    return view


def get(view, path="/lokasi/", **headers):
    return view(RequestFactory().get(path, headers=headers))


def test_a_page_is_made_once_while_the_data_stand_still():
    view = counting()
    first, again = get(view), get(view)
    assert (first.content, first["X-Mark"], first["ETag"]) == (again.content, again["X-Mark"], again["ETag"])
    assert view.asked == 1


def test_a_crowd_that_asks_at_once_waits_for_one_to_make_the_page():
    two_inside, made = Barrier(2), []

    @fresh
    def view(request):
        made.append(request)
        with suppress(BrokenBarrierError):
            two_inside.wait(0.3)  # only a second thread in here could end this sooner
        return HttpResponse(BODY)

    version.data_version()
    in_threads(lambda reader: get(view).content, range(4))
    assert len(made) == 1


def test_another_address_is_another_page():
    view = counting()
    get(view)
    get(view, "/lokasi/?urut=nama")
    assert view.asked == 2


def test_a_parameter_that_the_page_does_not_know_is_no_other_page():
    view = counting()
    pages = [get(view, f"/lokasi/?urut=nama{stranger}") for stranger in ("", "&x=1", "&x=2&x=3&%C3%A9")]
    assert len({page["ETag"] for page in pages}) == view.asked == 1


@pytest.mark.parametrize("name", ["home", "about", "definitions", "aggregators", "data"])
def test_a_page_without_parameters_is_one_page(client, name):
    plain, strange = client.get(reverse(name)), client.get(reverse(name), {"x": "1"})
    assert plain["ETag"] == strange["ETag"]
    assert plain.content == strange.content


def test_a_committed_action_makes_the_page_new():
    view = counting()
    before = get(view)["ETag"]
    factories.need(quantity=3)
    version.forget()
    assert get(view)["ETag"] != before
    assert view.asked == 2


@pytest.mark.parametrize(("accepted", "unpack"), [("gzip, deflate, br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_page_travels_packed_and_says_so(accepted, unpack):
    view = counting()
    for _once_made_once_kept in range(2):
        answer = get(view, **{"accept-encoding": accepted})
        assert unpack(answer.content).decode() == BODY
        assert answer["Content-Encoding"] in accepted
        assert "Accept-Encoding" in answer["Vary"]
    assert "Content-Encoding" not in get(view)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000,gzip ; q=0", None),
        ("gzip;q=0.5, br;q=0.001", "br"),
        ("brotli, x-gzip", None),
    ],
)
def test_a_page_travels_in_no_shape_that_is_refused(accepted, encoding):
    assert get(counting(), **{"accept-encoding": accepted}).get("Content-Encoding") == encoding


def test_a_refused_page_is_neither_kept_nor_confirmed():
    view = counting(status=400)
    answers = [get(view), get(view)]
    assert view.asked == 2
    assert not any(answer.has_header("ETag") for answer in answers)


def test_templates_under_development_are_not_kept(settings):
    settings.DEBUG = True
    view = counting()
    get(view)
    get(view)
    assert view.asked == 2


def test_a_browser_that_has_the_page_gets_nothing_again():
    view = counting()
    tag = get(view)["ETag"]
    answer = get(view, **{"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert view.asked == 1


def test_no_page_with_a_token_is_packed(client):
    """Packing a page that holds a secret lets an observer guess the secret by its length."""
    assert set(pages.PACKERS) == {"br", "gzip"}
    for path in ("/cek-kk/", "/beri-bantuan/", "/lacak/"):
        assert not client.get(path, headers={"accept-encoding": "br, gzip"}).has_header("Content-Encoding"), path
