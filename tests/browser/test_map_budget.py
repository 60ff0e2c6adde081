"""The map on a cheap phone in a crowded network: what it costs until every place is drawn, and until all is there."""

import pytest

from tests.browser.slow import SlowPhone

pytestmark = pytest.mark.budget

TRIES = 3  # a busy machine slows a page down, nothing makes it faster: the best opening tells what the page costs
MOST = {  # milliseconds and bytes
    "bytes": 150_000,
    "requests": 32,
    "shift": 0.001,
}
AT_ONCE = {"marks": 2_200, "places": 2_500, "bytes_until_places": 80_000}
MOST_BLOCKING = 200  # milliseconds of the processor, which belong to a bench: a busy machine only shows its own load
ALL_THERE = "() => document.querySelector('#map.map--cells') && document.fonts.check('16px \"Plus Jakarta Sans\"')"
COST = """() => {
  const time = (name) => performance.getEntriesByName(name)[0].startTime;
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const until = entries.filter((entry) => entry.responseEnd <= time("peta:tempat"));
  const sum = (all) => all.reduce((bytes, entry) => bytes + entry.transferSize, 0);
  return {
    marks: time("first-contentful-paint"), places: time("peta:tempat"), blocking: window.blocking(),
    bytes_until_places: sum(until), bytes: sum(entries), requests: entries.length, shift: window.seen.shift,
  };
}"""


def opened(visit):
    """Return what one opening of the map on a new phone cost."""
    phone = SlowPhone(visit(width=360, is_mobile=True, has_touch=True, device_scale_factor=2))
    phone.page.goto("/peta/")
    phone.page.wait_for_function(ALL_THERE)
    return phone.page.evaluate(COST)


def over(costs, limits):
    """Return what the best of several openings exceeds."""
    best = {name: min(cost[name] for cost in costs) for name in limits}
    return {name: found for name, found in best.items() if found > limits[name]}


def test_the_map_weighs_little(visit):
    assert over([opened(visit)], MOST) == {}


@pytest.mark.bench
def test_the_map_is_there_at_once(visit):
    assert over([opened(visit) for _try in range(TRIES)], AT_ONCE) == {}


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
def test_the_map_blocks_nobody(visit):
    assert min(opened(visit)["blocking"] for _try in range(TRIES)) <= MOST_BLOCKING


@pytest.mark.bench
def test_a_tap_is_answered_at_once(visit):
    phone = SlowPhone(visit(width=360, is_mobile=True, has_touch=True, device_scale_factor=2))
    phone.page.add_init_script(
        "window.taps = [];"
        "new PerformanceObserver((list) => window.taps.push(...list.getEntries().filter((e) => e.name === 'click')"
        ".map((e) => e.duration))).observe({type: 'event', durationThreshold: 16, buffered: true});"
    )
    answers = []
    for _try in range(TRIES):
        phone.page.goto("/peta/")
        phone.page.wait_for_function(ALL_THERE)
        phone.page.locator(".map-cluster").nth(2).tap()
        phone.page.wait_for_function("() => window.taps.length")
        answers.append(min(phone.page.evaluate("window.taps")))
        if answers[-1] <= 150:
            return
    assert min(answers) <= 150, answers
