"""The staff's pages in Chromium: the policy refuses nothing, nothing is wider than a phone, steps by hand."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

LISTS = (
    "/admin/ /admin/donations/commitment/ /admin/locations/location/ /admin/donations/contribution/ "
    "/admin/donations/ledgerentry/ /admin/auth/user/add/ /admin/programs/program/add/ /admin/programs/needperiod/add/ "
    "/admin/locations/location/add/ /admin/akun/faktor-kedua/"
).split()


@pytest.fixture
def desk(visit, accounts):
    """A browser in which somebody of the staff is logged in."""

    def sit(name="pokja", **options):
        visitor = visit(**options)
        page = visitor.open("/admin/")
        page.fill("[name=login]", name)
        page.fill("[name=password]", accounts[name])
        page.get_by_role("button", name="Masuk", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Perlu tindakan")
        return visitor

    return sit


def test_every_kind_of_page_keeps_to_the_policy(desk):
    visitor = desk(width=360)
    for path in LISTS:
        visitor.open(path)
        assert visitor.overflow(360, 1280) <= 0, path


def test_dates_choices_and_the_map_work(desk):
    visitor = desk()
    page = visitor.open("/admin/programs/needperiod/add/")
    page.locator(".datetimeshortcuts a").first.click()
    assert page.input_value("[name=starts_on]")
    page = visitor.open("/admin/locations/location/add/")
    page.locator(".point-map").click(position={"x": 60, "y": 60})
    assert re.fullmatch(r"-?\d+\.\d{5}", page.input_value("[name=latitude]"))
    page.locator(".field-area .select2-selection").click()
    page.locator(".select2-search__field").fill("Ragunan")
    expect(page.locator(".select2-results__option").first).to_contain_text("Ragunan")


def test_a_promise_is_entered_by_hand(desk):
    page = desk().open("/admin/donations/commitment/masukkan/")
    place = page.request.get("/api/v1/lokasi/?jenis=rw&paket=sembako&sisa_min=20&ukuran=1").json()["results"][0]
    choices = (
        ("collaborator", "Contoh", "Contoh"),
        ("need_1", f"{place['kode']} sembako", f"Sembako · {place['nama']}"),
    )
    for name, typed, shown in choices:
        page.locator(f"[name={name}] + .select2").click()
        page.locator(".select2-search__field").fill(typed)
        page.locator(".select2-results__option[role=option]", has_text=shown).first.click()
    page.fill("[name=quantity_1]", "1")
    page.fill("[name=scheduled_on]", date.today().isoformat())
    page.get_by_role("button", name="Masukkan").click()
    expect(page.locator(".messagelist")).to_contain_text("sudah dimasukkan")


def test_the_staffs_pages_work_without_javascript(desk):
    visitor = desk(javascript=False, width=360)
    page = visitor.open("/admin/donations/commitment/?perlu=terima")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Terima dengan tanggal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terima dengan tanggal")


@pytest.fixture
def accounts(portal_folder):
    """The demo's accounts: name → password."""
    lines = (Path(portal_folder) / "akun-demo.txt").read_text().splitlines()
    return dict(line.split()[:2] for line in lines if line)
