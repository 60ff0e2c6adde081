"""How long the portal takes to come up, on two idle cores."""

import os
import time

import pytest

from tests.portal import Portal

FIRST_SECONDS = 60  # 90 with the download of the requirements, which are here already
SECOND_SECONDS = 5


def seconds_to_start(portal):
    """Return how long a start takes until the database answers."""
    began = time.monotonic()
    portal.start()
    return time.monotonic() - began


@pytest.fixture
def portal(tmp_path):
    """A portal that was never started."""
    made = Portal(tmp_path / "var", fresh=True)
    yield made
    made.stop()


def test_first_start_with_the_demo_and_second_start(portal):
    first = seconds_to_start(portal)
    portal.stop()
    second = seconds_to_start(portal)
    print(f"\nfirst start {first:.1f} s, second start {second:.1f} s; load {os.getloadavg()[0]:.1f}")
    assert first < FIRST_SECONDS
    assert second < SECOND_SECONDS
