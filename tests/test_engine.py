"""Both engines under the tests are what production runs on."""

import threading

import pytest
from django.db import connection, connections

from programs.models import Program


@pytest.mark.postgresql
def test_postgresql_is_real_and_recent(db):
    assert connection.pg_version >= 150000
    assert connection.settings_dict["OPTIONS"]["pool"]


def test_threads_see_what_is_committed(committed):
    """Tests of concurrency rest on this: another thread has a connection of its own to the same database."""
    Program.objects.create(slug="uji", name="Uji")
    seen = []

    def look():
        seen.append(Program.objects.filter(slug="uji").exists())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]
