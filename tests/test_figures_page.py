"""`/transparansi/`: the figures, their charts with table and file, and the way from a figure to its rows."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from donations import figures
from donations.actions import commitments, needs
from donations.figures.equity import class_of
from locations.queries import WHOLE
from tests import factories

URL = "/transparansi/"
CHARTS = ("tahap", "waktu", "paket", "wilayah", "pemerataan", "kecamatan", "kategori", "dana")


@pytest.fixture
def city(db):
    need, other = (
        factories.need(900),
        factories.need(20, of=factories.package("tablet", of=factories.program("umkm", "UMKM"))),
    )
    made = factories.accepted(need, 600)
    factories.deliver(made, ok=400)
    factories.accepted(other, 2)
    factories.promise(need, 5)
    factories.received(1_500_000)


def text(response):
    return response.content.decode()


def rows(client, url):
    content = b"".join(client.get(url).streaming_content).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def drawn(page):
    """Return the charts of a page as {id: HTML}."""
    found = re.findall(r'<figure class="chart" id="(\w+)">(.*?)</figure>', text(page), re.S)
    return dict(found)


def table(chart):
    """Return (names with addresses, numbers by row, numbers of the last row) of a chart's table."""
    names = re.findall(r'<th scope="row">(?:<a href="([^"]+)">)?([^<]+)', chart)
    cells = [
        [int(re.sub(r"<[^>]+>|\D", "", cell) or 0) for cell in re.findall(r"<td>(.*?)</td>", line)]
        for line in re.findall(r"<tr(?! class=\"heading\").*?</tr>", chart, re.S)
    ]
    *body, total = [line for line in cells if line]
    return [(unescape(url), name) for url, name in names], body, total


@pytest.mark.django_db
def test_the_page_stands_without_any_data(client):
    page = client.get(URL)
    assert page.status_code == 200
    assert "Belum ada catatan sampai" in text(page)
    assert set(drawn(page)) == set(CHARTS) - {"waktu"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "parameters",
    [
        {"sampai": "2001-01-01"},
        {"program": "kosong"},
        {"per": "hari"},
        {"per": "kelurahan"},
        {"dari": "2020-05-01", "sampai": "2020-05-01"},
        {"sampai": "2100-12-31"},
    ],
)
def test_the_page_stands_where_there_is_nothing(client, city, parameters):
    factories.program("kosong", "Kosong")
    page = client.get(URL, parameters)
    assert page.status_code == 200
    assert set(drawn(page)) >= set(CHARTS) - {"waktu"}


def test_the_figures_are_the_apis(client, city):
    page, api = client.get(URL).context["totals"], client.get("/api/v1/angka/").json()
    assert (page.submitted.total, page.committed.total, page.delivered.total) == (5, 602, 400)
    assert api["komitmen"]["total"] == page.committed.total
    assert "602" in text(client.get(URL))


def test_every_chart_has_title_unit_day_definition_table_file_and_sentence(client, city):
    found = drawn(client.get(URL))
    assert tuple(found) == CHARTS
    for name, chart in found.items():
        assert re.search(r"<h3>.+</h3>", chart), name
        assert re.search(
            r'class="unit">\w+.* · per \d+ \w+ \d{4} · <a href="/transparansi/definisi/#\w+">definisi', chart
        ), name
        assert "<table" in chart, name
        assert '<a href="/data/' in chart, name
        assert re.search(
            rf'class="quote">.+definisi versi 1\).+/transparansi/\?sampai=\d{{4}}-\d\d-\d\d#{name}<', chart
        ), name
        assert "style=" not in chart, name
        assert all(
            "aria-label" in svg or "aria-hidden" in svg or "viewBox" in svg for svg in re.findall("<svg[^>]*>", chart)
        )


def test_titles_tell_what_was_found(client, city):
    found = {name: re.search("<h3>(.+?)</h3>", chart)[1] for name, chart in drawn(client.get(URL)).items()}
    assert found["tahap"] == "66 dari 100 paket yang dikomitmenkan sudah diterima"
    assert found["paket"] == "99 % dari komitmen adalah sembako"
    assert found["pemerataan"] == "1 dari 2 tempat terpenuhi kurang dari separuh"
    assert found["dana"] == "0 % dari dana sudah menjadi paket"
    assert found["wilayah"] == "Menurut kota"  # one kota alone is no finding


def sums_of_api(client, per, **chosen):
    groups = client.get("/api/v1/angka/", {**chosen, "per": per}).json()["rincian"]
    return [sum(group[basis] for group in groups) for basis in ("diajukan", "komitmen", "tersalurkan")]


@pytest.mark.parametrize("chosen", [{}, {"program": "pangan"}, {"per": "hari"}, {"per": "kecamatan"}])
def test_table_figure_file_and_api_have_the_same_sum(client, city, chosen):
    page = client.get(URL, chosen)
    totals, charts = page.context["totals"], drawn(page)
    bases = [totals.submitted.total, totals.committed.total, totals.delivered.total]
    walked = 0
    for chart in charts.values():
        per = re.search(r'href="(/data/angka\.csv\?[^"]*per=(\w+)[^"]*)"', chart)
        if not per:
            continue
        walked += 1
        file = rows(client, unescape(per[1]))
        assert [sum(int(row[basis]) for row in file) for basis in ("diajukan", "komitmen", "tersalurkan")] == bases
        assert sums_of_api(client, per[2], **{k: v for k, v in chosen.items() if k == "program"}) == bases
        _names, body, total = table(chart)
        if len(total) >= 3:
            assert total[:3] == bases == [sum(column) for column in zip(*body, strict=True)][:3]
            assert total[3:] in ([], [bases[2]])
        else:
            assert [cell for line in [*body, total] for cell in line] == bases
    assert walked == 5


def test_each_row_leads_to_rows_with_its_sum(client, city):
    page = client.get(URL)
    for name in ("paket", "kategori", "waktu"):
        names, body, _total = table(drawn(page)[name])
        urls = [url for url, _name in names if url.startswith("/kolaborasi/?")]
        assert len(urls) == len(body), name
        for url, line in zip(urls, body, strict=True):
            sums = client.get(url).context["sums"]
            assert [sums["submitted"], sums["committed"], sums["delivered"]] == line[:3], (name, url)


def test_a_kota_leads_to_its_page_and_its_number_to_its_rows(client, city):
    chart = drawn(client.get(URL))["wilayah"]
    assert 'href="/wilayah/31.74/"' in chart
    assert client.get(unescape(re.search(r'href="(/kolaborasi/[^"]+)"', chart)[1])).context["sums"]["delivered"] == 400
    assert re.search(
        r'class="plot spark"[^>]+aria-label="Jakarta Selatan: Paling banyak tiba pada [^"]+400 paket\."', chart
    )


def test_from_figure_to_rows_to_file_the_sum_stays(client, city):
    page = client.get(URL, {"program": "pangan"})
    listing = client.get(page.context["rows_url"])
    assert listing.context["sums"]["committed"] == page.context["totals"].committed.total == 600
    assert sum(int(row["rincian_komitmen"]) for row in rows(client, listing.context["csv"])) == 600


@pytest.mark.parametrize("per", ["kecamatan", "kelurahan"])
def test_areas_can_be_seen_closer(client, city, per):
    page = client.get(URL, {"per": per})
    assert page.context["areas"]["total"] == (5, 602, 400)
    assert "Kebayoran Lama" in text(page)


@pytest.mark.django_db
def test_any_day_can_be_chosen(client):
    now = timezone.now()
    before = now - timedelta(days=4)
    made = factories.accepted(factories.need(50, now=before), 30, now=before, on=timezone.localdate())
    commitments.cancel(commitment=made, reason="x", now=now)
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    page = client.get(URL, {"sampai": day})
    assert page.context["totals"].committed.total == 30
    assert client.get(URL).context["totals"].committed.total == 0
    assert f"sampai={day}" in text(page)


@pytest.mark.parametrize(
    "parameters",
    [{"sampai": "x"}, {"program": "x"}, {"per": "x"}, {"sampai": "2020-01-01", "dari": "2020-02-01"}],
)
def test_a_wrong_value_is_400_with_the_reason(client, city, parameters):
    page = client.get(URL, parameters)
    assert page.status_code == 400
    assert "Ada yang perlu diperbaiki" in text(page)


def test_the_equation_of_money_holds(client, city):
    _names, body, [received] = table(drawn(client.get(URL))["dana"])
    assert received == sum(amount for [amount] in body) == 1_500_000
    assert sum(int(row["diterima"]) for row in rows(client, "/data/dana.csv")) == received


def test_the_version_and_the_day_are_in_sight(client, city):
    page = text(client.get(URL, {"sampai": "2020-05-27"}))
    assert f"versi {figures.DEFINITION_VERSION}" in page
    assert "27 Mei 2020" in page


def test_the_page_costs_few_queries_and_none_for_figures_known(client, city, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        client.get(URL)
    with django_assert_max_num_queries(4):
        client.get(URL)


# --- Equity -----------------------------------------------------------------------------------------------------------
def test_each_class_leads_to_its_places(client, city):
    names, body, [total] = table(drawn(client.get(URL))["pemerataan"])
    assert total == sum(many for [many] in body) == 2
    for (url, _name), [many] in zip(names, body, strict=False):
        assert client.get(url).context["count"] == many, url
        assert client.get(url.replace("/lokasi/", "/api/v1/lokasi/")).json()["count"] == many


def test_each_kecamatan_leads_to_its_places_and_lacks_what_they_lack(client, city):
    factories.need(40, at=factories.location(within="31.74.04.1004"))
    page = client.get(URL)
    names, body, total = table(drawn(page)["kecamatan"])
    assert [name for _url, name in names][:2] == ["Pasar Minggu", "Kebayoran Lama"]
    assert [line[2] for line in body] == [40, 900 - 605 + 18]
    assert total[2] == sum(line[2] for line in body)
    for (url, _name), line in zip(names, body, strict=False):
        file = rows(client, url.replace("/lokasi/", "/data/kebutuhan.csv"))
        assert sum(int(row["sisa_kebutuhan"]) for row in file) == line[2]
    file = rows(client, page.context["least"]["csv"])
    assert sum(int(row["sisa_kebutuhan"]) for row in file) == total[2]
    assert len(file) == page.context["histogram"]["total"][0]


def test_fulfilment_of_the_file_is_the_lists(client, city):
    by_code = {row["kode"]: row["terpenuhi"] for row in client.get("/api/v1/lokasi/").json()["results"]}
    for row in rows(client, "/data/pemerataan.csv"):
        assert float(row["terpenuhi"]) == by_code[row["lokasi"]]


@pytest.mark.django_db
def test_equity_of_an_earlier_day_is_the_ledgers():
    now = timezone.now()
    before, between = now - timedelta(days=4), now - timedelta(days=2)
    period = factories.period(timezone.localdate() - timedelta(days=6))
    need = factories.need(50, during=period, now=before)
    factories.accepted(need, 10, now=before, on=timezone.localdate())
    factories.promise(need, 15, now=between)
    needs.change_need(need=need, quantity=100, reason="Bertambah", now=now, by=None)
    then = {days: figures.equity(timezone.localdate() - timedelta(days=days)).districts[0] for days in (4, 3, 2)}
    assert [(each.needed, each.promised) for each in then.values()] == [(50, 10), (50, 10), (50, 25)]
    assert then[2].share == WHOLE // 2
    today = figures.equity().districts[0]
    assert (today.needed, today.promised, today.share) == (100, 25, WHOLE // 4)
    assert figures.equity(timezone.localdate() - timedelta(days=5)).places == 0


def test_the_ledger_says_of_yesterday_what_the_counters_say_today(client, city, monkeypatch):
    counted = figures.equity()
    monkeypatch.setattr(timezone, "localdate", lambda *_: date.today() + timedelta(days=2))
    assert figures.equity(date.today() + timedelta(days=1)) == counted


@pytest.mark.django_db
def test_with_a_program_a_place_keeps_its_own_fulfilment():
    place, tablet = factories.location(), factories.package("tablet", of=factories.program("umkm", "UMKM"))
    factories.promise(factories.need(10, at=place), 10)
    factories.need(4, at=place, of=tablet)
    factories.need(4)
    equity = figures.equity(program=tablet.program)
    assert equity.classes[5] == equity.places == 1
    [district] = equity.districts
    assert (district.needed, district.left, district.share) == (4, 4, 0)


@pytest.mark.parametrize(
    ("share", "index"), [(0, 0), (WHOLE // 10 - 1, 0), (WHOLE // 10, 1), (WHOLE - 1, 9), (WHOLE, 10)]
)
def test_classes_are_tens_of_percent_and_full(share, index):
    assert class_of(share) == index


def test_a_day_in_force_is_named_as_people_say_it(client, db):
    assert "Sampai dengan: 27 Mei 2020" in text(client.get(URL, {"sampai": "2020-05-27"}))
