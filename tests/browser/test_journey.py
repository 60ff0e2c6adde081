"""The newcomer's walk from a place in need to the public figures: phone and desk, with scripts and without."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Donor, accept, card_of, count, next_saturday

PROGRAMS = ["pangan", "umkm", "pendidikan", "permukiman"]


@pytest.fixture
def donor(visit, width, javascript):
    return Donor(visit(width=width, javascript=javascript), f"Warga Uji {width} {'skrip' if javascript else 'polos'}")


def api(donor, path):
    answer = donor.page.request.get(path)
    assert answer.status == 200, path
    return answer.json()


def need_of(donor, code, package="sembako"):
    return next(need for need in api(donor, f"/api/v1/lokasi/{code}/")["kebutuhan"] if need["paket"] == package)


def figures(donor):
    """Return the public totals once they had their second to agree."""
    time.sleep(1.1)  # the contract: every page, file and API answer agrees within 1 s
    return api(donor, "/api/v1/angka/")


# A promise is also made on a desk with scripts (test_keyboard), and below in every programme on a phone without them.
@pytest.mark.parametrize(("width", "javascript"), [(360, True), (1280, False)], ids=["phone-js", "desk-no-js"])
def test_a_promise_moves_every_number(donor):
    code = donor.find("wilayah=31.74.05&paket=sembako&jenis=rw&urut=sisa")
    before, totals = need_of(donor, code), figures(donor)
    donor.promise(code, "pangan", 5)
    donor.prove()
    expect(donor.page.locator("main")).to_contain_text("Hubungi tempatnya")
    public = re.search(r"KSBB-\w{4}-\w{4}", donor.page.inner_text("main")).group()

    donor.open_mail("/lokasi-saya/")
    place = donor.page.url
    accept(card_of(donor.page, public), next_saturday())
    expect(donor.page.locator("main")).to_contain_text("Sabtu,")
    assert need_of(donor, code)["komitmen"] == before["komitmen"] + 5
    assert figures(donor)["komitmen"]["paket"]["sembako"] == totals["komitmen"]["paket"]["sembako"] + 5

    donor.visit.open(place.partition("#")[0].removeprefix(donor.visit.url))
    count(card_of(donor.page, public), ok=4, damaged=1)
    after, moved = need_of(donor, code), figures(donor)
    assert after["tersalurkan"] == before["tersalurkan"] + 4
    assert after["sisa_kebutuhan"] == before["sisa_kebutuhan"] - 4  # one was damaged: the need reopened by one
    assert moved["komitmen"]["total"] == totals["komitmen"]["total"] + 4
    assert moved["tersalurkan"]["total"] == totals["tersalurkan"]["total"] + 4
    assert moved["kolaborator"]["total"] == totals["kolaborator"]["total"] + 1

    donor.visit.open(f"/kolaborasi/{public}/")
    expect(donor.page.locator("main")).to_contain_text(donor.name)
    expect(donor.page.locator("main")).to_contain_text("Diterima sebagian")
    donor.visit.open(f"/kolaborator/?q={donor.name}")
    expect(donor.page.locator("main")).to_contain_text(donor.name)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_promise_goes_through_in_every_programme(visit, program):
    donor = Donor(visit(width=360, javascript=False), f"Pemberi {program}")
    code = donor.find(f"program={program}&urut=sisa&sisa_min=3")
    donor.promise(code, program, 1)
    donor.prove()
    expect(donor.page.locator("main")).to_contain_text(re.compile("Terdaftar|Diperiksa|Pokja"))


def test_money_becomes_packages_and_a_balance(visit):
    """Rp 20.000.000 through a fictional partner: 100 sembako at the reference price, promised on a private page."""
    donor = Donor(visit(width=360, javascript=False), "Pemberi Dana Uji")
    page = donor.visit.open("/beri-bantuan/dana/")
    page.get_by_label("Jumlah dana").fill("20.000.000")
    page.locator("input[name=purpose][value=program]").check()
    page.get_by_label("Program", exact=True).select_option(label="Pangan")
    page.get_by_role("button", name="Hitung jadi berapa paket").click()
    expect(page.locator("main")).to_contain_text("100 paket")
    page.get_by_label("Contoh Sejahtera").check()
    donor.fill_identity()
    page.get_by_role("button", name="Minta nomor rujukan").click()
    page.wait_for_url("**/dana-saya/*/")
    expect(page.locator("main")).to_contain_text("Rp 20.000.000")
    expect(page.locator("main")).to_contain_text(re.compile(r"DANA-\w{4}-\w{4}"))


def test_a_place_is_found_from_home_in_three_taps(visit, width):
    page = visit(width=width, javascript=False).open("/")
    page.locator("main a[href^='/lokasi/']:visible").first.click()
    page.wait_for_url("**/lokasi/**")
    if page.locator("main tbody a").count():
        page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/lokasi/[\w-]+/"))
