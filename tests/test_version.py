"""The data version: who may wait for it."""

import threading

import pytest
from django.db import connection

from ksbb.core import version
from ksbb.core.source import PRIMARY

pytestmark = pytest.mark.django_db


def test_nobody_waits_with_a_connection_for_somebody_who_waits_for_one(monkeypatch):
    taken = threading.Lock()
    taken.acquire()
    monkeypatch.setitem(version.READING, PRIMARY, taken)
    connection.ensure_connection()
    assert version.data_version() >= 0
