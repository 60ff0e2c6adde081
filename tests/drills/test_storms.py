"""The storms of the ordinary tests, for a minute each."""

import pytest

from tests.test_concurrency import Storm, assert_proved
from tests.test_killed_workers import assert_nothing_over_lost_or_double, portal, weather  # noqa: F401 - a fixture

SECONDS = 60


@pytest.mark.django_db(transaction=True)
def test_a_minute_of_everything_at_once():
    assert Storm(SECONDS).run() > 1000
    assert_proved()


def test_a_minute_of_dying_workers(portal):  # noqa: F811 - pytest's way
    tally, deaths = weather(portal, SECONDS)
    assert deaths >= 20
    assert_nothing_over_lost_or_double(portal, tally)
