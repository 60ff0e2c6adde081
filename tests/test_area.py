"""`/wilayah/<kode>/`: a kota, kecamatan, kelurahan: needs, children, givers, places."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def needs():
    here = factories.need(10, at=factories.location(within="31.74.05.1006"))
    there = factories.need(30, at=factories.location(within="31.74.04.1004"))
    factories.accepted(here, 5, by=factories.giver(name="Bu Wati"))
    factories.accepted(here, 2, by=factories.giver(attribution="anonim"))
    factories.promise(there, 3, by=factories.giver(name="Belum Terbukti"))
    return here, there


@pytest.mark.parametrize(
    ("code", "left", "children"),
    [("31.74", 30, 2), ("31.74.05", 3, 1), ("31.74.05.1006", 3, 0), ("31.74.04", 27, 1)],
)
def test_every_level_adds_up_what_lies_in_it(client, needs, code, left, children):
    context = client.get(f"/wilayah/{code}/").context
    assert context["sums"]["left"] == left
    assert len(context["children"]) == children
    assert sum(child["left"] for child in context["children"]) == (left if children else 0)


def test_fulfilment_is_the_mean_of_all_needs(client, needs):
    assert client.get("/wilayah/31.74/").context["sums"]["share"] == pytest.approx((0.7 + 0.1) / 2)


def test_a_kelurahan_lists_its_places(client, needs):
    context = client.get("/wilayah/31.74.05.1006/").context
    assert [place["code"] for place in context["places"]] == [needs[0].location.code]


def test_givers_are_named_as_their_gifts_allow(client, needs):
    givers = client.get("/wilayah/31.74/").context["givers"]
    assert [(row["name"], row["committed"]) for row in givers] == [
        ("Bu Wati", 5), ("Hamba Allah dan yang tanpa nama", 2),
    ]  # fmt: skip


def test_undotted_codes_lead_to_the_dotted_address(client, needs):
    answer = client.get("/wilayah/317405/")
    assert (answer.status_code, answer["Location"]) == (301, "/wilayah/31.74.05/")


@pytest.mark.parametrize("code", ["3171010", "99.99", "31", "abc", "31.74.05.1999", "1" * 500])
def test_what_is_no_area_of_ours_is_404(client, needs, code):
    assert client.get(f"/wilayah/{code}/").status_code == 404


def test_an_area_without_needs_says_what_to_do(client):
    factories.area("31.71.01.1001")
    text = client.get("/wilayah/31.71/").content.decode()
    assert "Tidak ada kebutuhan yang terbuka" in text
    assert "/lokasi/?sisa_min=1" in text


@pytest.mark.parametrize("code", ["31.74", "31.74.05", "31.74.05.1006"])
def test_the_number_of_queries_does_not_grow(client, needs, django_assert_max_num_queries, code):
    for _ in range(6):
        factories.accepted(factories.need(9, at=factories.location(within="31.74.05.1006")), 2)
    with django_assert_max_num_queries(12):
        client.get(f"/wilayah/{code}/")
