"""The API on collaborations, givers, partners, hand-overs and figures, as the contract names its fields."""

from datetime import timedelta

import pytest
from django.utils import timezone

from donations import figures
from donations.actions import commitments, deliveries
from donations.models import Attribution, Category
from tests import factories

pytestmark = pytest.mark.django_db
FIGURES = [
    "sampai", "dari", "program", "definisi", "diajukan", "komitmen", "tersalurkan", "kolaborator", "kolaborasi",
    "jangkauan", "penerima", "dana",
]  # fmt: skip


@pytest.fixture
def city():
    """Three promises in two programmes: one delivered in part, one anonymous, one still diajukan; money received."""
    need, gadget = (
        factories.need(50),
        factories.need(9, of=factories.package("tablet", of=factories.program("umkm", "UMKM"))),
    )
    part = factories.accepted(need, 6, by=factories.giver(name="PT Contoh Baik", category=Category.BUSINESS))
    factories.deliver(part, ok=4, damaged=1)
    factories.accepted(gadget, 2, by=factories.giver(attribution=Attribution.ANONYMOUS))
    factories.promise(need, 7)
    factories.received(1_000_000)
    return part


def get(client, path, expect=200, **parameters):
    answer = client.get(f"/api/v1/{path}/", parameters)
    assert answer.status_code == expect, answer.content
    return answer.json()


def test_figures_have_the_contracts_shape(client, city):
    answer = get(client, "angka")
    assert list(answer) == FIGURES
    assert answer["definisi"] == figures.DEFINITION_VERSION
    assert answer["program"] is None
    assert answer["komitmen"] == {"total": 7, "paket": {"sembako": 5, "tablet": 2}}
    assert answer["tersalurkan"] == {"total": 4, "paket": {"sembako": 4, "tablet": 0}}
    assert answer["diajukan"] == {"total": 7, "paket": {"sembako": 7, "tablet": 0}}
    assert answer["kolaborator"]["total"] == 3
    assert set(answer["kolaborator"]["kategori"]) == set(Category.values)
    assert answer["kolaborasi"] == 2
    assert answer["jangkauan"] == {"kota": 1, "kecamatan": 1, "kelurahan": 1, "rw": 2}
    assert answer["penerima"] == {"kk": 0, "jiwa": 0, "dasar": "tercatat"}
    assert answer["dana"] == {"diterima": 1_000_000, "terpakai": 0, "dikembalikan": 0, "biaya": 0, "saldo": 1_000_000}


def test_figures_of_one_programme_list_its_packages_only(client, city):
    answer = get(client, "angka", program="umkm", sampai="2100-01-01")
    assert answer["program"] == "umkm"
    assert answer["sampai"] == "2100-01-01"
    assert answer["komitmen"] == {"total": 2, "paket": {"tablet": 2}}


@pytest.mark.parametrize("per", figures.BREAKDOWNS)
def test_a_breakdown_sums_to_the_totals(client, city, per):
    answer = get(client, "angka", per=per)
    for basis in ("diajukan", "komitmen", "tersalurkan"):
        assert sum(row[basis] for row in answer["rincian"]) == answer[basis]["total"]
    assert all(list(row) == ["kunci", "nama", "diajukan", "komitmen", "tersalurkan"] for row in answer["rincian"])


@pytest.mark.parametrize(
    ("path", "parameters", "name"),
    [
        ("angka", {"sampai": "2020-13-01"}, "sampai"),
        ("angka", {"program": "apa"}, "program"),
        ("angka", {"per": "jam"}, "per"),
        ("angka", {"sampai": "2020-05-01", "dari": "2020-05-02"}, "dari"),
        ("kolaborasi", {"status": "apa"}, "status"),
        ("kolaborasi", {"wilayah": "3171031001"}, "wilayah"),
        ("kolaborasi", {"ukuran": "201"}, "ukuran"),
        ("kolaborator", {"urut": "acak"}, "urut"),
        ("penyaluran", {"cursor": "abc"}, "cursor"),
        ("agregator", {"format": "xml"}, "format"),
    ],
)
def test_a_wrong_value_is_400_naming_the_parameter(client, path, parameters, name):
    answer = get(client, path, expect=400, **parameters)
    assert list(answer) == ["galat"]
    assert name in answer["galat"]


def test_an_unknown_parameter_is_ignored(client, city):
    assert get(client, "kolaborasi", fbclid="x")["count"] == 3


def test_collaborations_have_the_contracts_fields(client, city):
    rows = {row["kode"]: row for row in get(client, "kolaborasi")["results"]}
    row = rows[city.code]
    assert row["kolaborator"] == {"slug": "pt-contoh-baik", "nama": "PT Contoh Baik"}
    assert (row["program"], row["saluran"], row["status"]) == ("pangan", "langsung", "dikirim")
    [line] = row["rincian"]
    assert (line["paket"], line["jumlah"], line["komitmen"], line["tersalurkan"]) == ("sembako", 6, 5, 4)
    assert line["lokasi"] == city.lines.get().need.location.code
    assert row["url"].endswith(f"/kolaborasi/{city.code}/")
    assert [row["kolaborator"] for code, row in rows.items() if code != city.code] == [None, None]
    assert get(client, f"kolaborasi/{city.code}") == row


def test_an_unknown_collaboration_is_404(client):
    assert "galat" in get(client, "kolaborasi/KSBB-XXXX-XXXX", expect=404)


def test_givers_have_the_contracts_fields(client, city):
    rows = get(client, "kolaborator")["results"]
    named = next(row for row in rows if row["slug"] == "pt-contoh-baik")
    assert {**named, "url": ""} == {
        "slug": "pt-contoh-baik", "nama": "PT Contoh Baik", "kategori": "lembaga-usaha", "kolaborasi": 1,
        "komitmen": 5, "tersalurkan": 4, "url": "",
    }  # fmt: skip
    hidden = next(row for row in rows if row["nama"] == "Hamba Allah")
    assert (hidden["slug"], hidden["url"], hidden["komitmen"]) == (None, None, 2)
    assert len(rows) == 3


@pytest.mark.parametrize("order", ["komitmen", "tersalurkan", "kolaborasi", "nama"])
def test_givers_in_every_order_page_by_page(client, city, order):
    whole = [row["nama"] for row in get(client, "kolaborator", urut=order)["results"]]
    first = get(client, "kolaborator", urut=order, ukuran=2)
    second = client.get(first["next"]).json()
    assert [row["nama"] for row in first["results"] + second["results"]] == whole


def test_deliveries_sum_to_tersalurkan(client, city):
    rows = get(client, "penyaluran")["results"]
    assert {(row["peristiwa"], row["jumlah"], row["tersalurkan"]) for row in rows} == {
        ("diterima-baik", 4, 4),
        ("rusak", 1, 0),
    }
    assert all(row["nomor"].startswith("BAST-") for row in rows)


def test_what_came_back_is_a_row_below_zero(client, city):
    made = factories.delivered(factories.need(5), 3)
    line = made.lines.select_related("commitment").get()
    deliveries.give_back(line=line, quantity=1, reason="salah hitung", now=timezone.now(), by=factories.user())
    back = next(row for row in get(client, "penyaluran")["results"] if row["peristiwa"] == "dikembalikan")
    assert (back["nomor"], back["tersalurkan"]) == (None, -1)


def test_partners_tell_licence_and_rupiah(client, city):
    factories.aggregator("Lembaga Tanpa Izin", licensed=False)
    rows = {row["nama"]: row for row in get(client, "agregator")["results"]}
    assert rows["Lembaga Tanpa Izin"]["menerima_dana"] is False
    other = next(row for name, row in rows.items() if name != "Lembaga Tanpa Izin")
    assert other["menerima_dana"] is True
    assert (other["dana_diterima"], other["dana_saldo"]) == (1_000_000, 1_000_000)
    assert other["izin"][0]["nomor"].startswith("IZIN-")


def test_the_past_stays_as_it_was(client):
    before = timezone.now() - timedelta(days=3)
    need = factories.need(10, now=before)
    made = factories.accepted(need, 4, now=before, on=timezone.localdate())
    commitments.cancel(commitment=made, reason="x", now=timezone.now())
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert get(client, "kolaborasi")["count"] == 0
    assert get(client, "kolaborasi", sampai=day)["results"][0]["rincian"][0]["komitmen"] == 4
    assert get(client, "kolaborator", sampai=day)["results"][0]["komitmen"] == 4
    assert get(client, "angka", sampai=day)["komitmen"]["total"] == 4


@pytest.mark.parametrize("path", ["kolaborasi", "kolaborator", "agregator", "penyaluran", "angka"])
def test_what_has_not_changed_is_304_and_open_to_all(client, city, path):
    first = client.get(f"/api/v1/{path}/")
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"/api/v1/{path}/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("path", "most"), [("kolaborasi", 6), ("kolaborator", 4), ("penyaluran", 4), ("agregator", 9)])
def test_a_list_costs_few_queries_however_long(client, city, path, most, django_assert_max_num_queries):
    need = factories.need(50)
    for _ in range(6):
        factories.delivered(need, 1)
    with django_assert_max_num_queries(most):
        client.get(f"/api/v1/{path}/")
