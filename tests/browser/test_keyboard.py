"""The main journeys by keys alone: everything is reached by Tab, where the focus is can be seen, nothing holds it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Donor

MOST_STEPS = 150
# What has the focus: its name, whether its outline is drawn, whether any of it can be seen in the window.
FOCUS = """() => {
  const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    name: node.outerHTML.slice(0, 120),
    words: (node.getAttribute('aria-label') || node.labels?.[0]?.innerText || node.textContent).trim(),
    place: `${node.localName}@${node.closest('[id]')?.id}`,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen,
    page: node === document.body,
    footer: node.closest('footer') !== null,
  };
}"""
STOPS = "all => all.filter((node) => node.checkVisibility() && !node.disabled && node.tabIndex >= 0).length"


class Keys:
    """Hands on a keyboard; whatever gets the focus must show it."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def focus(self):
        found = self.page.evaluate(FOCUS)
        if not found["page"]:
            assert found["outlined"], f"no outline: {found['name']}"
            assert found["seen"], f"out of sight: {found['name']}"
        return found

    def to(self, words):
        """Press Tab until what has the focus says these words (a pattern), or is this element@id."""
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            found = self.focus()
            if re.search(words, found["words"]) or words == found["place"]:
                return
        raise AssertionError(f"not reached by Tab: {words}")

    def press(self, words, key="Enter"):
        """Go there and press it; a link or a button of a form opens the next page."""
        self.to(words)
        address = self.page.url
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        return address

    def type(self, label, text):
        """Go to a box and type over what is in it."""
        self.to(label)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)


@pytest.fixture
def keys(visit, width):
    return Keys(visit(width=width))


def test_the_first_tab_offers_to_skip_to_the_content(keys):
    keys.visitor.open("/")
    keys.to("Langsung ke isi")
    keys.page.keyboard.press("Enter")
    keys.page.keyboard.press("Tab")
    assert keys.page.evaluate("document.activeElement.closest('main') !== null")


def test_from_home_to_a_registered_promise(keys):
    page = keys.visitor.open("/")
    place = page.locator(".least h3 a").first.inner_text()
    keys.press(f"^{re.escape(place)}$")
    expect(page.locator("h1")).to_have_text(place)
    keys.to("Langsung ke isi")
    page.keyboard.press("Enter")
    keys.press("^Beri bantuan$")
    if page.locator("main a[href*='program=']").count() and not page.get_by_label(re.compile("^Jumlah")).count():
        keys.press("Pangan")
    keys.type("^Jumlah", "2")
    keys.press("^Lanjut")
    keys.type("^Nama Anda atau lembaga", f"Warga Papan Ketik {page.viewport_size['width']}")
    keys.type("^Surel atau nomor", f"ketik-{page.viewport_size['width']}@contoh.id")
    keys.press("^Lanjut")
    keys.to("^Saya menyatakan")
    page.keyboard.press("Space")
    keys.press("^Janjikan bantuan ini")
    keys.press("baca surelnya")
    keys.press("/komitmen-saya/bukti/")
    keys.to("Langsung ke isi")
    page.keyboard.press("Enter")
    keys.press("^(Ya|Buktikan|Benar|Daftarkan|Ini)")
    expect(page.locator("main")).to_contain_text("Terdaftar")


def test_a_fault_takes_the_focus_to_what_is_wrong(keys):
    keys.visitor.expect("status of 400")
    page = keys.visitor.open("/pengaduan/")
    keys.to("^Mutunya buruk|^Tercatat")
    page.keyboard.press("Space")
    keys.press("^Kirim pengaduan")
    keys.to("Tulis apa yang terjadi")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("Berasnya apek.")
    keys.press("^Kirim pengaduan")
    page.wait_for_url(re.compile("/pengaduan/[2-9A-Z]{4}-"))


def test_a_list_is_filtered(keys):
    page = keys.visitor.open("/lokasi/")
    keys.to("^Saring")
    page.keyboard.press("Enter")
    keys.to("^Sembako")
    page.keyboard.press("Space")
    keys.press("^Tampilkan")
    assert "paket=sembako" in page.url
    keys.press("Sembako")  # the chip that takes the filter away
    assert "paket=sembako" not in page.url


def test_the_values_of_a_chart_are_walked_through(keys):
    page = keys.visitor.open("/transparansi/")
    keys.to("svg@waktu")
    page.keyboard.press("Home")
    expect(page.locator("#waktu .readout")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.matches('svg.plot')")


PATHS = ["/", "/peta/", "/lokasi/", "/beri-bantuan/", "/transparansi/", "/cek-kk/"]


# The head and the map are laid out otherwise on a desk; below them the order is one.
@pytest.mark.parametrize(("width", "path"), [*((360, path) for path in PATHS), (1280, "/"), (1280, "/peta/")])
def test_tab_goes_through_and_out_again(keys, path):
    page = keys.visitor.open(path)
    page.wait_for_load_state("networkidle")
    stops = page.eval_on_selector_all("a[href], button, input, select, textarea, summary, [tabindex]", STOPS)
    page.locator("footer a").first.focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('footer') === null")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.locator(".skip").first.focus()
    for _ in range(min(stops, MOST_STEPS)):
        if keys.focus()["footer"]:
            break
        page.keyboard.press("Tab")


def test_the_steps_of_a_promise_fit_at_four_hundred_percent(visit):
    visitor = visit(width=320)
    donor, wide = Donor(visitor, "Warga Perbesar"), []
    row = visitor.page.request.get("/api/v1/lokasi/?jenis=rw&paket=sembako&sisa_min=20&ukuran=1&urut=sisa").json()
    visitor.open(f"/beri-bantuan/?lokasi={row['results'][0]['kode']}&program=pangan")
    wide.append(visitor.overflow())
    donor.fill_quantity(1)
    donor.go_on()
    wide.append(visitor.overflow())
    donor.fill_identity()
    donor.go_on()
    wide.append(visitor.overflow())
    assert wide == [0, 0, 0]
