"""The promise form in a real browser: taps counted, the back button, what is left told while somebody types, paper."""

import re

from playwright.sync_api import expect

from tests.browser.journey import Donor

MOST_TAPS = 12
SLOWER = 4


class Fingers:
    """Taps on a page as a thumb does, and counts; words typed after a tap into a box are not taps."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, locator):
        self.taps += 1
        locator.click()
        self.page.wait_for_load_state()

    def type(self, label, text):
        box = self.page.get_by_label(label).first
        self.taps += 1
        box.click()
        box.fill(text)

    def press(self, name):
        self.tap(self.page.get_by_role("button", name=name).locator("visible=true").last)


def places_that_lack(page, number, package="sembako"):
    """Return the codes of so many RW that still lack a package."""
    answer = page.request.get(f"/api/v1/lokasi/?jenis=rw&paket={package}&sisa_min=20&ukuran={number}&urut=sisa").json()
    return [row["kode"] for row in answer["results"]]


def test_from_home_to_a_registered_promise_in_twelve_taps(visit, javascript):
    visitor = visit(width=360, javascript=javascript)
    page = visitor.open("/")
    if javascript:  # no tap is lost while scripts are still at work
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    hand = Fingers(page)
    hand.tap(page.locator("main a[href*='/beri-bantuan/']").first)
    hand.tap(page.locator("main a[href*='/beri-bantuan/?lokasi=']").first)
    hand.type(re.compile("^Jumlah "), "2")
    hand.press("Lanjut")
    hand.type("Nama Anda atau lembaga", "Warga Ketuk")
    hand.type("Surel atau nomor WhatsApp", f"ketuk-{javascript}@contoh.id")
    hand.press("Lanjut")
    hand.tap(page.get_by_label(re.compile("^Saya menyatakan")).first)
    hand.press("Janjikan bantuan ini")
    hand.tap(page.get_by_role("link", name="baca surelnya di sini"))
    hand.tap(page.locator("main a", has_text="/komitmen-saya/bukti/").first)
    hand.tap(page.locator("main form button").first)
    expect(page.locator("main")).to_contain_text(re.compile("Terdaftar"))
    assert hand.taps <= MOST_TAPS


def test_the_back_button_brings_back_what_was_typed(visit, javascript):
    donor = Donor(visit(width=360, javascript=javascript), "Warga Mundur")
    page = donor.page
    code = places_that_lack(donor.visit.open("/beri-bantuan/"), 1)[0]
    donor.visit.open(f"/beri-bantuan/?lokasi={code}&program=pangan")
    donor.fill_quantity(3)
    donor.go_on()
    donor.fill_identity()
    donor.go_on()
    expect(page.locator("h1")).to_have_text("Periksa dan kirim")
    page.go_back()
    expect(page.get_by_label("Nama Anda atau lembaga")).to_have_value(donor.name)
    page.go_back()
    expect(page.get_by_label(re.compile("^Jumlah ")).first).to_have_value("3")


def test_what_others_take_is_told_beside_the_box(visit):
    page = visit(width=360).page
    code = places_that_lack(page, 1)[0]
    page.clock.install()
    page.goto(f"/beri-bantuan/?lokasi={code}&program=pangan")
    row = page.locator("[data-need]").first
    left = int(re.sub(r"\D", "", row.locator(".progress-head strong").inner_text()))

    def fewer(route):
        answer = route.fetch()
        body = answer.json()
        for need in body["kebutuhan"]:
            need["sisa_kebutuhan"] = 4
        route.fulfill(response=answer, json=body)

    row.get_by_label(re.compile("^Jumlah ")).fill("5")
    expect(row.locator(".live")).to_be_empty()
    page.route("**/api/v1/lokasi/*/", fewer)
    page.clock.run_for(16_000)
    assert left > 4
    expect(row.locator(".progress-head strong")).to_have_text("Masih dibutuhkan 4 paket")
    expect(row.locator(".live")).to_contain_text("Isian Anda melebihi sisanya")
    row.get_by_label(re.compile("^Jumlah ")).fill("4")
    expect(row.locator(".live")).to_be_empty()


def test_each_step_fits_and_axe_finds_nothing(visit, width):
    visitor = visit(width=width)
    donor, page, wrong = Donor(visitor, f"Warga Periksa {width}"), visitor.page, {}
    codes = places_that_lack(page, 4)
    visitor.expect("status of 400")

    def look(step):
        faults = visitor.accessibility_faults()
        if faults or visitor.overflow() > 0:
            wrong[step] = (visitor.overflow(), faults)

    visitor.open("/beri-bantuan/?lokasi=" + "&lokasi=".join(codes))
    look("places")
    donor.go_on()
    look("places with an error")
    donor.fill_quantity(2)
    donor.go_on()
    look("giver")
    donor.go_on()
    look("giver with errors")
    donor.fill_identity()
    donor.go_on()
    look("review")
    donor.send()
    look("confirmation")
    assert wrong == {}


def test_the_confirmation_is_one_page_of_paper(visit):
    donor = Donor(visit(width=360), "Warga Cetak")
    donor.promise(places_that_lack(donor.page, 1)[0], "pangan", 2)
    donor.page.emulate_media(media="print")
    expect(donor.page.locator(".paper .qr")).to_be_visible()
    expect(donor.page.locator(".split")).to_be_hidden()
    sheet = donor.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
