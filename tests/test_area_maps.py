"""Maps drawn on the server: what they colour, where they lead, and that they stay small."""

import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from ksbb import area_maps, map_frame
from locations import reference, shapes
from locations.models import Area, AreaLevel
from locations.shown import sums_of_areas
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def jakarta():
    """All areas of the fixture, with one need in Kebayoran Lama Utara."""
    reference.load()
    factories.accepted(factories.need(10), 4)


def rows(level, **only):
    return sums_of_areas(level, Area.objects.filter(level=level, **only).order_by("pk"))


def cities():
    districts = rows(AreaLevel.DISTRICT)
    return [
        {**city, "districts": [row for row in districts if row["code"].startswith(city["code"])]}
        for city in rows(AreaLevel.CITY)
    ]


def address(code):
    return f"?wilayah={code}"


def drawn(made):
    """Return the map as elements: it must be well-formed."""
    return ElementTree.fromstring(f'<svg viewBox="0 0 {made["width"]} {made["height"]}">{made["svg"]}</svg>')


def links(made):
    return {link.get("href"): link.findtext("title") for link in drawn(made).iter("a")}


@pytest.mark.parametrize(
    ("share", "fill"), [(None, 0), (0, 1), (0.199, 1), (0.2, 2), (0.5, 3), (0.79, 4), (0.8, 5), (1, 5)]
)
def test_fills_begin_at_round_shares(share, fill):
    assert area_maps.step(share) == fill


def test_the_home_map_says_where_it_lacks(jakarta):
    made = area_maps.city_map(rows(AreaLevel.CITY), rows(AreaLevel.VILLAGE), address)
    assert links(made) == {"?wilayah=31.74": "Jakarta Selatan: masih dibutuhkan 6 paket. Terpenuhi 40 %"}
    assert [(words, count) for _fill, words, count in made["legend"] if count] == [
        ("40–59 %", 1),
        ("tanpa kebutuhan", 266),
    ]
    assert made["borders"] == "Batas perkiraan"
    assert len(made["svg"]) < 12_000


def test_nothing_is_stroked_where_borders_are_guessed(jakarta):
    made = area_maps.city_map(rows(AreaLevel.CITY), rows(AreaLevel.VILLAGE), address)
    assert 'stroke="#fff" d=' not in made["svg"]


def test_the_first_view_has_circles_for_phones_and_for_wide_windows(jakarta):
    made = area_maps.first_view(cities(), address)
    narrow, wide = (group for group in drawn(made).iter("g") if group.get("class") in ("narrow", "wide"))
    assert [link.get("href") for link in narrow.iter("a")] == ["?wilayah=31.74"]
    assert [link.get("href") for link in wide.iter("a")] == ["?wilayah=31.74.05"]


def test_islands_far_off_are_reached_from_the_upper_edge(jakarta):
    lacking = [{**city, "needed": 5, "left": 5, "share": 0.0} for city in cities()]
    made = area_maps.first_view(lacking, address)
    assert "?wilayah=31.01" in links(made)
    assert "Kepulauan Seribu" in made["svg"]
    west, south, east, north = map(float, made["box"].split())
    assert (west, south) < (106.7, -6.36)
    assert -6.08 < north < -5.98 < -5.9
    assert east > 106.97


def test_a_chosen_area_fills_the_first_view(jakarta):
    made = area_maps.first_view(cities(), address, within="31.74")
    assert list(links(made)) == ["?wilayah=31.74.05"]
    assert float(made["box"].split()[3]) < -6.15


def test_children_lead_to_their_pages(jakarta):
    children = rows(AreaLevel.VILLAGE, parent="31.74.05")
    made = area_maps.children_map("31.74.05", children)
    assert set(links(made)) == {f"/wilayah/{row['code']}/" for row in children}
    assert links(made)["/wilayah/31.74.05.1001/"] == "Kebayoran Lama Utara: tidak ada kebutuhan terbuka"


def test_places_are_pins_at_the_point_they_are_given():
    place = {"name": "RW 03", "words": "12 paket", "url": "/lokasi/x/", "longitude": 106.78, "latitude": -6.24}
    hidden = {**place, "name": "RW <04>", "url": "", "longitude": 106.79}
    made = area_maps.places_map([place, hidden], [])
    assert links(made) == {"/lokasi/x/": "RW 03: 12 paket"}
    assert "RW &lt;04&gt;: 12 paket" in made["svg"]


def test_a_map_of_places_shows_what_lies_around(jakarta):
    place = {"name": "RW 03", "words": "12 paket", "url": "", "longitude": 106.78, "latitude": -6.24}
    district = rows(AreaLevel.DISTRICT, pk="31.74.05")
    made = area_maps.places_map([place], district)
    fills = [path.get("fill") for path in drawn(made).iter("path") if path.get("d")]
    assert len([fill for fill in fills if fill in area_maps.QUIET]) > 4
    assert "Kebayoran Baru" in made["svg"]
    assert "Cakung" not in made["svg"]
    assert not any(path.get("stroke") for path in drawn(made).iter("path") if path.get("fill") in area_maps.QUIET)
    assert len(made["svg"]) < 6_000


def test_a_city_without_shapes_still_has_its_circles(monkeypatch):
    monkeypatch.setattr(shapes, "outlines", lambda: EMPTY)
    factories.need(10)
    made = area_maps.city_map(rows(AreaLevel.CITY), rows(AreaLevel.VILLAGE), address)
    assert list(links(made)) == ["?wilayah=31.74"]


EMPTY = shapes.topology.Topology(shapes.topology.encode({}, perkiraan=True))


def test_the_component_names_its_map_and_counts_areas(jakarta):
    made = area_maps.children_map("31.74.05", rows(AreaLevel.VILLAGE, parent="31.74.05"))
    page = Template('{% area_map made "Kebayoran Lama" unit="kelurahan" %}').render(Context({"made": made}))
    assert 'role="group" aria-label="Kebayoran Lama"' in page
    assert re.search(r"40–59 % · 1 kelurahan", page)
    assert "Batas perkiraan" in page


# --- The grid ---------------------------------------------------------------------------------------------------------
JAKARTA = map_frame.Frame((106.7, -6.4, 107.0, -6.1))


def test_a_frame_shows_exactly_its_box():
    assert JAKARTA.at(106.7, -6.1) == (10, 10)
    assert JAKARTA.at(107.0, -6.4)[0] == 470
    west, south, east, north = map_frame.Frame(JAKARTA.shown).box
    assert west < 106.7 < 107.0 < east
    assert south < -6.4 < -6.1 < north


@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80)), min_size=1, max_size=5))
def test_every_point_lies_on_the_sheet_around_it(points):
    frame = map_frame.Frame(map_frame.around(points))
    assert all(frame.holds(*frame.at(*point)) for point in points)
    assert 0.5 < frame.height / map_frame.WIDTH < 1.3


def test_paths_are_short_and_exact():
    ring = [(10, 10), (163, 10), (163, 10), (163, 164), (10, 164)]
    assert map_frame.path([ring]) == "M10 10l153 0 0 154-153 0z"
    assert map_frame.path([ring[:2]]) == ""
    assert map_frame.path([ring[:2]], closed=False) == "M10 10l153 0"


def test_bends_that_nobody_sees_go():
    line = [(106.7, -6.1), (106.75, -6.1001), (106.8, -6.1), (106.8, -6.2)]
    assert map_frame.thinned(JAKARTA, line, 6) == [(10, 10), (163, 10), (163, 164)]


def test_circles_that_would_cover_each_other_move_apart():
    (x1, y1), (x2, y2) = map_frame.apart([(100, 100, 20), (104, 100, 20)])
    assert abs(x1 - x2) >= 39
    assert (y1, y2) == (100, 100)


def test_names_stand_where_they_are_legible_or_not_at_all():
    names = [("Pancoran", [(100, 100)]), ("Tebet", [(110, 104), (110, 130)]), ("Ragunan", [(100, 100)])]
    assert map_frame.legible(names) == [("Pancoran", 100, 100), ("Tebet", 110, 130)]
    assert map_frame.legible(names[:1], [(100, 80, 30)]) == []
    assert map_frame.legible([("Pulau Untung Jawa", [(3, 50)])])[0][1] > 60
