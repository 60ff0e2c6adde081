"""Copies that were broken off leave nothing that lies about, and go in their turn."""

import resource
import sqlite3
from datetime import UTC, datetime

import pytest

from ksbb import copies

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)


@pytest.fixture
def small_files():
    """Let no file grow beyond a few kilobytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_copy_that_finds_no_room_leaves_nothing(tmp_path, small_files):
    with pytest.raises((OSError, sqlite3.Error)):
        copies.make(tmp_path, NOW)
    assert [*tmp_path.iterdir()] == []


def test_a_copy_that_was_killed_goes_with_those_of_its_time(tmp_path):
    days = ["ksbb-20261119T183000Z", ".ksbb-20261119T190000Z", "ksbb-20261120T183000Z", "ksbb-20261121T183000Z"]
    today = [".ksbb-20261122T183000Z", "ksbb-20261122T183000Z", "something else"]
    for name in days + today:
        (tmp_path / name).mkdir()
    removed = copies.thin_out(tmp_path, keep=2)
    assert [path.name for path in removed] == days[:3]
    assert {path.name for path in tmp_path.iterdir()} == {days[3], *today}
