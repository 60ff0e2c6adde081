"""`import_data batas FILE`: borders of areas as GeoJSON, checked, simplified with shared lines kept, drawn."""

import json
import random
from io import StringIO
from itertools import pairwise
from math import dist

import brotli
import pytest
import shapely
from django.core.management import call_command

from ksbb.core.models import AuditEntry
from locations import cells, reference, shapes, topology
from locations.models import Area, AreaLevel, Boundary
from tests import factories

pytestmark = pytest.mark.django_db
SOUTH, NORTH, DISTRICT = "31.74.05.1001", "31.74.05.1006", "31.74.05"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def areas():
    """Two kelurahan of one kecamatan, their points apart."""
    for code, latitude in ((SOUTH, "-6.25500"), (NORTH, "-6.24420")):
        factories.area(code)
        Area.objects.filter(pk=code).update(latitude=latitude, longitude="106.77830", area_km2="1.5")


def box(west, south, east, north):
    return [[[west, south], [west, north], [east, north], [east, south], [west, south]]]


NORTHERN = {"type": "Polygon", "coordinates": box(106.77, -6.25, 106.79, -6.24)}
SOUTHERN = {"type": "Polygon", "coordinates": box(106.77, -6.26, 106.79, -6.25)}
BOTH = {"type": "Polygon", "coordinates": box(106.77, -6.26, 106.79, -6.24)}


def feature(code, geometry=NORTHERN, **properties):
    return {"type": "Feature", "properties": {"kode": code, **properties}, "geometry": geometry}


def run(folder, *features, commit=True, text=None):
    """Run the command on a file of features; returns (exit code, report)."""
    path = folder / "batas.geojson"
    path.write_text(text or json.dumps({"type": "FeatureCollection", "features": features}, indent=1), "utf-8")
    out, code = StringIO(), 0
    try:
        call_command("import_data", "batas", path, json=True, commit=commit, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


def counts(report):
    return [report[name] for name in ("baru", "berubah", "sama", "dilewati")]


# --- What is written ------------------------------------------------------------------------------------------------
def test_a_dry_run_says_what_would_change_and_writes_nothing(areas, tmp_path):
    code, report = run(tmp_path, feature(NORTH), feature(SOUTH, SOUTHERN), commit=False)
    assert (code, counts(report)) == (0, [2, 0, 0, 0])
    assert report["berkas"] == "batas.geojson"
    assert (report["jenis"], report["ditolak_berkas"], report["ditolak"]) == ("batas", False, [])
    assert not Boundary.objects.exists()
    assert not AuditEntry.objects.filter(kind="boundaries.replaced").exists()


def test_borders_replace_the_cells_on_the_map(areas, tmp_path):
    run(tmp_path, feature(NORTH), feature(SOUTH, SOUTHERN))
    table = json.loads(shapes.build())
    assert table["properties"] == {"perkiraan": False}
    drawn = topology.Topology(table)
    assert set(drawn.areas) == {NORTH, SOUTH}
    assert {(round(x, 4), round(y, 4)) for x, y in drawn.points(drawn.outline([NORTH])[0])} == {
        (x, y) for x, y in map(tuple, NORTHERN["coordinates"][0])
    }
    assert len(drawn.arcs) == len(drawn.lines) == 3
    assert AuditEntry.objects.get(kind="boundaries.replaced").data == {"new": 2, "changed": 0}


def test_the_same_file_again_changes_nothing(areas, tmp_path):
    run(tmp_path, feature(NORTH), feature(SOUTH, SOUTHERN))
    before = list(Boundary.objects.values_list("pk", "changed_at"))
    assert counts(run(tmp_path, feature(NORTH), feature(SOUTH, SOUTHERN))[1]) == [0, 0, 2, 0]
    assert list(Boundary.objects.values_list("pk", "changed_at")) == before


def test_a_border_that_moved_is_changed_and_the_others_stay(areas, tmp_path):
    run(tmp_path, feature(NORTH), feature(SOUTH, SOUTHERN))
    larger = {"type": "Polygon", "coordinates": box(106.77, -6.27, 106.79, -6.25)}
    assert counts(run(tmp_path, feature(SOUTH, larger))[1]) == [0, 1, 0, 0]
    assert Boundary.objects.get(area=NORTH).geometry["coordinates"]
    assert set(topology.Topology(json.loads(shapes.build())).areas) == {NORTH, SOUTH}


def test_a_kelurahan_without_a_border_keeps_what_its_neighbours_leave(areas, tmp_path):
    run(tmp_path, feature(NORTH))
    table = json.loads(shapes.build())
    assert table["properties"] == {"perkiraan": False, "perkiraan_di": [SOUTH]}
    north, south = (polygon(topology.Topology(table), code) for code in (NORTH, SOUTH))
    assert north.intersection(south).area == pytest.approx(0, abs=1e-9)
    assert south.area > 0
    assert counts(run(tmp_path, feature(SOUTH, SOUTHERN))[1]) == [1, 0, 0, 0]
    assert json.loads(shapes.build())["properties"] == {"perkiraan": False}


def test_a_border_is_withdrawn_by_a_feature_without_geometry(areas, tmp_path):
    run(tmp_path, feature(NORTH), feature(SOUTH, SOUTHERN))
    dry = run(tmp_path, feature(SOUTH, None), commit=False)[1]
    assert [row["pesan"] for row in dry["peringatan"]] == [
        "Kebayoran Lama Selatan: batasnya ditarik; peta memakai batas perkiraan."
    ]
    assert counts(run(tmp_path, feature(SOUTH, None))[1]) == [0, 1, 0, 0]
    assert json.loads(shapes.build())["properties"] == {"perkiraan": False, "perkiraan_di": [SOUTH]}
    assert counts(run(tmp_path, feature(SOUTH, None))[1]) == [0, 0, 1, 0]


def test_without_any_border_left_the_map_has_its_cells_again(areas, tmp_path):
    run(tmp_path, feature(NORTH), feature(DISTRICT, BOTH))
    run(tmp_path, feature(NORTH, None), feature(DISTRICT, None), feature(NORTH, None))
    assert not Boundary.objects.exists()
    assert shapes.build() == shapes.FALLBACK.read_bytes().strip()


def test_a_feature_that_forgot_its_geometry_withdraws_nothing(areas, tmp_path):
    run(tmp_path, feature(NORTH))
    end, report = run(tmp_path, {"type": "Feature", "properties": {"kode": NORTH}})
    assert (end, len(report["ditolak"])) == (1, 1)
    assert Boundary.objects.get(area=NORTH).geometry


def test_a_kecamatan_is_shared_out_to_its_kelurahan(areas, tmp_path):
    run(tmp_path, feature(DISTRICT, BOTH))
    table = json.loads(shapes.build())
    assert table["properties"] == {"perkiraan": True}
    drawn = topology.Topology(table)
    whole = shapely.union_all([polygon(drawn, NORTH), polygon(drawn, SOUTH)])
    assert whole.area == pytest.approx(0.02 * 0.02, rel=0.01)
    assert len(drawn.lines) == len(drawn.arcs) - 1, "no line between two kelurahan whose border nobody gave"


def polygon(drawn, code):
    return shapely.union_all([shapely.Polygon(drawn.points(ring)) for ring in drawn.outline([code])])


def test_several_features_of_one_area_are_its_parts(areas, tmp_path):
    island = {"type": "Polygon", "coordinates": box(106.80, -6.25, 106.81, -6.24)}
    code, report = run(tmp_path, feature(NORTH), feature(NORTH, island))
    assert (code, counts(report)) == (0, [1, 0, 0, 0])
    assert [row["kolom"] for row in report["peringatan"]] == ["geometry"]
    assert Boundary.objects.get(area=NORTH).geometry["type"] == "MultiPolygon"


# --- The code -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "properties",
    [
        {"kode": NORTH},
        {"KDEPUM": NORTH, "KDEBPS": "3171060006"},
        {"code": 3174051006},
        {"Kode_Kemendagri": "3174051006"},
        {"ID": 12, "kode_kelurahan": NORTH},
        {"kode": "JKT-7", "code": 3174051006.0},
    ],
)
def test_the_code_is_found_under_the_names_that_registers_use(areas, tmp_path, properties):
    row = {"type": "Feature", "properties": properties, "geometry": NORTHERN}
    assert counts(run(tmp_path, row, commit=False)[1]) == [1, 0, 0, 0]


def test_the_code_may_be_the_features_own_id(areas, tmp_path):
    row = {"type": "Feature", "id": NORTH, "properties": None, "geometry": NORTHERN}
    assert counts(run(tmp_path, row, commit=False)[1]) == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("3171060006", "kode BPS"),
        ("3171060", "kode BPS"),
        ("31.74.09.1001", "bukan kelurahan atau kecamatan"),
        ("31.74", "bukan kelurahan atau kecamatan"),
        ("Ragunan", "Bukan kode wilayah"),
    ],
)
def test_a_wrong_code_is_refused_and_the_rest_is_read(areas, tmp_path, code, words):
    end, report = run(tmp_path, feature(code, name="Ragunan"), feature(NORTH))
    assert (end, counts(report)) == (1, [1, 0, 0, 0])
    (refused,) = report["ditolak"]
    assert words in refused["pesan"]
    assert "fitur ke-1 (Ragunan)" in refused["pesan"]
    assert (refused["baris"], refused["kolom"]) == (4, "kode")


def test_a_feature_without_a_code_is_told_where_to_put_it(areas, tmp_path):
    _end, report = run(tmp_path, feature("", name="Ragunan"))
    assert "Beri kolom “kode”" in report["ditolak"][0]["pesan"]


# --- The geometry ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({}, "Polygon atau MultiPolygon"),
        ({"type": "Point", "coordinates": [106.7, -6.2]}, "Polygon atau MultiPolygon"),
        ({"type": "Polygon", "coordinates": []}, "kosong"),
        ({"type": "Polygon", "coordinates": [[[106.7, -6.2], [106.8, -6.2], [106.8, -6.3]]]}, "tidak tertutup"),
        ({"type": "Polygon", "coordinates": box(691000, 9307000, 692000, 9308000)}, "dalam derajat"),
        ({"type": "Polygon", "coordinates": [[["106.7", "-6.2"]] * 4]}, "dalam derajat"),
        ({"type": "Polygon", "coordinates": [[[106.7, -6.2]] * 4]}, "tidak melingkupi"),
        ({"type": "Polygon", "coordinates": box(107.77, -6.25, 107.79, -6.24)}, "kode BPS"),
        ({"type": "MultiPolygon", "coordinates": [3]}, "kosong atau bukan daftar"),
    ],
)
def test_a_broken_border_is_refused(areas, tmp_path, geometry, words):
    end, report = run(tmp_path, feature(NORTH, geometry))
    assert (end, counts(report)) == (1, [0, 0, 0, 0])
    assert words in report["ditolak"][0]["pesan"]
    assert report["ditolak"][0]["kolom"] == "geometry"


def test_a_border_that_crosses_itself_is_mended(areas, tmp_path):
    bow = [[[106.77, -6.25], [106.79, -6.24], [106.79, -6.25], [106.77, -6.24], [106.77, -6.25]]]
    assert counts(run(tmp_path, feature(NORTH, {"type": "Polygon", "coordinates": bow}))[1]) == [1, 0, 0, 0]
    assert shapely.geometry.shape(Boundary.objects.get(area=NORTH).geometry).is_valid


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("{", 1, "bukan JSON"),
        ('{"type":\n"Topology"}', 1, "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', 1, "sedikitnya satu"),
        ('{"type": "FeatureCollection",\n "features": [}', 2, "bukan JSON"),
        ("[1]", 1, "FeatureCollection"),
    ],
)
def test_another_file_is_refused_as_a_whole(tmp_path, text, line, words):
    end, report = run(tmp_path, text=text)
    assert (end, report["ditolak_berkas"]) == (1, True)
    assert report["ditolak"][0]["baris"] == line
    assert words in report["ditolak"][0]["pesan"]


@pytest.mark.parametrize("row", [None, 3, "x", [], {}, {"properties": 3, "geometry": []}])
def test_features_that_are_none_are_refused(areas, tmp_path, row):
    end, report = run(tmp_path, row)
    assert (end, len(report["ditolak"])) == (1, 1)


def test_people_read_the_same_report(areas, tmp_path, capsys):
    path = tmp_path / "x.geojson"
    rows = [feature("3171060006"), feature(NORTH)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    with pytest.raises(SystemExit):
        call_command("import_data", "batas", path)
    said = capsys.readouterr().out
    assert "Ditolak, baris 1, kode: fitur ke-1 (?): Ini kode BPS." in said
    assert "1 baru, 0 berubah, 0 sama, 0 dilewati, 1 ditolak." in said
    assert "Ulangi dengan --commit" in said


# --- A whole city ---------------------------------------------------------------------------------------------------
def wiggly(line, chance, least=0.0006):
    """Return a line with bends upon bends, as a surveyed border has them."""
    found, todo = [line[0]], [*pairwise(line)][::-1]
    while todo:
        start, end = todo.pop()
        if dist(start, end) < least:
            found.append(end)
            continue
        aside = chance.uniform(-0.2, 0.2)
        middle = (
            (start[0] + end[0]) / 2 - (end[1] - start[1]) * aside,
            (start[1] + end[1]) / 2 + (end[0] - start[0]) * aside,
        )
        todo += [(middle, end), (start, middle)]
    return found


def test_the_borders_of_a_whole_city_stay_small_and_shared(tmp_path):
    reference.load()
    chance, ground = random.Random(7), topology.Topology(json.loads(shapes.FALLBACK.read_bytes()))
    ground.arcs = [wiggly(arc, chance) for arc in ground.arcs]
    rows = [
        feature(code, {"type": "Polygon", "coordinates": [[*ring, ring[0]] for ring in rings]})
        for code in ground.areas
        if (rings := [ground.points(ring) for ring in ground.outline([code])])
    ]
    end, report = run(tmp_path, *rows)
    assert (end, report["baru"]) == (0, 267)
    body = shapes.build()
    assert len(brotli.compress(body)) <= 60_000
    drawn = topology.Topology(json.loads(body))
    assert drawn.properties == {"perkiraan": False}
    shared = sum(len(drawn.outline([code])[0]) for code in drawn.areas) - len(drawn.arcs)
    assert shared > 267, "neighbours use the same arcs"
    assert sum(map(len, drawn.arcs)) > 2 * sum(map(len, CELLS.arcs)), "simplified, not flattened"


CELLS = topology.Topology(json.loads(shapes.FALLBACK.read_bytes()))


def test_the_cells_of_our_own_areas_are_those_of_the_fixture():
    reference.load()
    rows = Area.objects.filter(level=AreaLevel.VILLAGE).values_list("pk", "longitude", "latitude", "area_km2")
    made = cells.simpler(cells.approximate([(code, *map(float, numbers)) for code, *numbers in rows]), cells.CALM)
    assert made.keys() == CELLS.areas.keys()
