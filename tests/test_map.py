"""The map's file of places: all public places, named by its content, written by the job alone; the page around it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ksbb.core import version
from locations import snapshot
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


def places_of(table):
    """Return the rows of a snapshot's columns, as the map's module reads them."""
    homes = [area for area, many in zip(table["kelurahan"], table["banyak"], strict=True) for _ in range(many)]
    rows, east, north, key = [], 0, 0, 0
    for index, home in enumerate(homes):
        east, north, key = east + table["x"][index], north + table["y"][index], key + table["id"][index]
        rest = table["kode"][index]
        code = rest[1:] if rest.startswith("=") else f"{home.replace('.', '')}-{rest}"
        rows.append(
            (code, key, east / snapshot.GRID, north / snapshot.GRID, table["terpenuhi"][index], table["sisa"][index])
        )
    return rows


def read(client):
    manifest = client.get("/api/v1/peta/").json()
    return manifest, client.get(manifest["url"])


def test_the_file_holds_every_public_place(client):
    need = factories.need(10)
    factories.accepted(need, 4)
    factories.location(within="31.74.04.1004")
    factories.location(published=False)
    manifest, answer = read(client)
    rows = {row[0]: row for row in places_of(answer.json())}
    listed = client.get("/api/v1/lokasi/").json()
    assert manifest["jumlah"] == listed["count"] == len(rows) == 2
    for row in listed["results"]:
        _code, _key, east, north, share, left = rows[row["kode"]]
        assert (round(east, 5), round(north, 5)) == (row["bujur"], row["lintang"])
        assert share == (-1 if row["terpenuhi"] is None else int(row["terpenuhi"] * 100))
        assert left == sum(each["sisa_kebutuhan"] for each in row["kebutuhan"])


def test_a_visitor_never_writes_the_file(client):
    factories.location()
    read(client)
    assert not snapshot.folder().exists()


def test_the_job_writes_once_and_again_when_the_data_move(client):
    need = factories.need(10)
    assert snapshot.rebuild() is True
    assert snapshot.rebuild() is False
    before, answer = read(client)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    factories.promise(need, 3)
    version.forget()
    assert snapshot.rebuild() is True
    after, _answer = read(client)
    assert before["url"] != after["url"]
    assert client.get(before["url"]).status_code == 200


def test_the_file_comes_compressed_ahead_of_time(client):
    factories.location()
    snapshot.rebuild()
    url = client.get("/api/v1/peta/").json()["url"]
    plain = client.get(url)
    for encoding in ("br", "gzip"):
        packed = client.get(url, headers={"accept-encoding": encoding})
        assert packed["Content-Encoding"] == encoding
        assert packed["Vary"] == "Accept-Encoding"
        assert packed.content != plain.content


def test_the_manifest_is_304_until_a_new_file_is_there(client):
    factories.location()
    first = client.get("/api/v1/peta/")
    assert client.get("/api/v1/peta/", headers={"if-none-match": first["ETag"]}).status_code == 304
    manifest = {**json.loads(json.dumps(first.json()))}
    snapshot.rebuild()
    assert client.get("/api/v1/peta/").json()["versi"] == manifest["versi"]


def test_an_empty_city_has_an_empty_file(client):
    manifest, answer = read(client)
    assert manifest["jumlah"] == 0
    assert answer.json()["id"] == []


def test_matches_are_the_list_of_the_same_filter(client):
    chosen = factories.location(within="31.74.04.1004")
    factories.location()
    answer = client.get("/api/v1/peta/lokasi/", {"wilayah": "31.74.04"}).json()
    assert answer == {"jumlah": 1, "id": [chosen.pk]}


@given(st.lists(st.integers(0, 10**9)))
def test_steps_add_up_to_the_numbers(numbers):
    total, back = 0, []
    for step in snapshot.steps(numbers):
        total += step
        back.append(total)
    assert back == numbers


def test_the_page_works_without_scripts(client, django_assert_max_num_queries):
    need = factories.need(12)
    with django_assert_max_num_queries(20):
        text = client.get("/peta/").content.decode()
    assert f'href="/lokasi/{need.location.code}/"' in text
    assert "Kebayoran Lama" in text
    assert "<script>" not in text
    assert 'id="map" hidden' in text
