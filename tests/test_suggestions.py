"""`/api/v1/saran/`: what a search box offers, found by the same search as `q`."""

import pytest

from ksbb.core import version
from locations.models import AreaAlias
from tests import factories

pytestmark = pytest.mark.django_db


def asked(client, *texts):
    return client.get("/api/v1/saran/", {"q": list(texts)}).json()["results"]


def codes(client, *texts):
    return [row["kode"] for row in asked(client, *texts)]


def test_a_row_says_what_it_is_where_and_its_page(client):
    place = factories.location(3, within="31.74.04.1004")
    area, row = asked(client, "ragunan")
    assert (area["jenis"], area["kode"], area["nama"]) == ("wilayah", "31.74.04.1004", "Ragunan")
    assert area["keterangan"] == "Kelurahan · Pasar Minggu, Jakarta Selatan"
    assert (row["jenis"], row["kode"], row["nama"]) == ("lokasi", place.code, "RW 03 Ragunan")
    assert row["keterangan"] == "RW · Ragunan, Pasar Minggu, Jakarta Selatan"
    assert (row["bujur"], row["lintang"]) == (106.7783, -6.2442)
    assert row["url"].endswith(f"/lokasi/{place.code}/")
    assert client.get(row["url"]).status_code == client.get(area["url"]).status_code == 200


def test_places_are_those_of_the_same_search(client):
    factories.location(3), factories.location(13), factories.location(3, within="31.74.04.1004")
    for text in ("rw 3", "RW 03 kebayoran", "jakarta selatan", "tidak ada"):
        places = [row["kode"] for row in asked(client, text) if row["jenis"] == "lokasi"]
        listed = client.get("/api/v1/lokasi/", {"q": text}).json()["results"]
        assert sorted(places) == sorted(row["kode"] for row in listed)


def test_the_widest_area_comes_first_and_other_spellings_count(client):
    area = factories.area("31.74.05.1006")
    factories.area("31.74.05.1001"), factories.area("31.71.01.1001")
    AreaAlias.objects.create(area=area, name="KEB LAMA UTARA")
    assert codes(client, "gambir") == ["31.71.01", "31.71.01.1001"]
    assert codes(client, "kecamatan kebayoran")[0] == "31.74.05"
    assert codes(client, "keb lama") == ["31.74.05", "31.74.05.1001", "31.74.05.1006"]
    assert codes(client, "jakarta selatan") == ["31.74"]


def test_at_most_eight_and_not_for_a_single_letter(client):
    for rw in range(1, 12):
        factories.location(rw)
    assert len(codes(client, "kebayoran")) == 8
    assert codes(client, "k") == codes(client, "") == codes(client, "   ") == []
    assert client.get("/api/v1/saran/").json() == {"results": []}


def test_a_hidden_place_is_not_offered_nor_its_point(client):
    factories.location(1, published=False, name="Rumah Rahasia")
    children = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    factories.location(of_kind=children, name="Panti Contoh", longitude="106.70000", latitude="-6.20000")
    assert codes(client, "rahasia") == []
    [row] = asked(client, "panti contoh")
    assert (row["bujur"], row["lintang"]) == (106.7783, -6.2442)


def test_wrong_text_is_400_and_never_a_5xx(client):
    answer = client.get("/api/v1/saran/", {"q": "x" * 101})
    assert answer.status_code == 400
    assert set(answer.json()["galat"]) == {"q"}
    for text in ("%00", "%ED%A0%80", "%25%25%25", "rw+999999999999", "💥" * 20, "'%22;--"):
        assert client.get(f"/api/v1/saran/?q={text}").status_code in (200, 400)


def test_it_is_remembered_and_304_until_the_data_move(client, django_assert_num_queries):
    factories.location(3)
    first = client.get("/api/v1/saran/", {"q": "kebayoran"})
    with django_assert_num_queries(0):
        client.get("/api/v1/saran/", {"q": "kebayoran"})
        again = client.get("/api/v1/saran/", {"q": "kebayoran"}, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    factories.need(4, at=factories.location(4))
    version.forget()
    assert len(codes(client, "kebayoran")) == len(first.json()["results"]) + 1


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for rw in range(1, 20):
        factories.location(rw)
    with django_assert_max_num_queries(11):
        client.get("/api/v1/saran/", {"q": "rw 1 kebayoran"})
