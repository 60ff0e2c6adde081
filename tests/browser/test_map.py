"""What is drawn on the map: marks before any script, places on canvas, clusters that step in, others' promises."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Donor

SOON = 15_000  # milliseconds within which an open page shows what somebody else promised
DRAWN = "() => performance.getEntriesByName('peta:siap').length && document.querySelector('#map.map--cells')"
# How many pixels of a canvas that is shown are not empty.
INK = """(name) => {
  const canvas = [...document.querySelectorAll(`canvas.${name}`)].find((each) => !each.hidden);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 3; at < data.length; at += 4) ink += data[at] > 0;
  return ink;
}"""
# Whether the packages that the clusters say are lacking are so many in all.
LACKING = """(whole) => whole === [...document.querySelectorAll(".map-cluster")]
  .map((node) => node.getAttribute("aria-label").match(/masih dibutuhkan ([\\d.]+) paket/)[1].replaceAll(".", ""))
  .reduce((sum, packages) => sum + Number(packages), 0)"""
# The middles of all clusters in view, as [x, y].
MIDDLES = """() => [...document.querySelectorAll(".map-cluster")].map((node) => {
  const { x, y, width, height } = node.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
})"""
PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xe8\xee\xee\6\0"
    b"\4\x94\2I\xd3\x1d\xdb\xed\0\0\0\0IEND\xaeB`\x82"
)


@pytest.fixture
def drawn(visit, width):
    """Open an address of the map and wait until everything is on it."""

    def go(path="/peta/", **options):
        page = visit(width=width, **options).open(path)
        page.wait_for_function(DRAWN)
        return page

    return go


def test_the_first_view_is_in_the_page_and_links(visit, width):
    page = visit(width=width, javascript=False).open("/peta/")
    marks = page.locator("#map svg .marks a:visible")
    assert marks.count() == (6 if width < 500 else 43)
    assert "wilayah=31." in marks.first.get_attribute("href")
    assert page.locator("#map[role]").count() == 0


def test_places_and_kelurahan_are_drawn_where_the_first_view_was(drawn):
    page = drawn()
    assert page.evaluate(INK, "map-points") > 2_000
    assert page.evaluate(INK, "map-cells") > 20_000
    assert page.locator("#map svg").first.is_hidden()
    expect(page.get_by_role("application", name="Peta tempat yang dibantu")).to_be_visible()


def test_clusters_are_the_numbers_of_the_page(drawn, width):
    page = drawn("/peta/?prioritas=")
    told = page.request.get("/api/v1/lokasi/?ukuran=1").json()["count"]
    clusters = [page.locator(".map-cluster").nth(index) for index in range(page.locator(".map-cluster").count())]
    places = sum(
        int(re.search(r"di ([\d.]+) tempat", each.get_attribute("aria-label"))[1].replace(".", "")) for each in clusters
    )
    assert places == told
    first = page.locator("#map-results").inner_text()
    whole = int(re.search(r"masih dibutuhkan ([\d.]+) paket", first)[1].replace(".", ""))
    page.wait_for_function(LACKING, arg=whole)  # the map's file may be older than the page, until it first asks


def test_fingers_can_tell_clusters_apart(drawn):
    page = drawn()
    middles = page.evaluate(MIDDLES)
    assert len(middles) > 5
    nearest = min(
        ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
        for at, one in enumerate(middles)
        for other in middles[:at]
    )
    assert nearest >= 40  # pixels; two dots are told apart by their middles, each button reaches 44


def test_a_cluster_steps_in_until_places_can_be_picked(drawn):
    page = drawn()
    for _step in range(4):
        cluster = page.locator(".map-cluster[aria-label*='Kebayoran Lama'], .map-cluster[aria-label*='Selatan']").first
        if not cluster.count():
            break
        before = page.evaluate("window.location.hash")
        cluster.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("(before) => window.location.hash !== before", arg=before)
        expect(page.locator("#map")).to_be_focused()
    zoom = float(page.evaluate("window.location.hash").lstrip("#").split("/")[0])
    assert zoom > 12


def test_a_tap_on_a_place_opens_it(visit, width):
    visitor = visit(width=width)
    row = visitor.page.request.get("/api/v1/lokasi/?q=RW 05 Ragunan").json()["results"][0]
    page = visitor.open(f"/peta/?prioritas=#16/{row['lintang']}/{row['bujur']}")
    page.wait_for_function(DRAWN)
    page.wait_for_function("() => !document.getElementById('map-tools').hidden")
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("dialog", name=row["nama"])).to_be_visible()


def lacking_in(page, area, program):
    """Return the packages (of a programme) that the API says are lacking in an area of at most 200 places."""
    places = page.request.get(f"/api/v1/lokasi/?wilayah={area}&ukuran=200").json()["results"]
    needs = [need for place in places for need in place["kebutuhan"]]
    return sum(need["sisa_kebutuhan"] for need in needs if program in (need["program"], ""))


@pytest.mark.parametrize(("width", "program"), [(360, ""), (1280, "pangan")])
def test_somebody_elses_promise_shows_without_a_reload(drawn, visit, width, program):
    donor = Donor(visit(width=360, javascript=False), f"Pemberi Peta {width}")
    code = donor.find("wilayah=31.74.05&paket=sembako&jenis=rw&urut=sisa&sisa_min=20")
    page = drawn(f"/peta/?wilayah=31.74&program={program}&prioritas=")
    cluster = page.locator(".map-cluster[data-code='31.74.05']")
    page.evaluate("window.unmoved = true")
    donor.promise(code, "pangan", 3)
    said = f"dibutuhkan {lacking_in(page, '31.74.05', program):,} ".replace(",", r"\.")
    expect(cluster).to_have_attribute("aria-label", re.compile(said), timeout=SOON)
    assert page.evaluate("window.unmoved") is True


def test_a_page_whose_file_is_forgotten_takes_the_new_one(visit, portal):
    visitor = visit(width=360)
    forgotten = {"versi": "0" * 20, "baru": f"{portal}/api/v1/peta/", "tempat": []}
    visitor.context.route("**/perubahan/*", lambda route: route.fulfill(json=forgotten))
    page = visitor.open("/peta/?program=pangan&prioritas=")
    page.wait_for_function(DRAWN)
    page.wait_for_function("(url) => performance.getEntriesByName(url).length", arg=f"{portal}/api/v1/peta/")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter((e) => e.name.includes('peta/lokasi/')).length > 1"
    )
    assert page.locator(".map-cluster").count() > 4
    assert page.evaluate(INK, "map-points") > 2_000


# What the tiles are laid under is drawn in one way in windows of every width.
@pytest.mark.parametrize(("width", "answers"), [(360, True), (1280, False)], ids=["phone-tiles", "desk-no-tiles"])
def test_the_map_is_whole_with_tiles_and_without(visit, width, answers):
    visitor = visit(width=width)
    if answers:
        visitor.context.route(
            re.compile("^https://tile\\."), lambda route: route.fulfill(body=PIXEL, content_type="image/png")
        )
    page = visitor.open("/peta/")
    page.wait_for_function(DRAWN)
    if answers:
        expect(page.locator("#map.map--tiles")).to_be_visible()
        expect(page.get_by_text("OpenStreetMap")).to_be_visible()
    else:
        page.wait_for_function("() => !document.querySelector('.leaflet-tile-container')")
        expect(page.get_by_text("OpenStreetMap")).to_be_hidden()
    assert page.evaluate(INK, "map-cells") > 20_000


def test_colours_can_tell_of_something_else(drawn):
    page = drawn()
    page.wait_for_function("() => !document.getElementById('map-tools').hidden")
    page.locator("#map-legend").evaluate("(node) => { node.open = true; }")
    for view in ("rentan", "verifikasi"):
        before = page.locator("#map-classes").text_content()
        page.locator("#map-legend select").select_option(view)
        expect(page.locator("#map-classes")).not_to_have_text(before)


def test_nothing_moves_by_itself_where_that_is_unwanted(visit):
    page = visit(width=1280, reduced_motion="reduce").open("/peta/")
    page.wait_for_function(DRAWN)
    page.locator(".map-cluster").nth(5).click()
    assert page.locator("#map .leaflet-zoom-anim").count() == 0
