"""What every test shares: tripwires, the engine's name, and which tests may run where."""

import os
from pathlib import Path

import pytest
from django.db import connection

from tests.tripwires import forbid_network

forbid_network()

HERE = Path(__file__).parent
# Folders whose tests need their own surroundings; the others run on both engines.
MARKED_FOLDERS = ("house", "browser", "bench", "drills")


def pytest_report_header(config):
    return f"engine: {'PostgreSQL' if os.environ.get('DATABASE_URL') else 'SQLite file'}"


def pytest_collection_modifyitems(items):
    """Mark a test by the folder it stands in."""
    for item in items:
        top = item.path.relative_to(HERE).parts[0]
        if top in MARKED_FOLDERS:
            item.add_marker(getattr(pytest.mark, top.removesuffix("s") if top == "drills" else top))


@pytest.fixture(scope="session")
def engine():
    """The engine under test: "sqlite" or "postgresql"."""
    return connection.vendor


@pytest.fixture(autouse=True)
def _plain_state(settings):
    """Empty what a process remembers between requests, so that no test leans on its neighbour."""
    from django.core.cache import cache

    cache.clear()
