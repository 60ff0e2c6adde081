"""The switch to the other language keeps the page, its filters and the spot: a place on the map, a heading."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(("width", "before"), [(1280, "Bahasa Indonesia"), (360, "Menu")])
def test_the_switch_keeps_filters_and_spot(visit, width, before):
    visitor = visit(width=width)
    page = visitor.open("/en/transparansi/?sampai=2020-05-27#wilayah")
    page.locator("summary", has_text="Menu").click() if before == "Menu" else None
    page.get_by_role("link", name="Bahasa Indonesia").click()
    expect(page).to_have_url(re.compile(r"//[^/]+/transparansi/\?sampai=2020-05-27#wilayah$"))
    expect(page.locator("html")).to_have_attribute("lang", "id")
    assert visitor.close() == []
