"""The map on a cheap phone in a crowded network: what it costs until every place is drawn, and until all is there."""

import pytest

from tests.bench.cities import SETTINGS, city
from tests.browser.slow import SlowPhone
from tests.portal import Portal

pytestmark = pytest.mark.budget

TRIES = 3  # a busy machine slows a page down, nothing makes it faster: the best opening tells what the page costs
MOST = {  # milliseconds and bytes
    "bytes": 150_000,
    "requests": 26,
    "shift": 0,
}
# Times belong to a bench: a busy machine only shows its own load. The city, and the same ten times as large.
AT_ONCE = {
    1: {"marks": 2_200, "places": 2_500, "bytes_until_places": 80_000, "blocking": 200},
    10: {"marks": 2_200, "places": 4_000, "blocking": 350},
}
ALL_THERE = "peta:lengkap"
PHONE = {"width": 360, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
COST = """async () => {
  await new Promise(requestIdleCallback);
  const time = (name) => performance.getEntriesByName(name)[0].startTime;
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const entries = all.filter((entry) => entry.name.startsWith(location.origin)); // tiles lie elsewhere
  const until = entries.filter((entry) => entry.responseEnd <= time("peta:tempat"));
  const sum = (all) => all.reduce((bytes, entry) => bytes + entry.transferSize, 0);
  return {
    marks: time("first-contentful-paint"), places: time("peta:tempat"), blocking: window.blocking(),
    bytes_until_places: sum(until), bytes: sum(entries), requests: entries.length, shift: window.seen.shift,
  };
}"""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Where the city ten times as large is served, once somebody asks: its first minutes are busy ones."""
    with city("sqlite", 10) as made:
        server = Portal(tmp_path_factory.mktemp("large") / "var", source=made.var, **SETTINGS).start()
        yield server.url
        server.stop()


def opened(visit, **options):
    """Return what one opening of the map cost in a new window, that of a phone unless options say another."""
    phone = SlowPhone(visit(**PHONE | options))
    phone.until("/peta/", ALL_THERE)
    cost = phone.page.evaluate(COST)
    phone.page.close()  # a slowed page keeps the processor from the next one
    return cost


def over(costs, limits):
    """Return what the best of several openings exceeds."""
    best = {name: min(cost[name] for cost in costs) for name in limits}
    return {name: found for name, found in best.items() if found > limits[name]}


def test_the_map_weighs_little(visit):
    assert over([opened(visit)], MOST) == {}


def test_nothing_moves_until_all_of_the_map_is_there(visit):
    wide = opened(visit, width=1280, is_mobile=False, has_touch=False, device_scale_factor=1)
    assert over([wide], {"shift": 0}) == {}


@pytest.mark.bench
@pytest.mark.parametrize("scale", AT_ONCE)
def test_the_map_is_there_at_once_and_blocks_nobody(visit, portal, scale, request):
    url = request.getfixturevalue("large") if scale == 10 else portal
    assert over([opened(visit, url=url) for _try in range(TRIES)], AT_ONCE[scale]) == {}


def test_marker_data_stay_small(portal, visit):
    """22 kB of markers and 50 kB of everything for 3,500 places, by the bytes that this city's places take."""
    page = visit().page
    manifest = page.request.get("/api/v1/peta/").json()
    sizes = []
    for name in ("url", "nama", "kebutuhan"):
        answer = page.request.get(manifest[name], headers={"accept-encoding": "br"})
        assert answer.headers["content-encoding"] == "br"
        sizes.append(int(answer.headers["content-length"]) * 3_500 / manifest["jumlah"])
    assert sizes[0] <= 22_000
    assert sum(sizes) <= 50_000


@pytest.mark.bench
def test_a_tap_is_answered_at_once(visit):
    phone = SlowPhone(visit(**PHONE))
    phone.page.add_init_script(
        "window.taps = [];"
        "new PerformanceObserver((list) => window.taps.push(...list.getEntries().filter((e) => e.name === 'click')"
        ".map((e) => e.duration))).observe({type: 'event', durationThreshold: 16, buffered: true});"
    )
    answers = []
    for _try in range(TRIES):
        phone.until("/peta/", ALL_THERE)
        phone.page.locator(".map-cluster").nth(2).tap()
        phone.page.wait_for_function("() => window.taps.length")
        answers.append(min(phone.page.evaluate("window.taps")))
        if answers[-1] <= 150:
            return
    assert min(answers) <= 150, answers
