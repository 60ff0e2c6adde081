"""While the database is away, map, dashboard and home show their last state, with its time, and nothing else does."""

import brotli
import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.utils import timezone

from donations import jobs
from ksbb import broken
from ksbb.core.source import REPLICA, reading_from
from ksbb.templatetags.formats import day
from locations import snapshot
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = ["/", "/peta/", "/transparansi/", "/en/", "/en/peta/", "/en/transparansi/"]
AWAY = OperationalError("unable to open database file")


@pytest.fixture(autouse=True)
def _pages_are_kept(settings, tmp_path):
    last = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path, "TIMEOUT": None}
    settings.CACHES = {**settings.CACHES, "last": last}
    factories.need(35)


@pytest.fixture
def ask_without_database(client):
    """Ask for an address while no statement reaches the database."""
    client.raise_request_exception = False

    def ask(path, **more):
        from ksbb.core import version

        def fail(*_):
            raise AWAY

        version.forget()
        with connection.execute_wrapper(fail):
            return client.get(path, **more)

    return ask


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_was_made_stays_readable_with_the_time_of_its_data(client, ask_without_database, path):
    before = client.get(path).content
    answer = ask_without_database(path)
    words = "notice tone-warning" if path.startswith("/en/") else f"Data per {day(timezone.now())}"
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.has_header("Last-Modified")
    assert not answer.has_header("ETag")
    assert words in answer.content.decode()
    assert before.partition(b"<main")[0] == answer.content.partition(b"<main")[0]


@pytest.mark.parametrize("marks", ["?fbclid=IwAR0x", "?utm_source=wa&utm_medium=grup"])
def test_a_link_that_another_site_has_marked_leads_to_the_same_page(client, ask_without_database, marks):
    plain, marked = client.get("/peta/"), client.get(f"/peta/{marks}")
    assert marked["ETag"] == plain["ETag"]
    assert ask_without_database(f"/peta/{marks}").status_code == 200


def test_its_time_is_not_told_while_the_database_answers(client):
    client.get("/peta/")
    assert "Data per" not in client.get("/peta/").content.decode()


def test_it_travels_packed(client, ask_without_database):
    client.get("/peta/")
    answer = ask_without_database("/peta/", headers={"accept-encoding": "br"})
    assert answer["Content-Encoding"] == "br"
    assert "Data per" in brotli.decompress(answer.content).decode()


@pytest.mark.parametrize("path", ["/peta/?jenis=rw", "/transparansi/?sampai=2020-05-27", "/lokasi/"])
def test_what_needs_data_is_told_to_come_again_and_where_the_last_state_is(client, ask_without_database, path):
    client.get("/peta/")
    client.get(path)
    answer = ask_without_database(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert 'href="/peta/"' in answer.content.decode()


def test_the_jobs_keep_the_pages_that_nobody_visits(ask_without_database):
    jobs.keep_pages(timezone.now())
    for path in [*PAGES, "/api/v1/angka/"]:
        assert ask_without_database(path).status_code == 200, path


def test_the_figures_for_machines_stay_too(client, ask_without_database):
    before = client.get("/api/v1/angka/").json()
    answer = ask_without_database("/api/v1/angka/")
    assert answer.json() == before
    assert (answer["Content-Type"], answer["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert answer.has_header("Last-Modified")
    assert ask_without_database("/api/v1/angka/?per=program").status_code == 503


def test_the_files_of_the_map_need_no_database(settings, tmp_path, ask_without_database):
    settings.VAR = tmp_path
    snapshot.rebuild()
    manifest = ask_without_database("/api/v1/peta/")
    assert manifest.json()["dibuat"].startswith(f"{timezone.localdate()}")
    places = ask_without_database(manifest.json()["url"])
    assert (places.status_code, len(places.json()["id"])) == (200, 1)


def test_a_replica_that_is_away_leaves_the_answer_to_the_primary(client, rf):
    client.get("/peta/")
    with reading_from(REPLICA):
        try:
            raise AWAY
        except OperationalError:
            assert broken.server_error(rf.get("/peta/")).status_code == 503


def test_a_page_is_shown_even_when_it_cannot_be_kept(client, tmp_path):
    caches["last"].clear()
    tmp_path.rmdir()
    tmp_path.write_text("in the way")
    assert client.get("/peta/").status_code == 200
