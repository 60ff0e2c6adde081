"""`/peta/` around the canvas: what it opens on, its switch, its filters, its list, and places collected together."""

import re

import pytest
from django.utils.html import escape, strip_tags

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def marked():
    """A place that is marked prioritas, and one in another kecamatan that is not, each lacking ten packages."""
    first = factories.location(within="31.74.04.1004", is_priority=True)
    second = factories.location(within="31.74.05.1006")
    factories.need(10, at=first), factories.need(10, at=second)
    return first, second


def shown(client, address="/peta/"):
    return [place["code"] for place in client.get(address).context["places"]]


def listed(client, query):
    return [row["kode"] for row in client.get(f"/api/v1/lokasi/{query}").json()["results"]]


# --- What it opens on -------------------------------------------------------------------------------------------------
def test_it_opens_on_the_marked_places_and_all_are_a_switch_away(client, marked):
    page = client.get("/peta/")
    assert shown(client) == [marked[0].code]
    priority, everything = page.context["switch"]
    assert (priority["current"], priority["count"]) == (True, 1)
    assert "tempat prioritas, masih dibutuhkan 10 paket" in strip_tags(page.text)
    assert "tempat, masih dibutuhkan 20 paket" in strip_tags(client.get(f"/peta/{everything['url']}").text)
    assert (everything["current"], everything["count"]) == (False, 2)
    assert set(shown(client, f"/peta/{everything['url']}")) == {place.code for place in marked}
    assert shown(client, f"/peta/{priority['url']}") == [marked[0].code]


def test_where_nothing_is_marked_it_opens_on_all(client):
    place = factories.need(10).location
    assert shown(client) == [place.code]
    assert client.get("/peta/").context["switch"][1]["current"]


@pytest.mark.parametrize("query", ["?wilayah=31.74", "?q=rw", "?prioritas=", "?prioritas=ya", "?prioritas=tidak",
                                   "?prioritas=ya&prioritas=tidak", "?sisa_min=1", "?jenis=rw&prioritas="])  # fmt: skip
def test_a_filter_means_what_it_means_at_the_list_and_the_api(client, marked, query):
    found = shown(client, f"/peta/{query}")
    assert found == [place["code"] for place in client.get(f"/lokasi/{query}").context["places"]]
    assert found == listed(client, query)
    assert found


@pytest.mark.parametrize("query", ["", "?fbclid=x", "?urut=nama", "?q=&wilayah="])
def test_what_is_no_filter_leaves_the_opening_as_it_is(client, marked, query):
    assert shown(client, f"/peta/{query}") == [marked[0].code]


def test_the_link_to_the_list_and_the_table_are_the_same_set(client, marked):
    page = client.get("/peta/")
    [link] = re.findall(r'href="(/lokasi/\?[^"]*)"', page.content.decode())
    assert [place["code"] for place in client.get(link).context["places"]] == shown(client)
    assert [city["places"] for city in page.context["cities"]] == [1]
    assert page.context["left"] == 10


def test_the_script_is_told_where_the_same_places_are(client, marked):
    page = client.get("/peta/").context["settings"]
    assert (page["priority"], page["matches"]) == (True, "")
    page = client.get("/peta/?prioritas=").context["settings"]
    assert (page["priority"], page["matches"]) == (False, "")
    page = client.get("/peta/?wilayah=31.74.04&prioritas=ya").context["settings"]
    assert not page["priority"]
    assert client.get(page["matches"]).json()["jumlah"] == 1


def test_a_wrong_value_is_ignored_by_the_script_too(client, marked):
    page = client.get("/peta/?wilayah=3171010&jenis=rw")
    assert page.status_code == 400
    assert client.get(page.context["settings"]["matches"]).json()["jumlah"] == 2


# --- Filters and pages ------------------------------------------------------------------------------------------------
def test_pages_of_the_list_keep_the_filters_and_the_switch(client):
    for _ in range(12):
        factories.need(10, at=factories.location(is_priority=True))
    first = client.get("/peta/?jenis=rw&prioritas=ya")
    rest = client.get(f"/peta/{first.context['next']}")
    codes = {place["code"] for page in (first, rest) for place in page.context["places"]}
    assert len(codes) == 12
    assert rest.context["count"] == 12
    assert rest.context["previous"]


def test_a_chip_takes_its_filter_away_and_leaves_the_switch(client, marked):
    text = client.get("/peta/?wilayah=31.74.05&prioritas=").content.decode()
    [chip] = re.findall(r'class="chip" href="([^"]+)"', text)
    assert chip == "?prioritas="
    assert "Kebayoran Lama" in text


def test_the_form_keeps_what_the_switch_and_a_box_say(client, marked):
    text = client.get("/peta/?prioritas=ya&bbox=106,-7,107,-6").content.decode()
    assert '<input type="hidden" name="prioritas" value="ya">' in text
    assert re.search(r'<input type="hidden" name="bbox" value="106,-7,107,-6"[^>]*>', text)
    assert "Bagian peta yang dipilih" in text


def test_nothing_found_among_the_marked_leads_to_all(client, marked):
    page = client.get("/peta/?prioritas=ya&q=kebayoran")
    assert "Cari di semua tempat" in page.content.decode()
    assert shown(client, f"/peta/{page.context['switch'][1]['url']}") == [marked[1].code]


# --- Places collected into one promise --------------------------------------------------------------------------------
def test_ticks_of_list_and_map_lead_to_one_promise_without_scripts(client, marked):
    for address, places in (("/lokasi/", marked), ("/peta/", marked[:1])):
        text = client.get(address).content.decode()
        assert re.search(r'<form class="basket" id="basket" action="/beri-bantuan/" method="get"', text)
        for place in places:
            assert f'name="lokasi" value="{place.code}" form="basket"' in text


def test_a_place_that_lacks_nothing_is_not_collected(client):
    need = factories.need(4)
    factories.accepted(need, 4)
    text = client.get("/lokasi/").content.decode()
    assert need.location.name in text
    assert f'value="{need.location.code}" form="basket"' not in text


def test_a_name_is_text_and_never_a_tag(client):
    place = factories.location(name='RW "<b>Uji</b>"')
    factories.need(4, at=place)
    text = client.get("/peta/").content.decode()
    assert escape(place.name) in text
    assert "<b>Uji" not in text


# --- Who helps a place ------------------------------------------------------------------------------------------------
def test_collaborations_of_one_place(client, marked):
    needs = [place.needs.get() for place in marked]
    mine = factories.accepted(needs[0], 2)
    factories.accepted(needs[1], 3)
    [row] = client.get("/api/v1/kolaborasi/", {"lokasi": marked[0].code}).json()["results"]
    assert row["kode"] == mine.code
    assert [line["lokasi"] for line in row["rincian"]] == [marked[0].code]
    both = client.get("/api/v1/kolaborasi/", {"lokasi": [place.code for place in marked]}).json()
    assert both["count"] == 2


def test_an_unknown_or_hidden_place_is_400(client):
    hidden = factories.location(published=False)
    for code in ("tidak-ada", hidden.code):
        answer = client.get("/api/v1/kolaborasi/", {"lokasi": code})
        assert (answer.status_code, set(answer.json()["galat"])) == (400, {"lokasi"})


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for _ in range(15):
        factories.need(5, at=factories.location(is_priority=True))
    with django_assert_max_num_queries(34):
        client.get("/peta/")
