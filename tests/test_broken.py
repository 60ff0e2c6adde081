"""Errors on our side: 500 and 503 pages that need no database, and the shape of the API for machines."""

import errno
import logging
import sys

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.db.utils import ConnectionHandler
from django.test import Client
from django.test.signals import template_rendered

from ksbb import broken
from ksbb.core import away

AWAY = "unable to open database file"


def test_a_form_without_its_token_is_refused_with_a_page_drawn_once():
    client, drawn = Client(enforce_csrf_checks=True), []
    template_rendered.connect(note := lambda template, **_: drawn.append(template.name))
    try:
        pages = [client.post(path) for path in ("/beri-bantuan/?lokasi=x", "/lacak/", "/en/lacak/", "/en/pengaduan/")]
    finally:
        template_rendered.disconnect(note)
    assert {page.status_code for page in pages} == {403}
    assert drawn.count("403_csrf.html") == 2
    assert pages[0].content == pages[1].content != pages[2].content == pages[3].content
    assert 'href="/en/" lang="en"' in pages[0].content.decode()
    assert 'href="/" lang="id"' in pages[2].content.decode()


@pytest.fixture
def failing(client):
    """Ask for an address while every statement raises this error."""
    client.raise_request_exception = False

    def ask(path, error):
        def fail(*_):
            raise error

        with connection.execute_wrapper(fail):
            return client.get(path)

    return ask


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/lokasi/", "/lokasi/3174051006-rw03/", "/transparansi/", "/gambar.png"])
def test_a_database_that_is_away_is_maintenance(failing, path):
    answer = failing(path, OperationalError(AWAY))
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "120", "no-store")
    assert "sedang dirawat" in answer.content.decode()


@pytest.mark.django_db
def test_the_english_page_speaks_english(failing):
    assert '<html lang="en">' in failing("/en/lokasi/", OperationalError(AWAY)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/lokasi/", "/data/lokasi.json"])
def test_machines_get_the_shape_of_the_contract(failing, path):
    answer = failing(path, OperationalError(AWAY))
    assert (answer.status_code, list(answer.json()["galat"])) == (503, ["layanan"])


@pytest.mark.django_db
def test_any_other_error_is_an_error_of_ours(failing):
    answer = failing("/lokasi/", ProgrammingError("no such column"))
    assert answer.status_code == 500
    assert "Retry-After" not in answer
    assert "Gangguan ini ada pada kami" in answer.content.decode()


@pytest.mark.django_db
def test_a_full_disk_says_that_nothing_was_kept(failing):
    answer = failing("/lokasi/", OperationalError("database or disk is full"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert "belum tersimpan" in answer.content.decode()
    for_machines = failing("/api/v1/lokasi/", OSError(errno.ENOSPC, "No space left on device"))
    assert (for_machines.status_code, list(for_machines.json()["galat"])) == (503, ["layanan"])


@pytest.mark.parametrize(("error", "lines"), [(OperationalError(AWAY), 1), (ProgrammingError("no such column"), 4)])
def test_the_log_tells_of_a_database_that_is_away_in_one_line(error, lines):
    try:
        raise error
    except (OperationalError, ProgrammingError):
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Service Unavailable: %s", ("/",), sys.exc_info())
    assert away.Briefly().filter(record)
    assert len(logging.Formatter().format(record).splitlines()) >= lines
    assert (lines > 1) == bool(record.exc_info)


@pytest.mark.django_db
def test_the_pages_ask_the_database_nothing(failing, rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert broken.server_error(rf.get("/")).status_code == 500


@pytest.mark.django_db
def test_even_without_its_own_files_something_is_said(failing, monkeypatch):
    monkeypatch.setattr(broken, "get_template", None)
    answer = failing("/lokasi/", OperationalError(AWAY))
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert "sedang dirawat" in answer.content.decode()


@pytest.mark.django_db
def test_a_real_database_that_is_not_there_is_away(tmp_path):
    gone = {**connection.settings_dict, "NAME": str(tmp_path / "none" / "db"), "HOST": "127.0.0.1", "PORT": "1"}
    if connection.vendor == "postgresql":
        gone.update(NAME="none", OPTIONS={})
    other = ConnectionHandler({"default": gone})["default"]
    with pytest.raises(OperationalError) as caught:
        other.cursor()
    assert away.is_away(caught.value)


@pytest.mark.django_db
@pytest.mark.postgresql
def test_only_what_says_that_nobody_answers_is_away():
    for error, expected in (("57P01", True), ("53300", True), ("40P01", False)):
        cause = type("Cause", (Exception,), {"sqlstate": error})()
        raised = OperationalError()
        raised.__cause__ = cause
        assert away.is_away(raised) is expected


def test_the_static_page_for_a_server_that_is_away_stands_alone(settings):
    text = (settings.BASE_DIR / "static/maintenance.html").read_text()
    for name in ("css/ksbb.css", "img/favicon.svg"):
        assert f"/static/{name}" in text
        assert (settings.BASE_DIR / "static" / name).is_file()
    assert "{%" not in text


@pytest.mark.django_db
@pytest.mark.postgresql
def test_what_a_cursor_meets_while_it_closes_is_away_too():
    assert away.is_away(psycopg.OperationalError("consuming input failed: server closed the connection unexpectedly"))
