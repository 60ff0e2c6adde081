"""`/program/`: what kinds of help exist, what is in a package, what it costs, where it is lacking."""

import pytest

from programs.models import ProgramStatus
from tests import factories

pytestmark = pytest.mark.django_db


def test_running_and_announced_programmes_stand_apart(client):
    factories.need(8)
    factories.program("tenaga-kerja", "Tenaga Kerja", status=ProgramStatus.ANNOUNCED)
    context = client.get("/program/").context
    assert [(card["program"].slug, card["left"]) for card in context["running"]] == [("pangan", 8)]
    assert [card["program"].slug for card in context["others"]] == ["tenaga-kerja"]


def test_a_programme_shows_packages_contents_and_prices(client):
    factories.need(8)
    text = client.get("/program/pangan/").content.decode()
    for words in ("Beras 5 kg", "Rp 200.000", "1 paket untuk 1 keluarga", "Halal.", "Masih dibutuhkan 8 paket"):
        assert words in text


def test_an_announced_programme_is_explained(client):
    factories.program("persampahan", "Persampahan", status=ProgramStatus.ANNOUNCED)
    text = client.get("/program/persampahan/").content.decode()
    assert "baru diumumkan" in text
    assert 'href="/program/"' in text


def test_it_is_needed_most_where_most_is_lacking(client):
    tablet = factories.package("tablet", of=factories.program("pendidikan", "Pendidikan"))
    place = factories.location()
    factories.need(90, at=place)
    factories.need(2, at=place, of=tablet)
    most = factories.need(7, of=tablet)
    rows = client.get("/program/pendidikan/").context["places"]
    assert [(row["name"], row["left"]) for row in rows] == [(most.location.name, 7), (place.name, 2)]


def test_unknown_programmes_are_404(client):
    assert client.get("/program/tidak-ada/").status_code == 404


def test_the_number_of_queries_is_small(client, django_assert_max_num_queries):
    for slug in ("sembako", "lebaran", "thr", "siap-saji"):
        factories.need(5, of=factories.package(slug))
    with django_assert_max_num_queries(4):
        client.get("/program/")
    with django_assert_max_num_queries(10):
        client.get("/program/pangan/")
