"""`/lokasi/`: the list with its filters, counts, order and pages."""

import pytest

from ksbb.core import version
from tests import factories

pytestmark = pytest.mark.django_db


def test_counts_say_how_many_places_a_choice_would_show(client):
    school = factories.kind("sekolah", "Sekolah")
    tablet = factories.package("tablet", of=factories.program("pendidikan", "Pendidikan"))
    factories.need(5, at=factories.location(is_priority=True))
    factories.need(5, at=factories.location(of_kind=school), of=tablet)
    counts = client.get("/lokasi/", {"jenis": "rw"}).context["counts"]
    assert counts["program"] == {"pangan": 1}
    assert counts["jenis"] == {"rw": 1, "sekolah": 1}
    assert counts["prioritas"] == {"ya": 1, "tidak": 0}
    for name in ("program", "paket", "jenis"):
        for value, places in client.get("/lokasi/").context["counts"][name].items():
            assert client.get("/lokasi/", {name: value}).context["count"] == places


def test_rows_say_what_is_lacking(client):
    need = factories.need(40)
    factories.promise(need, 5)
    text = client.get("/lokasi/").content.decode()
    assert "Kurang 35 paket" in text
    assert "35 sembako" in text
    assert "Terpenuhi 12 %" in text


def test_nothing_found_says_what_to_do_next(client):
    text = client.get("/lokasi/", {"q": "tidak ada di mana pun"}).content.decode()
    assert "Belum ada tempat yang cocok" in text
    assert 'href="/lokasi/"' in text


def test_filters_survive_the_page_but_a_cursor_does_not_survive_a_filter(client):
    for _ in range(3):
        factories.need(4)
    first = client.get("/lokasi/", {"ukuran": 1, "program": "pangan"})
    second = client.get(first.context["next"])
    text = second.content.decode()
    assert 'name="cursor"' not in text
    assert 'value="pangan" ' in text
    assert second.context["places"] != first.context["places"]
    assert second.context["previous"]


def test_the_files_of_the_list_have_its_filters(client):
    text = client.get("/lokasi/", {"wilayah": "31.74", "urut": "nama"}).content.decode() if factories.area() else ""
    assert "/data/lokasi.csv?wilayah=31.74" in text


def test_a_promise_shows_within_the_next_second(client):
    need = factories.need(10)
    assert client.get("/lokasi/").context["places"][0]["left"] == 10
    factories.promise(need, 4)
    version.forget()
    assert client.get("/lokasi/").context["places"][0]["left"] == 6


def test_a_new_programme_shows_up_without_code(client):
    fresh = factories.program("kesehatan", "Kesehatan")
    need = factories.need(3, of=factories.package("vitamin", of=fresh))
    text = client.get("/lokasi/").content.decode()
    assert "Kesehatan" in text
    assert client.get("/lokasi/", {"program": "kesehatan"}).context["places"][0]["code"] == need.location.code
    assert "kesehatan" in {row["slug"] for row in client.get("/api/v1/program/").json()["results"]}
    assert client.get("/program/kesehatan/").status_code == 200
    assert "Kesehatan" in client.get("/").content.decode()


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for _ in range(12):
        factories.need(5)
    with django_assert_max_num_queries(16):
        client.get("/lokasi/")
    version.forget()
    with django_assert_max_num_queries(12):
        client.get("/lokasi/")


@pytest.mark.parametrize("path", ["/lokasi/", "/peta/"])
def test_where_nothing_is_recorded_no_filter_is_to_blame(client, db, path):
    assert "Hapus semua saringan" not in client.get(path).text
    assert "Hapus semua saringan" in client.get(f"{path}?q=zzz").text
