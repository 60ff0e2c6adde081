"""What readers cost, in ratios to a page that says nothing: both engines, the demo city and one ten times as large."""

import json
from dataclasses import dataclass

import pytest

from tests.bench.cities import city, has_postgres

SCALES = (1, 10)
ENGINES = ("sqlite", "postgresql")
PAGES = ("home", "map", "dashboard", "list", "deep", "place", "search")


@dataclass(frozen=True)
class Goal:
    """`value` takes the measured figures of a city (and of the small one on its engine); at most `most` is well.

    `scales` are those that the goal is about.
    """

    words: str
    most: float
    value: object
    unit: str = "×"
    scales: tuple = SCALES


def against(name, other="hello"):
    return lambda here, small: here[name] / here[other]


def growth(name):
    """Return how much more often than at scale 1 a page could be a hello: what the machine does then stays out."""
    return lambda here, small: (here[name] / here["hello"]) / (small[name] / small["hello"])


def million(here):
    """Return what the file of a million lines cost."""
    return here["files"]["a million lines"]


LARGE = (10,)
# SQLite may keep 32 MB of its file in memory (ksbb/settings.py); what grows with the lines would grow by far more.
FLAT = 40
GOALS = (
    Goal("map data / hello (0.8 × its rate)", 1.25, against("map data")),
    Goal("304 / hello", 1.5, against("not modified")),
    Goal("map page / hello", 1.5, against("map kept")),
    Goal("dashboard / hello", 2, against("dashboard kept")),
    Goal("dashboard, growth", 1.1, growth("dashboard kept"), scales=LARGE),
    Goal("list / one query", 4, against("list kept", "one query")),
    Goal("deep page / first page, made anew", 1.1, against("deep made", "list made")),
    Goal("list, growth", 1.1, growth("list kept"), scales=LARGE),
    Goal("search box, in SQL", 3, lambda here, small: here["search in SQL"], "ms", LARGE),
    Goal("place / hello", 5, against("place kept")),
    Goal("KK check / hello", 2.5, against("kk check")),
    Goal("CSV of a million lines, a line", 10, lambda here, small: million(here)["microseconds"], "µs", LARGE),
    Goal("… its first byte", 100, lambda here, small: million(here)["first"], "ms", LARGE),
    Goal("… memory after a tenth of it", FLAT, lambda here, small: million(here)["memory"], "MB", LARGE),
)


@pytest.fixture(scope="module")
def cities():
    """What was measured: {(engine, scale): {case: milliseconds, "files": {name: what downloads.py found}}}."""
    found = {}
    for engine in ENGINES if has_postgres() else ENGINES[:1]:
        for scale in SCALES:
            with city(engine, scale) as here:
                found[engine, scale] = json.loads(here.python("-m", "tests.bench.reader"))
                if scale in LARGE:
                    found[engine, scale]["files"] = json.loads(here.python("-m", "tests.bench.downloads"))
    return found


def table(head, rows):
    """Return a table as docs/performance.md has it."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def columns(cities):
    return [f"{engine} × {scale}" for engine, scale in cities]


def judged(goal, value):
    """Return a figure as the table shows it, marked where it misses its goal."""
    return f"{value:.2f} {goal.unit}" + ("" if value <= goal.most else " **missed**")


def values(goal, cities):
    """Return the goal's figure in each city it is about, None in the others."""
    return [
        goal.value(here, cities[engine, 1]) if scale in goal.scales else None
        for (engine, scale), here in cities.items()
    ]


def goal_row(goal, cities):
    shown = ["" if value is None else judged(goal, value) for value in values(goal, cities)]
    return [goal.words, f"≤ {goal.most:g} {goal.unit}", *shown]


def page_row(page, how, cities):
    """Return a page's cost in hellos and milliseconds."""
    costs = [(here[f"{page} {how}"], here["hello"]) for here in cities.values()]
    return [page, how, *(f"{cost / hello:.1f} × ({cost:.1f} ms)" for cost, hello in costs)]


def file_rows(cities):
    """Return rows of what each file costs in each city."""
    for (engine, scale), here in cities.items():
        for name, file in here.get("files", {}).items():
            shown = f"{file['lines']:,}", f"{file['microseconds']:.1f} µs", f"{file['first']:.0f} ms"
            yield [f"{engine} × {scale}", name, *shown, f"{file['memory']:.0f} MB"]


def test_readers_cost_little(cities):
    heads = columns(cities)
    print("\n\n" + table(["", "goal", *heads], [goal_row(goal, cities) for goal in GOALS]))
    rows = [page_row(page, how, cities) for page in PAGES for how in ("kept", "made", "changed")]
    hellos = ["hello", "", *(f"{here['hello']:.2f} ms" for here in cities.values())]
    print("\n" + table(["page", "state", *heads], [hellos, *rows]) + "\n")
    print(table(["city", "file", "lines", "a line", "first byte", "growth"], file_rows(cities)) + "\n")
    missed = [goal.words for goal in GOALS for value in values(goal, cities) if value is not None and value > goal.most]
    assert missed == []
