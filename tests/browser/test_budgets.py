"""What a page may cost on a cheap phone in a crowded network: bytes, requests, no jumps; its times are a bench."""

import pytest

from tests.browser.slow import SlowPhone

pytestmark = pytest.mark.budget

MOST_LCP = 2_500  # milliseconds
BUDGETS = {  # kind of page: (bytes over the wire, requests)
    "/": (70_000, 10),
    "/peta/": (150_000, 32),
    "/lokasi/": (70_000, 10),
    "/transparansi/": (70_000, 11),
}


@pytest.fixture
def phone(visit):
    return SlowPhone(visit(width=360, is_mobile=True, has_touch=True, device_scale_factor=2))


def check(weight, most_bytes, most_requests):
    """Hold a page's cost against its budget, all of it in one message."""
    over = {
        "bytes": weight.size > most_bytes,
        "requests": weight.requests > most_requests,
        "layout shift": weight.shift > 0.001,  # what rounds to 0,00
    }
    assert not [name for name, is_over in over.items() if is_over], weight


@pytest.mark.bench
@pytest.mark.parametrize("path", BUDGETS)
def test_the_main_content_is_there_in_time(phone, path):
    assert min(phone.open(path).lcp for _try in range(3)) <= MOST_LCP


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_keeps_its_budget(phone, path):
    check(phone.open(path), *BUDGETS[path])


def test_a_place_and_its_promise_form_keep_their_budget(visit, phone):
    visitor = visit()
    visitor.open("/lokasi/")
    place = visitor.page.locator("main tbody a").first.get_attribute("href")
    check(phone.open(place), 70_000, 12)
    check(phone.open(f"/beri-bantuan/?lokasi={place.rstrip('/').rpartition('/')[2]}"), 70_000, 12)
