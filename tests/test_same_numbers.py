"""One filter, three doors: page, API and file pick the same places and show the same numbers."""

import csv
import io
import random
import re

import pytest

from tests import factories

CHOICES = {
    "wilayah": ["31", "31.74", "317405", "31.74.05.1006", "31.74.04"],
    "program": ["pangan", "pendidikan"],
    "paket": ["sembako", "tablet", "lebaran"],
    "jenis": ["rw", "sekolah"],
    "prioritas": ["ya", "tidak"],
    "sisa_min": ["1", "5", "20"],
    "q": ["rw", "ragunan", "sekolah"],
    "bbox": ["106.7,-6.3,106.8,-6.2"],
}


@pytest.fixture
def city(db):
    """A handful of places of two kinds in three kelurahan with needs in two programmes and promises in every state."""
    school = factories.kind("sekolah", "Sekolah")
    packages = [
        factories.package("sembako"),
        factories.package("lebaran"),
        factories.package("tablet", of=factories.program("pendidikan", "Pendidikan")),
    ]
    chance = random.Random(7)
    for index in range(10):
        within = ("31.74.05.1006", "31.74.05.1001", "31.74.04.1004")[index % 3]
        kind = school if index % 4 == 0 else None
        place = factories.location(index + 1, within=within, of_kind=kind, is_priority=index % 2 == 0)
        for package in chance.sample(packages, chance.randint(0, 3)):
            need = factories.need(chance.randint(1, 30), at=place, of=package)
            chance.choice([factories.promise, factories.accepted, factories.delivered])(need, 1)


def filters(count=25):
    """Yield random combinations of parameters, some repeated."""
    chance = random.Random(2020)
    yield {}
    for _ in range(count):
        names = chance.sample(list(CHOICES), chance.randint(1, 3))
        yield {name: chance.sample(CHOICES[name], min(len(CHOICES[name]), chance.randint(1, 2))) for name in names}


def file_rows(client, chosen):
    answer = client.get("/data/lokasi.csv", chosen)
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_page_api_and_file_agree(client, city):
    counts = set()
    for chosen in filters():
        api = client.get("/api/v1/lokasi/", {**chosen, "ukuran": 200}).json()
        page = client.get("/lokasi/", {**chosen, "ukuran": 200})
        rows = file_rows(client, chosen)
        codes = [row["kode"] for row in api["results"]]
        listed = re.findall(r'<th scope="row"><a href="/lokasi/([^/"]+)/"', page.content.decode())
        assert listed == codes, chosen
        assert api["count"] == len(codes) == page.context["count"]
        assert sorted(row["kode"] for row in rows) == sorted(codes)
        _same_quantities(api["results"], rows, page.context["places"])
        counts.add(len(codes))
    assert len(counts) > 4


def _same_quantities(api, rows, places):
    by_code = {row["kode"]: row for row in rows}
    for row, place in zip(api, places, strict=True):
        line = by_code[row["kode"]]
        for name in ("dibutuhkan", "diajukan", "komitmen", "tersalurkan", "sisa_kebutuhan"):
            assert int(line[f"kebutuhan_{name}"]) == sum(need[name] for need in row["kebutuhan"])
        assert place["left"] == int(line["kebutuhan_sisa_kebutuhan"])
        assert place["share"] == row["terpenuhi"] == (float(line["terpenuhi"]) if line["terpenuhi"] else None)


def test_map_and_list_are_one_set(client, city):
    for chosen in filters(8):
        matches = client.get("/api/v1/peta/lokasi/", chosen).json()
        assert matches["jumlah"] == client.get("/api/v1/lokasi/", chosen).json()["count"]
        # Without any filter the map opens on the marked places; an empty one asks for all.
        assert client.get("/peta/", {"prioritas": "", **chosen}).context["count"] == matches["jumlah"]


def test_needs_by_api_and_file_agree(client, city):
    for chosen in filters(8):
        api = client.get("/api/v1/kebutuhan/", {**chosen, "ukuran": 200}).json()
        answer = client.get("/data/kebutuhan.csv", chosen)
        text = b"".join(answer.streaming_content).decode()
        rows = {row["kode"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
        assert len(rows) == api["count"]
        for need in api["results"]:
            assert {name: str(value) for name, value in need.items()} == rows[need["kode"]]


def test_the_place_page_shows_the_apis_numbers(client, city):
    for row in client.get("/api/v1/lokasi/", {"sisa_min": 1, "ukuran": 5}).json()["results"]:
        now = client.get(f"/lokasi/{row['kode']}/").context["now"]
        assert now["left"] == sum(need["sisa_kebutuhan"] for need in row["kebutuhan"])
        assert now["share"] == row["terpenuhi"]


def test_an_area_adds_up_its_places(client, city):
    rows = client.get("/api/v1/lokasi/", {"wilayah": "31.74", "ukuran": 200}).json()["results"]
    sums = client.get("/wilayah/31.74/").context["sums"]
    for name, word in (("needed", "dibutuhkan"), ("left", "sisa_kebutuhan"), ("arrived", "tersalurkan")):
        assert sums[name] == sum(need[word] for row in rows for need in row["kebutuhan"])
