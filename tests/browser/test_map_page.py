"""The map page by hand and by keyboard: search, panel, back, filters, places collected; and without scripts."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.journey import follow

SEARCH = "#id_q"
READY = "() => document.getElementById('map-tools')?.hidden === false"
PANEL = "#map-panel:not([hidden])"


# What a wider window does not change.
ON_A_PHONE = pytest.mark.parametrize("width", [360])


@pytest.fixture
def map_page(visit, width):
    """Open `/peta/` with everything around the map in place."""

    def go(path="/peta/", **options):
        visitor = visit(**{"width": width, **options})
        page = visitor.open(path)
        page.wait_for_function(READY)
        page.visitor = visitor
        return page

    return go


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_by_keyboard_from_a_search_to_a_promise(map_page):
    page = map_page()
    page.locator(SEARCH).focus()
    page.keyboard.type("rw 05 ragunan", delay=15)
    expect(page.get_by_role("option").first).to_contain_text("RW 05 Ragunan")
    press(page, "ArrowDown")
    expect(page.get_by_role("combobox", name="Cari nama tempat")).to_have_attribute(
        "aria-activedescendant", re.compile("_0$")
    )
    press(page, "Enter")
    panel = page.get_by_role("dialog", name="RW 05 Ragunan")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Masih dibutuhkan")
    expect(panel).to_contain_text("Terakhir diperiksa")
    expect(panel).to_contain_text("Siapa yang membantu")
    give = panel.get_by_role("link", name=re.compile("Beri bantuan")).first
    expect(give).to_be_visible()
    for _ in range(12):
        press(page, "Tab")
        assert page.evaluate("document.activeElement.closest('#map-panel') !== null"), "the focus left the panel"
    give.focus()
    press(page, "Enter")
    page.wait_for_url("**/beri-bantuan/?*lokasi=*rw05*")


@ON_A_PHONE
def test_enter_without_a_choice_searches_as_the_form_does(map_page):
    page = map_page()
    page.locator(SEARCH).fill("ragunan")
    press(page, "Enter")
    expect(page.locator(".chip")).to_contain_text("ragunan")
    assert "q=ragunan" in page.url
    expect(page.locator("#map-results ol a").first).to_be_visible()


@ON_A_PHONE
def test_an_area_of_the_suggestions_filters_list_and_map(map_page):
    page = map_page("/peta/?prioritas=")
    box = page.locator(SEARCH)
    box.press_sequentially("kecamatan pasar minggu", delay=10)
    page.get_by_role("option", name=re.compile("Pasar Minggu.*Kecamatan")).click()
    page.wait_for_url("**wilayah=31.74.04**")
    expect(box).to_have_value("")
    for place in page.locator("#map-results li .place").all_inner_texts():
        assert "Pasar Minggu" in place


def test_a_place_of_the_list_opens_its_panel_and_back_closes_it(map_page):
    page = map_page()
    first = page.locator("#map-results a[data-place]").first
    name = first.inner_text()
    first.focus()
    press(page, "Enter")
    expect(page.get_by_role("dialog", name=name)).to_be_focused()
    code = page.url.partition("#")[2]
    assert re.fullmatch(r"\d{10}-.+", code)
    page.go_back()
    expect(page.locator(PANEL)).to_have_count(0)
    expect(first).to_be_focused()
    page.go_forward()
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    press(page, "Escape")
    expect(page.locator(PANEL)).to_have_count(0)
    page.goto("about:blank")
    page.visitor.open(f"/peta/#{code}")
    expect(page.get_by_role("dialog", name=name)).to_be_visible()


def test_the_switch_and_the_filters_are_steps_that_back_undoes(map_page):
    page = map_page()
    count = page.locator("#map-results .result-line strong")
    before = count.inner_text()
    page.get_by_role("navigation", name="Tempat yang ditampilkan").get_by_role("link", name="Semua").click()
    expect(count).not_to_have_text(before)
    everything = count.inner_text()
    page.get_by_text("Saring", exact=True).first.click()
    page.get_by_role("checkbox", name=re.compile("^Sekolah")).check()
    expect(count).not_to_have_text(everything)
    assert "jenis=sekolah" in page.url
    page.go_back()
    expect(count).to_have_text(everything)
    expect(page.get_by_role("checkbox", name=re.compile("^Sekolah"))).not_to_be_checked()
    page.go_back()
    expect(count).to_have_text(before)


@ON_A_PHONE
def test_moving_the_map_leaves_no_steps_behind(map_page):
    page = map_page()
    steps = page.evaluate("history.length")
    for _ in range(4):
        before = page.evaluate("location.hash")
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_function("before => location.hash !== before", arg=before)  # Leaflet zooms one step at a time
    assert re.search(r"#\d", page.url)
    assert page.evaluate("history.length") == steps
    page.get_by_role("button", name="Daftar untuk area ini").click()
    page.wait_for_url("**bbox=**")
    expect(page.locator(".chip")).to_contain_text("Bagian peta")


def test_two_places_are_collected_on_map_and_list_into_one_promise(map_page, width):
    page = map_page()
    page.locator("#map-results .collect input").nth(0).check()
    bar = page.locator("#basket")
    expect(bar).to_contain_text("1 tempat dipilih")
    page.visitor.open("/lokasi/?urut=nama&sisa_min=1")
    expect(bar).to_contain_text("1 tempat dipilih")
    page.locator("main .collect input").nth(1).check()
    expect(bar).to_contain_text("2 tempat dipilih")
    bar.get_by_role("button", name="Beri bantuan").click()
    page.wait_for_url(re.compile(r"/beri-bantuan/\?lokasi=[\w-]+&lokasi=[\w-]+$"))
    page.visitor.open("/lokasi/?urut=nama&sisa_min=1")
    bar.get_by_role("button", name="Kosongkan").click()
    expect(bar).to_be_hidden()
    expect(page.locator("main .collect input:checked")).to_have_count(0)


def test_near_me_asks_on_a_click_only_and_lists_the_nearest(map_page):
    page = map_page(geolocation={"latitude": -6.244, "longitude": 106.778}, permissions=["geolocation"])
    page.get_by_role("button", name="Di dekat saya").click()
    near = page.locator("#map-near")
    expect(near.get_by_role("listitem")).to_have_count(5)
    expect(near).to_contain_text(re.compile(r"\d (m|km)"))
    near.get_by_role("link").first.click()
    expect(page.locator(PANEL)).to_be_visible()


@ON_A_PHONE
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"permissions": []}, "Izinkan"),
        ({"geolocation": {"latitude": 3.59, "longitude": 98.67}, "permissions": ["geolocation"]}, "di luar kota"),
    ],
    ids=["denied", "outside"],
)
def test_near_me_says_why_it_does_not_work(map_page, options, words):
    page = map_page(**options)
    page.get_by_role("button", name="Di dekat saya").click()
    expect(page.locator("#map-near")).to_contain_text(words)


def test_colours_have_numbers_and_change(map_page):
    page = map_page()
    if not page.locator("#map-legend").evaluate("legend => legend.open"):
        page.get_by_text("Arti warna").click()
    steps = page.locator("#map-classes li")
    expect(steps.first).to_contain_text(re.compile(r"di bawah 20 %\s*\d+ kelurahan"))
    total = sum(int(re.search(r"(\d+) kelurahan", text)[1]) for text in steps.all_inner_texts())
    assert total > 200
    page.get_by_label("Warna kelurahan menurut").select_option(label="Keluarga rentan")
    expect(steps.first).to_contain_text("keluarga")


def test_a_week_since_a_check_ends_at_midnight_in_jakarta(visit):
    today = date.today()
    monday = datetime.combine(today + timedelta(days=7 - today.weekday()), time(), ZoneInfo("Asia/Jakarta"))

    def legend_after(**since):
        page = visit(width=360).page
        page.clock.set_fixed_time(monday + timedelta(**since))
        page.goto("/peta/")
        page.wait_for_function(READY)
        page.get_by_text("Arti warna").click()
        page.get_by_label("Warna kelurahan menurut").select_option(label="Terakhir diperiksa")
        expect(page.locator("#map-classes")).to_contain_text("minggu")
        return page.locator("#map-classes").inner_text()

    assert legend_after(seconds=-1) != legend_after(seconds=1) == legend_after(hours=20)


def faults_in_front(page):
    """Return axe's findings; circles that lie half behind what was just opened over the map have no size or colour."""
    behind = re.compile(r"(target-size|color-contrast): .*map-cluster")
    return [fault for fault in page.visitor.accessibility_faults() if not behind.match(fault)]


def test_what_was_typed_before_the_search_was_loaded_is_looked_for(map_page):
    page = map_page()

    def after_the_last_letter(route):
        expect(page.locator(SEARCH)).to_have_value("ragunan")
        route.continue_()

    page.route(re.compile(r"/search[.\w]*\.js"), after_the_last_letter)
    page.locator(SEARCH).press_sequentially("ragunan", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()


def test_axe_finds_nothing_with_panel_filters_and_suggestions_open(map_page):
    page = map_page()
    assert page.visitor.accessibility_faults() == []
    page.get_by_text("Saring", exact=True).first.click()
    page.get_by_text("Arti warna").evaluate("summary => { summary.parentElement.open = true }")
    assert faults_in_front(page) == []
    page.get_by_text("Saring", exact=True).first.click()
    page.locator(SEARCH).press_sequentially("ragunan", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()
    assert faults_in_front(page) == []
    press(page, "Escape")
    page.locator("#map-results a[data-place]").first.click()
    expect(page.locator("#map-panel")).to_contain_text("Siapa yang membantu")
    assert faults_in_front(page) == []


def test_the_phone_shows_the_map_at_once_and_nothing_is_wider(visit):
    for width in (320, 360):
        visitor = visit(width=width)
        page = visitor.open("/peta/")
        page.wait_for_function(READY)
        assert page.locator("#map").bounding_box()["y"] < 360
        assert visitor.overflow() <= 0
        page.locator("#map-results a[data-place]").first.click()
        expect(page.locator("#map-panel")).to_contain_text("Siapa yang membantu")
        assert visitor.overflow() <= 0


def test_everything_to_press_is_large_enough(map_page):
    page = map_page()
    small = page.evaluate("""() => [...document.querySelectorAll(
        'main button:not(.map-cluster), main summary, .map-switch a, .collect, .pages a, main select')]
        .map((node) => [node.textContent.trim().slice(0, 30), node.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5)).map(([name]) => name)""")
    assert small == []


def test_nothing_moves_while_the_page_comes_together(map_page):
    page = map_page()
    page.wait_for_timeout(1500)
    shift = page.evaluate("""() => new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
            .observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 300);
    })""")
    assert shift < 0.005  # what rounds to 0,00: letters that come just in time may break a line elsewhere


def test_without_scripts_list_switch_table_and_ticks_are_there(visit, width):
    visitor = visit(width=width, javascript=False)
    page = visitor.open("/peta/")
    expect(page.locator("#map-results ol > li")).to_have_count(10)
    follow(page.get_by_role("link", name="Semua").first)
    follow(page.get_by_role("link", name="Berikutnya"))
    expect(page.locator("#map-results ol > li")).to_have_count(10)
    assert page.locator("#map-cities details").count() >= 5
    for tick in (0, 1):
        page.locator("#map-results .collect input").nth(tick).check()
    page.locator("#basket").get_by_role("button", name="Beri bantuan").click()
    page.wait_for_url(re.compile(r"/beri-bantuan/\?lokasi=[\w-]+&lokasi=[\w-]+$"))


@ON_A_PHONE
def test_the_list_offers_suggestions_too(visit, width):
    page = visit(width=width).open("/lokasi/")
    box = page.locator(SEARCH)
    box.press_sequentially("rw 05 ragunan", delay=10)
    page.get_by_role("option", name=re.compile("RW 05 Ragunan")).click()
    page.wait_for_url("**/lokasi/*rw05/")
