"""The file of outlines: approximate cells until real borders are given, written by the job, read by everybody."""

import json

import pytest
from django.utils import timezone

from locations import shapes
from locations.models import Boundary
from tests import factories

pytestmark = pytest.mark.django_db
# Two neighbours in one kecamatan, in whole steps of the topology's grid, clockwise.
LEFT = [[[[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]]]
RIGHT = [[[[10, 0], [10, 10], [20, 10], [20, 0], [10, 0]]]]
SQUARE = {"type": "Polygon", "coordinates": []}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


def boundary(code, outline, geometry=SQUARE):
    return Boundary.objects.create(
        area=factories.area(code), outline=outline, geometry=geometry, changed_at=timezone.now()
    )


def read(client, **headers):
    return client.get(f"/api/v1/peta/batas/{shapes.current()}.json", headers=headers)


def test_without_borders_the_cells_of_our_fixture_are_served(client):
    answer = read(client)
    table = answer.json()
    assert len(table["objects"]["kelurahan"]["geometries"]) == 267
    assert table["properties"] == {"perkiraan": True}
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_visitor_never_writes_the_file(client):
    read(client)
    assert not shapes.folder().exists()


def test_the_job_writes_it_packed(client):
    assert shapes.rebuild()
    assert not shapes.rebuild()
    answer = read(client, accept_encoding="gzip, br")
    assert answer["Content-Encoding"] == "br"
    assert len(answer.content) < 11_000


def test_an_unknown_file_is_a_404(client):
    assert client.get("/api/v1/peta/batas/0123456789.json").status_code == 404


def test_real_borders_replace_the_cells_and_may_be_drawn(client):
    before = shapes.current()
    boundary("31.74.05.1001", LEFT)
    boundary("31.74.05.1006", RIGHT)
    assert shapes.rebuild()
    table = read(client).json()
    assert shapes.current() != before
    assert table["properties"] == {"perkiraan": False}
    assert [each["id"] for each in table["objects"]["kelurahan"]["geometries"]] == ["31.74.05.1001", "31.74.05.1006"]
    assert len(table["arcs"]) == len(table["objects"]["garis"]["arcs"]) == 3
    assert read(client).json() == json.loads(shapes.build())


@pytest.mark.parametrize(
    ("given", "lines"),
    [((), 0), (("31.74.05.1001",), 2), (("31.74.05",), 2), (("31.74.05.1001", "31.74.05.1006"), 3)],
)
def test_only_given_borders_are_lines(given, lines):
    """A kecamatan's border runs around both; between two kelurahan that are guessed there is no line."""
    for code, outline in (("31.74.05.1001", LEFT), ("31.74.05.1006", RIGHT)):
        boundary(code, outline, SQUARE if code in given else None)
    if "31.74.05" in given:
        boundary("31.74.05", None)
    table = json.loads(shapes.build())
    assert len(table["objects"]["garis"]["arcs"]) == lines
    guessed = [code for code in ("31.74.05.1001", "31.74.05.1006") if code not in given]
    some = {"perkiraan_di": guessed} if len(guessed) == 1 else {}
    assert table["properties"] == {"perkiraan": len(guessed) == 2, **some}


def test_outlines_are_read_once_and_again_when_they_changed():
    first = shapes.outlines()
    assert shapes.outlines() is first
    boundary("31.74.05.1001", LEFT)
    shapes.rebuild()
    assert list(shapes.outlines().areas) == ["31.74.05.1001"]
