"""`/transparansi/definisi/`: what figures mean, and which published ones do not compare."""

import pytest

from donations import figures
from programs.reference import rows
from tests import factories

URL = "/transparansi/definisi/"


@pytest.fixture
def page(client, db):
    return client.get(URL).content.decode()


@pytest.mark.parametrize(
    "anchor", ["diajukan", "komitmen", "tersalurkan", "kolaborasi", "kolaborator", "jangkauan", "penerima", "dana"]
)
def test_every_figure_has_its_definition(page, anchor):
    assert f'id="{anchor}"' in page


def test_the_version_is_named(page):
    assert f"Definisi versi {figures.DEFINITION_VERSION}" in page


@pytest.mark.parametrize(
    "words", ["120 dan 222", "118 RW", "29.591", "28.618", "5.954", "menurut Dompet Dhuafa", "32 kecamatan"]
)
def test_what_does_not_compare_is_said(page, words):
    assert words in page


def test_every_published_figure_stands_with_its_source(page):
    from ksbb.templatetags.formats import number

    for row in rows("published_totals"):
        assert number(int(row["value"])) in page
        assert row["source"].split(";")[0].split("“")[0] in page


def test_each_published_day_leads_to_its_figures(page):
    assert 'href="/transparansi/?sampai=2020-05-02&amp;program=pangan"' in page


def test_the_page_costs_few_queries(client, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(URL)


def test_published_figures_are_named_in_words(client, db):
    factories.package("siap-saji", name="Makanan siap saji")
    text = client.get(URL).text
    assert "Komitmen · Makanan siap saji" in text
    assert "komitmen · paket" not in text
