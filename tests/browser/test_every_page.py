"""Every kind of page, found by its links: answers, fits the window, breaks no policy, and axe finds nothing."""

import pytest

from tests.browser.crawl import pages

pytestmark = pytest.mark.xdist_group("every page")
NARROW = 320  # 400 % zoom on a desk, and narrower than any phone
# Where names stand that people gave: as heads, in tables, lists, cards and the way back.
NAMED = "main :is(h1, .crumbs :is(a, span), tbody th a, td.own :is(a, span), .rows a, .card h3 a)"
WITHOUT_SPACES = (
    "named => document.querySelectorAll(named).forEach((each) => { each.textContent = 'Contoh'.repeat(15); })"
)


@pytest.fixture(scope="module")
def found(portal, browser):
    """One page of each kind, as (name, path)."""
    context = browser.new_context(java_script_enabled=False)
    yield list(pages(context.new_page(), portal))
    context.close()


def faults(visitor, found, look):
    """Return what is wrong by path: a status other than 200, or what `look` sees on the page."""
    wrong = {}
    for _, path in found:
        status = visitor.page.goto(path).status
        wrong[path] = f"status {status}" if status != 200 else look()
    return {path: seen for path, seen in wrong.items() if seen}


def test_links_lead_to_the_kinds_of_pages_there_are(found):
    names = {name for name, _ in found}
    assert names >= {
        "home",
        "map",
        "locations",
        "location",
        "area",
        "programs",
        "figures",
        "kk_check",
        "data",
        "poster",
    }


def test_every_page_answers_and_fits_whatever_names_stand_in_it(found, visit, javascript):
    visitor = visit(width=NARROW, javascript=javascript)

    def wider():
        as_it_is = visitor.overflow(NARROW, 1280)
        visitor.page.evaluate(WITHOUT_SPACES, NAMED)
        return max(0, as_it_is, visitor.overflow(1280, NARROW))

    assert faults(visitor, found, wider) == {}


def test_axe_finds_nothing(found, visit):
    visitor = visit(width=360)
    assert faults(visitor, found, visitor.accessibility_faults) == {}


@pytest.mark.parametrize("path", ["/tidak-ada/", "/lokasi/tidak-ada/"])
def test_a_page_that_is_not_there_helps(visit, path):
    page = visit().open(path, status=404)
    assert page.get_by_role("main").get_by_role("link").count() > 0
