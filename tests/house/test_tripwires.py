"""The rig itself: what it is meant to catch, it catches."""

import socket
import urllib.request
import warnings

import pytest
from django.conf import settings
from django.db import connection
from django.template import engines
from django.template.loader import render_to_string

from tests.tripwires import NetworkForbidden, UnknownTemplateVariable


def test_the_network_is_out_of_reach():
    with pytest.raises(NetworkForbidden):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(NetworkForbidden):
        urllib.request.urlopen("http://ksbb.example/")


def test_this_machine_is_in_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_a_warning_is_an_error():
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_an_unknown_variable_in_a_template_of_ours_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "page.html").write_text("{{ missing }}")
    monkeypatch.setattr("tests.tripwires.OURS", (str(tmp_path),))
    monkeypatch.setattr(engines["django"].engine, "dirs", [tmp_path])
    engines["django"].engine.template_loaders[0].reset()
    with pytest.raises(UnknownTemplateVariable, match="missing"):
        render_to_string("page.html", {})


def test_an_unknown_variable_elsewhere_prints_nothing():
    """The admin's and allauth's templates ask for variables that need not be there."""
    assert engines["django"].from_string("[{{ missing }}]").render({}) == "[]"


@pytest.mark.sqlite
def test_sqlite_runs_as_in_production(db):
    """A file, immediate transactions, recursive triggers: what a database in memory would not show."""
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        pragmas = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "recursive_triggers")]
    assert pragmas == ["wal", 1]
    assert "memory" not in str(connection.settings_dict["NAME"])
