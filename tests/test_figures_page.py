"""`/transparansi/`: the figures, their charts with table and file, and the way from a figure to its rows."""

import csv
import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from donations import figures
from donations.actions import commitments
from ksbb import charts
from ksbb.charts import Bar, TimeScale, Week
from tests import factories

URL = "/transparansi/"


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


@pytest.mark.django_db
def test_the_page_stands_without_any_data(client):
    page = client.get(URL)
    assert page.status_code == 200
    assert "Transparansi" in text(page)


def test_the_figures_are_the_apis(client, city):
    page, api = client.get(URL).context["totals"], client.get("/api/v1/angka/").json()
    assert (page.submitted.total, page.committed.total, page.delivered.total) == (5, 602, 400)
    assert api["komitmen"]["total"] == page.committed.total
    assert "602" in text(client.get(URL))


def test_every_chart_has_title_unit_table_file_and_words_for_those_who_do_not_see_it(client, city):
    page = text(client.get(URL))
    found = re.findall(r'<figure class="chart">.*?</figure>', page, re.S)
    assert len(found) == 8
    for chart in found:
        assert re.search(r"<h3>.+</h3>", chart)
        assert 'class="unit"' in chart
        assert re.search(r'<svg width="100%" height="\d+" role="img" aria-label="[^"]{5,}', chart)
        assert "<table" in chart
        assert 'href="/data/' in chart
        assert "style=" not in chart


def test_each_file_beside_a_chart_sums_to_the_figures(client, city):
    page = text(client.get(URL))
    for url in {url.replace("&amp;", "&") for url in re.findall(r'href="(/data/angka\.csv[^"]*)"', page)}:
        found = rows(client, url)
        assert sum(int(row["komitmen"]) for row in found) == 602
        assert sum(int(row["tersalurkan"]) for row in found) == 400


def test_from_figure_to_rows_to_file_the_sum_stays(client, city):
    page = client.get(URL, {"program": "pangan"})
    listing = client.get(page.context["rows_url"])
    assert listing.context["sums"]["committed"] == page.context["totals"].committed.total == 600
    assert sum(int(row["rincian_komitmen"]) for row in rows(client, listing.context["csv"])) == 600


def test_each_group_of_a_chart_leads_to_its_rows(client, city):
    page = client.get(URL)
    links = re.findall(r'href="(/kolaborasi/\?(?:wilayah|paket|kategori)=[^"]+)"', text(page))
    assert {link.split("?")[1].split("=")[0] for link in links} == {"wilayah", "paket", "kategori"}
    by_package = client.get("/kolaborasi/?paket=tablet").context["sums"]
    assert by_package["committed"] == 2


@pytest.mark.parametrize("per", ["kecamatan", "kelurahan"])
def test_areas_can_be_seen_closer(client, city, per):
    page = client.get(URL, {"per": per})
    assert [row[2] for row in page.context["areas"]["rows"]][-1] == 602
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
    terms = [re.sub(r"\D", "", words) for _label, words in client.get(URL).context["equation"]]
    received, *rest = map(int, terms)
    assert received == sum(rest) == 1_500_000


def test_the_version_and_the_day_are_in_sight(client, city):
    page = text(client.get(URL, {"sampai": "2020-05-27"}))
    assert f"versi {figures.DEFINITION_VERSION}" in page
    assert "27 Mei 2020" in page


def test_the_page_costs_few_queries_and_none_for_figures_known(client, city, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        client.get(URL)
    with django_assert_max_num_queries(4):
        client.get(URL)


# --- Drawing ----------------------------------------------------------------------------------------------------------
def test_bars_share_one_scale():
    drawn = charts.bars(
        [Bar("A", (("delivered", 50), ("committed", 50)), "x"), Bar("B", (("delivered", 25),), "y")], "z"
    )
    assert re.findall(r'<rect [^>]*width="([\d.]+)%"', drawn) == ["50.00", "50.00", "25.00"]


def test_bars_of_nothing_are_drawn_too():
    assert "<rect" not in charts.bars([Bar("A", (("delivered", 0),), "0")], "z")
    assert charts.bars([], "z")


def test_words_in_a_chart_are_escaped():
    drawn = charts.bars([Bar("<b>&", (("delivered", 1),), "<i>")], '"<script>')
    assert "<b>" not in drawn
    assert "<script>" not in drawn


def test_empty_years_are_skipped_with_a_label():
    weeks = [Week(date(2020, 5, 4), 5, 1), Week(date(2020, 5, 11), 9, 3), Week(date(2026, 11, 16), 2, 0)]
    drawn = charts.columns(weeks, "x")
    assert "2021–25" in drawn
    assert "catatan" in drawn
    assert (
        charts.silences([week.day for week in weeks])
        == "Waktu tanpa catatan dilompati: 18 Mei 2020 – 15 November 2026."
    )
    assert charts.silences([week.day for week in weeks[:2]]) == ""


def test_weeks_keep_their_order_and_stay_in_the_picture():
    days = [date(2020, 4, 20) + timedelta(weeks=week) for week in range(30)] + [date(2026, 11, 16)]
    scale = TimeScale(days)
    places = [scale.position(day) for day in days]
    assert places == sorted(places)
    assert places[0] == charts.LEFT
    assert places[-1] + charts.LEAST_WEEKS * scale.week == pytest.approx(100)


@pytest.mark.parametrize("high", [1, 3, 9, 10, 99, 101, 561_118, 1_565_000_000])
def test_grid_lines_are_few_and_round(high):
    lines = charts.steps(high)
    assert 1 <= len(lines) <= 5
    assert lines[-1] <= high
    assert all(str(line).strip("0") in {"1", "2", "3", "4", "5", "6", "8", "15", "25"} for line in lines)


def test_corrections_below_zero_are_drawn_below_the_axis():
    drawn = charts.columns([Week(date(2020, 5, 4), 10, 0), Week(date(2020, 5, 11), -5, 0)], "x")
    tops = [float(top) for top in re.findall(r'class="s-committed" x="[\d.]+%" y="([\d.]+)"', drawn)]
    assert tops[1] > tops[0]


def test_areas_rise_and_hold():
    drawn = charts.areas([Week(date(2020, 5, 4), 10, 5), Week(date(2020, 5, 11), 20, 15)], "x")
    assert drawn.count("<path") == 2


def test_a_day_outside_is_an_error():
    with pytest.raises(ValueError):
        TimeScale([date(2020, 5, 4)]).position(datetime(2021, 1, 1).date())
