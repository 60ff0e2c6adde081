"""What a page may cost on a cheap phone in a crowded network: bytes, requests, no jumps; its times are a bench."""

import pytest

from tests.browser.slow import SlowPhone

pytestmark = pytest.mark.budget

MOST_LCP = 2_500  # milliseconds
BUDGETS = {  # kind of page: (bytes over the wire, requests); the map's stands in test_map_budget.py
    "/": (70_000, 10),
    "/lokasi/": (70_000, 10),
    "/transparansi/": (70_000, 11),
}


@pytest.fixture
def phone(visit):
    return SlowPhone(visit(width=360, is_mobile=True, has_touch=True, device_scale_factor=2))


@pytest.fixture
def desk(visit):
    """A wide window behind the same network."""
    return SlowPhone(visit(width=1280))


def check(weight, most_bytes, most_requests):
    """Hold a page's cost against its budget, all of it in one message."""
    over = {
        "bytes": weight.size > most_bytes,
        "requests": weight.requests > most_requests,
        "layout shift": weight.shift > 0,
    }
    assert not [name for name, is_over in over.items() if is_over], weight


@pytest.mark.bench
@pytest.mark.parametrize("path", [*BUDGETS, "/peta/"])
def test_the_main_content_is_there_in_time(phone, path):
    assert min(phone.open(path).lcp for _try in range(3)) <= MOST_LCP


def place_and_promise(visit):
    """Return the addresses of a place that lacks something and of the form that promises it help."""
    page = visit().open("/lokasi/")
    place = page.locator("main tbody a").first.get_attribute("href")
    return place, f"/beri-bantuan/?lokasi={place.rstrip('/').rpartition('/')[2]}"


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_keeps_its_budget(phone, path):
    check(phone.open(path), *BUDGETS[path])


def test_a_place_and_its_promise_form_keep_their_budget(visit, phone):
    for path in place_and_promise(visit):
        check(phone.open(path), 70_000, 12)


def test_nothing_moves_in_a_wide_window_either(visit, desk):
    moved = {path: desk.open(path).shift for path in (*BUDGETS, *place_and_promise(visit))}
    assert {path: shift for path, shift in moved.items() if shift} == {}
