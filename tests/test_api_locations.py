"""Programmes, packages, periods, areas, places and needs by API: exactly the contract's keys, read-only, cacheable."""

import pytest
from django.utils import timezone

from donations.actions import periods, places
from ksbb.core import version
from tests import factories

LOCATION_KEYS = (
    "kode jenis nama prioritas wilayah rw bujur lintang ketelitian kk_rentan jiwa diverifikasi_pada tingkat_verifikasi "
    "kebutuhan terpenuhi url"
).split()
NEED_KEYS = "kode program paket periode dibutuhkan diajukan komitmen tersalurkan sisa_kebutuhan".split()
RESOURCES = (
    "program paket periode wilayah lokasi kebutuhan kolaborator agregator kolaborasi penyaluran angka peta".split()
)
LISTS = [name for name in RESOURCES if name not in ("angka", "peta")]

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    made = factories.need(10)
    factories.promise(made, 1)
    factories.accepted(made, 2)
    factories.delivered(made, 3)
    made.refresh_from_db()
    return made


def test_the_root_names_every_resource(client, need):
    root = client.get("/api/v1/").json()
    assert set(RESOURCES) <= set(root)
    for name in RESOURCES:
        assert client.get(root[name]).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_the_contracts_frame(client, need, name):
    answer = client.get(f"/api/v1/{name}/").json()
    assert list(answer) == ["next", "previous", "count", "results"]
    assert answer["count"] == len(answer["results"])


def test_a_place_has_exactly_the_contracts_keys(client, need):
    [row] = client.get("/api/v1/lokasi/").json()["results"]
    assert list(row) == LOCATION_KEYS
    assert list(row["kebutuhan"][0]) == NEED_KEYS
    assert row["wilayah"] == {
        "kelurahan": {"kode": "31.74.05.1006", "nama": "Kebayoran Lama Utara"},
        "kecamatan": {"kode": "31.74.05", "nama": "Kebayoran Lama"},
        "kota": {"kode": "31.74", "nama": "Kota Administrasi Jakarta Selatan"},
    }
    assert client.get(f"/api/v1/lokasi/{row['kode']}/").json() == row


def test_the_counters_say_what_happened(client, need):
    [row] = client.get("/api/v1/lokasi/").json()["results"]
    [counted] = row["kebutuhan"]
    assert [counted[name] for name in NEED_KEYS[4:]] == [10, 1, 5, 3, 4]
    assert row["terpenuhi"] == pytest.approx(0.6)
    [placed] = client.get("/api/v1/kebutuhan/").json()["results"]
    assert placed == {**counted, "lokasi": row["kode"]}


def test_fulfilment_is_the_mean_of_open_needs_each_alike(client):
    place = factories.location()
    factories.accepted(factories.need(1000, at=place), 500)
    factories.need(1, at=place, of=factories.package("lebaran"))
    [row] = client.get("/api/v1/lokasi/").json()["results"]
    assert row["terpenuhi"] == pytest.approx(0.25)


def test_a_closed_period_leaves_fulfilment_and_remainder(client):
    need = factories.need(10)
    factories.accepted(need, 4)
    periods.close(period=need.period, now=timezone.now())
    [row] = client.get("/api/v1/lokasi/").json()["results"]
    assert (row["kebutuhan"], row["terpenuhi"]) == ([], None)
    [row] = client.get("/api/v1/lokasi/", {"periode": need.period.slug}).json()["results"]
    assert row["terpenuhi"] is None
    assert [row["kebutuhan"][0][name] for name in ("dibutuhkan", "komitmen", "sisa_kebutuhan")] == [10, 4, 0]


def test_geojson_has_the_same_properties(client, need):
    rows = client.get("/api/v1/lokasi/").json()["results"]
    answer = client.get("/api/v1/lokasi/", {"format": "geojson"})
    assert answer["Content-Type"] == "application/geo+json"
    [feature] = answer.json()["features"]
    assert feature["properties"] == rows[0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [rows[0]["bujur"], rows[0]["lintang"]]}


# --- Read-only, cacheable, open to every origin -----------------------------------------------------------------------
@pytest.mark.parametrize("name", RESOURCES)
def test_unchanged_answers_are_304(client, need, name):
    first = client.get(f"/api/v1/{name}/")
    again = client.get(f"/api/v1/{name}/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"


def test_an_answer_changes_its_etag_when_the_data_move(client, need):
    first = client.get("/api/v1/lokasi/")
    factories.promise(need, 1)
    version.forget()
    again = client.get("/api/v1/lokasi/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert again.json()["results"][0]["kebutuhan"][0]["diajukan"] == 2


def test_formats_and_addresses_have_etags_of_their_own(client, need):
    tags = {
        client.get(f"/api/v1/lokasi/{query}")["ETag"] for query in ("", "?ukuran=1", "?format=geojson", "?wilayah=31")
    }
    assert len(tags) == 4


@pytest.mark.parametrize("name", RESOURCES)
def test_only_reading_is_answered(client, need, name):
    url = f"/api/v1/{name}/"
    assert client.head(url).status_code == 200
    preflight = client.options(url)
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]
    for method in (client.post, client.put, client.patch, client.delete):
        refused = method(url)
        assert refused.status_code == 405
        assert set(refused.json()) == {"galat"}


def test_what_is_not_there_is_404_in_json(client, need):
    for url in ("lokasi/tidak-ada/", "wilayah/99.99/", "program/tidak-ada/", "nihil/", "peta/abc.json"):
        answer = client.get(f"/api/v1/{url}")
        assert answer.status_code == 404
        assert set(answer.json()) == {"galat"}


def test_an_unknown_accept_is_406(client, need):
    assert client.get("/api/v1/lokasi/", headers={"accept": "text/html"}).status_code == 406


def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_max_num_queries):
    for _ in range(12):
        factories.need(5, at=factories.location())
    with django_assert_max_num_queries(6):
        assert len(client.get("/api/v1/lokasi/").json()["results"]) == 12
    with django_assert_max_num_queries(3):
        assert len(client.get("/api/v1/kebutuhan/").json()["results"]) == 12


# --- Description ------------------------------------------------------------------------------------------------------
def test_the_description_validates_and_knows_every_parameter(client):
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
    schema = client.get("/api/v1/skema/", {"format": "json"}).json()
    listing = schema["paths"]["/api/v1/lokasi/"]["get"]
    names = {parameter["name"] for parameter in listing["parameters"]}
    needs, share = "program paket jenis wilayah periode prioritas sisa_min", "terpenuhi_min terpenuhi_maks"
    assert names == {*needs.split(), *share.split(), *"bbox q urut cursor ukuran format".split()}
    assert {"200", "304", "400", "405", "406"} <= set(listing["responses"])
    assert "404" in schema["paths"]["/api/v1/lokasi/{code}/"]["get"]["responses"]


def test_the_documentation_needs_no_inline_script(client):
    page = client.get("/api/v1/dokumentasi/").content.decode()
    assert 'data-schema="/api/v1/skema/?format=json"' in page
    assert "/api/v1/kebutuhan/" in page


# --- Privacy ----------------------------------------------------------------------------------------------------------
def test_children_are_shown_at_kelurahan_precision_unless_agreed(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    hidden = factories.location(1, of_kind=home, longitude="106.70001", latitude="-6.20001")
    agreed = factories.location(2, of_kind=home, longitude="106.70002", latitude="-6.20002", agreed_exact=True)
    rows = {row["kode"]: row for row in client.get("/api/v1/lokasi/").json()["results"]}
    village = float(hidden.area.longitude), float(hidden.area.latitude)
    assert (rows[hidden.code]["bujur"], rows[hidden.code]["lintang"]) == village
    assert rows[hidden.code]["ketelitian"] == "kelurahan"
    assert rows[agreed.code]["bujur"] == 106.70002


def test_a_hidden_point_cannot_be_found_by_trying_boxes(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    factories.location(1, of_kind=home, longitude="106.70001", latitude="-6.20001")
    around = client.get("/api/v1/lokasi/", {"bbox": "106.7,-6.21,106.701,-6.2"}).json()
    assert around["count"] == 0
    assert client.get("/api/v1/lokasi/", {"bbox": "106.77,-6.25,106.79,-6.24"}).json()["count"] == 1


def test_small_and_unpublished_places_are_nowhere(client):
    small = factories.location(1, vulnerable_families=4)
    draft = factories.location(2, published=False)
    shown = factories.location(3, vulnerable_families=5)
    for place in (small, draft):
        factories.need(5, at=place)
        assert client.get(f"/api/v1/lokasi/{place.code}/").status_code == 404
        assert client.get(f"/lokasi/{place.code}/").status_code == 404
    assert [row["kode"] for row in client.get("/api/v1/lokasi/").json()["results"]] == [shown.code]
    assert client.get("/api/v1/kebutuhan/").json()["count"] == 0
    assert client.get("/api/v1/kebutuhan/", {"jenis": "rw"}).json()["count"] == 0


def test_hiding_a_place_takes_it_from_view(client, need):
    now, staff = timezone.now(), factories.user()
    places.publish(location=need.location, published=False, now=now, by=staff)
    version.forget()
    assert client.get("/api/v1/lokasi/").json()["count"] == 0
