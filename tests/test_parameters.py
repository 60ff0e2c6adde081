"""Parameters and keyset pages: the same at page, API and file, strict about values, never a 5xx."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ksbb.core import paging
from ksbb.core.paging import Cursor, Key, Order
from locations.filters import LocationFilters, area_code, box
from locations.models import Location
from tests import factories

BAD = {
    "wilayah": [
        "3171010",
        "3171010001",
        "31.71.01.0001",
        "abc",
        "99.99",
        "31.74.05.1006.1",
        "٣١",
        "31.7",
        "1" * 10_000,
    ],
    "sisa_min": ["-1", "1.5", "NaN", str(2**63), "1" * 10_000, "satu", "0x10"],
    "ukuran": ["0", "201", "-5", str(2**63), "NaN", "banyak"],
    "bbox": ["1,2,3", "a,b,c,d", "nan,nan,nan,nan", "1e999,0,2,3", "107,-6,106,-7", "-999,-6,106,-5", "1,2,3,4,5"],
    "urut": ["acak", "x" * 10_000],
    "prioritas": ["mungkin"],
    "program": ["tidak-ada", "x" * 10_000, "💥"],
    "paket": ["tidak-ada"],
    "jenis": ["istana"],
    "periode": ["1999-01-01"],
    "q": ["x" * 101, "x" * 10_000],
    "cursor": ["abc", "!!!", "W10", "bnVsbA", "W1tbW1tb" * 200, "WyJ0ZXJwZW51aGkiLDAsMV0", "é"],
    "format": ["xml", "html"],
}
CASES = [(name, value) for name, values in BAD.items() for value in values]
DOORS = ["/lokasi/", "/peta/", "/api/v1/lokasi/", "/api/v1/kebutuhan/", "/data/lokasi.csv"]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value"), CASES, ids=lambda value: str(value)[:24])
def test_a_wrong_value_is_400_with_its_name_at_every_door(client, name, value):
    # A page refuses by the same form as the API: drawing one for the first value of each name shows that it does.
    for door in DOORS if value == BAD[name][0] else DOORS[2:]:
        if name == "format" and not door.startswith("/api/"):
            continue
        if name in ("ukuran", "cursor", "urut") and door.startswith("/data/"):
            continue
        answer = client.get(door, {name: value})
        assert answer.status_code == 400, (door, answer.status_code)
        if door.startswith(("/api/", "/data/")):
            assert set(answer.json()) == {"galat"}
            assert all(isinstance(message, str) and message for message in answer.json()["galat"][name])


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["%00", "a%00b", "%ED%A0%80"])
def test_text_that_no_column_holds_is_never_a_5xx(client, value):
    for door in DOORS:
        assert client.get(f"{door}?q={value}").status_code < 500


@pytest.mark.django_db
def test_unknown_names_are_ignored(client):
    assert client.get("/api/v1/lokasi/", {"acak": "x"}).status_code == 200


@pytest.mark.django_db
def test_marks_of_shared_links_are_forgotten_and_nothing_else(client):
    query = "q=gclid&utm_source=x&jenis=rw&FBCLID=a%3Db&sisa_min=1&_ga=2.1&clid=3"
    text = client.get(f"/lacak/?{query}").text
    assert "/en/lacak/?q=gclid&amp;jenis=rw&amp;sisa_min=1&amp;clid=3" in text
    assert not re.search("utm_|fbclid|_ga=", text, re.I)


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/lokasi/", "/peta/"])
def test_a_page_shows_the_message_and_ignores_the_filter(client, door):
    place = factories.need(10).location
    answer = client.get(door, {"wilayah": "3171010"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Ini kode BPS" in text
    assert place.name in text


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("31", "31"), ("3174", "31.74"), ("317405", "31.74.05"), ("31.74.05", "31.74.05"),
        ("3174051006", "31.74.05.1006"), ("31.74.05.1006", "31.74.05.1006"), ("32.01.01.2003", "32.01.01.2003"),
    ],
)  # fmt: skip
def test_codes_are_answered_dotted(text, dotted):
    assert area_code(text) == dotted


@pytest.mark.parametrize("text", ["3171010", "3174040", "31.74.040", "3174040001", "3174.040.001"])
def test_bps_codes_are_refused_by_name(text):
    with pytest.raises(ValidationError, match="BPS"):
        area_code(text)


@given(st.text(max_size=40))
def test_any_text_is_an_area_code_or_refused(text):
    try:
        assert area_code(text).count(".") <= 3
    except ValidationError:
        pass


@given(
    st.text(max_size=60) | st.lists(st.floats(), min_size=4, max_size=4).map(lambda edges: ",".join(map(str, edges)))
)
def test_any_text_is_a_box_or_refused(text):
    try:
        west, south, east, north = box(text)
        assert -180 <= west < east <= 180
        assert -90 <= south < north <= 90
    except ValidationError:
        pass


# --- Repeats and combinations -----------------------------------------------------------------------------------------
def found(**query):
    parameters = QueryDict(mutable=True)
    for name, values in query.items():
        parameters.setlist(name, values if isinstance(values, list) else [values])
    chosen = LocationFilters(parameters, queryset=Location.objects.all())
    assert not chosen.errors, chosen.errors
    return {place.code for place in chosen.page().rows}


@pytest.mark.django_db
def test_repeats_are_or_and_different_parameters_and():
    utara, selatan = factories.location(within="31.74.05.1006"), factories.location(within="31.74.05.1001")
    ragunan = factories.location(within="31.74.04.1004", is_priority=True)
    assert found(wilayah=["31.74.05.1006", "317404"]) == {utara.code, ragunan.code}
    assert found(wilayah="31.74.05") == {utara.code, selatan.code}
    assert found(wilayah="31.74", prioritas="ya") == {ragunan.code}
    assert found(prioritas=["ya", "tidak"]) == {utara.code, selatan.code, ragunan.code}
    assert found(q=["ragunan", "utara"]) == {utara.code, ragunan.code}


@pytest.mark.django_db
def test_programme_package_and_gap_hold_for_the_same_need():
    place = factories.location()
    device = factories.package("tablet", of=factories.program("pendidikan", "Pendidikan"))
    factories.need(40, at=place)
    factories.need(3, at=place, of=device)
    assert found(program="pendidikan", sisa_min="3") == {place.code}
    assert found(program="pendidikan", sisa_min="4") == set()
    assert found(program="pendidikan", paket="sembako") == set()
    assert found(program=["pendidikan", "pangan"], sisa_min="40") == {place.code}


@pytest.mark.django_db
def test_search_knows_numbers_areas_and_spellings():
    from locations.models import AreaAlias

    place = factories.location(3)
    other = factories.location(13)
    AreaAlias.objects.create(area=place.area, name="KEB LAMA UTARA")
    assert found(q="rw 3") == {place.code}
    assert found(q="RW 03 kebayoran") == {place.code}
    assert found(q="keb utara") == {place.code, other.code}
    assert found(q="jakarta selatan") == {place.code, other.code}
    assert found(q="%") == set()


@pytest.mark.django_db
def test_a_closed_period_is_history():
    from django.utils import timezone

    from donations.actions import periods

    need = factories.need(10)
    periods.close(period=need.period, now=timezone.now())
    assert found(sisa_min="1") == set()
    assert found(periode=need.period.slug) == {need.location.code}
    assert found(periode=need.period.slug, sisa_min="1") == set()


# --- Keyset pages -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("urut", ["terpenuhi", "sisa", "nama", "terbaru"])
def test_pages_show_every_place_once_in_both_directions(client, urut):
    for quantity in (5, 5, 9, 2, 7):
        factories.need(quantity)
    factories.location(), factories.location(verified_at=None)
    whole = [row["kode"] for row in client.get("/api/v1/lokasi/", {"urut": urut}).json()["results"]]
    assert len(set(whole)) == 7
    forward, pages, url = [], [], f"/api/v1/lokasi/?urut={urut}&ukuran=2"
    while url:
        page = client.get(url).json()
        forward += [row["kode"] for row in page["results"]]
        pages.append(page)
        url = page["next"]
    assert forward == whole
    back = client.get(pages[-1]["previous"]).json()
    assert [row["kode"] for row in back["results"]] == [row["kode"] for row in pages[-2]["results"]]
    first = client.get(client.get(back["previous"]).json()["previous"]).json()
    assert first["previous"] is None
    assert [row["kode"] for row in first["results"]] == whole[:2]


@pytest.mark.django_db
def test_a_page_stands_still_while_rows_come_before_it():
    for name in "bdfh":
        factories.location(name=name)
    order = Order("nama", "", (Key("name", str), Key("pk")))
    first = paging.page_of(Location.objects.all(), order, 2)
    Location.objects.filter(name="b").delete()
    factories.location(name="a")
    second = paging.page_of(Location.objects.all(), order, 2, paging.decode(first.next, order))
    assert [place.name for place in second.rows] == ["f", "h"]


@pytest.mark.django_db
def test_places_without_needs_come_last(client):
    empty = factories.location()
    full = factories.need(1)
    factories.accepted(full, 1)
    codes = [row["kode"] for row in client.get("/api/v1/lokasi/").json()["results"]]
    assert codes == [full.location.code, empty.code]


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.hex()))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_a_cursor_or_refused(text):
    order = Order("nama", "", (Key("name", str), Key("pk")))
    try:
        assert len(paging.decode(text, order).values) == 2
    except paging.BadCursor:
        pass


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50), st.integers(0, 2**62))
def test_a_cursor_comes_back_as_it_went(name, pk):
    order = Order("nama", "", (Key("name", str), Key("pk")))
    text = paging.encode(order, {"name": name, "pk": pk}, backwards=True)
    assert paging.decode(text, order) == Cursor((name, pk), backwards=True)
