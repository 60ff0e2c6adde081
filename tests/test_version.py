"""The data version: who may wait for it."""

import pytest
from django.db import connection

from ksbb.core import version
from ksbb.core.source import PRIMARY

pytestmark = pytest.mark.django_db


class Taken:
    """A lock that nobody may wait for."""

    def __enter__(self):
        raise AssertionError("waited")

    def __exit__(self, *trouble):
        pass


def test_nobody_waits_with_a_connection_for_somebody_who_waits_for_one(monkeypatch):
    monkeypatch.setitem(version.READING, PRIMARY, Taken())
    connection.ensure_connection()
    assert version.data_version() >= 0
