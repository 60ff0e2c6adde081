"""The map's approximate cells: made by our script from our own table of areas, and what they promise."""

import csv
import importlib
import json

import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon

from locations.topology import Topology
from tests.house.source import ROOT, read

TEXT = read(ROOT / "fixtures" / "cells.json")
CELLS = Topology(json.loads(TEXT))
with (ROOT / "fixtures" / "areas.csv").open(encoding="utf-8") as file:
    VILLAGES = [row for row in csv.DictReader(file) if row["level"] == "kelurahan"]


def polygon(*codes):
    return MultiPolygon([Polygon(CELLS.points(ring)) for ring in CELLS.outline(codes)])


def test_every_kelurahan_has_a_cell_and_nothing_else_has():
    assert set(CELLS.areas) == {row["code"] for row in VILLAGES}
    assert CELLS.properties == {"perkiraan": True}
    assert CELLS.lines == set()


def test_each_cell_holds_its_own_point():
    outside = [
        row["name"]
        for row in VILLAGES
        if not polygon(row["code"]).contains(Point(float(row["longitude"]), float(row["latitude"])))
    ]
    assert outside == []


def test_cells_share_borders_and_never_overlap():
    cells = [polygon(row["code"]) for row in VILLAGES]
    assert shapely.coverage_is_valid(cells)
    assert sum(cell.area for cell in cells) == pytest.approx(shapely.union_all(cells).area)


def test_merging_by_arcs_is_merging_the_polygons():
    south = [row["code"] for row in VILLAGES if row["code"].startswith("31.74")]
    together = shapely.union_all([polygon(code) for code in south])
    assert polygon(*south).symmetric_difference(together).area == pytest.approx(0, abs=1e-12)


def test_the_script_makes_the_same_file(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    made = json.loads(importlib.import_module("cells").made())
    again = Topology(made)
    for row in VILLAGES:
        mine = MultiPolygon([Polygon(again.points(ring)) for ring in again.outline([row["code"]])])
        assert mine.symmetric_difference(polygon(row["code"])).area < 1e-7, row["name"]


def test_the_file_is_small():
    assert len(TEXT) < 45_000
