"""Workers killed with SIGKILL while clients send again with the same key: nothing over, lost or double."""

import time

import pytest

from tests import killed
from tests.engines import own_database
from tests.portal import Portal
from tests.storm import Storm

PLACES, QUANTITY = 10, 400


@pytest.fixture
def portal(tmp_path):
    """A portal without the demo, with an empty database of its own on the engine under test."""
    with own_database() as settings:
        # All of the storm's clients share one address.
        server = Portal(tmp_path / "var", DEMO="0", PROMISE_LIMIT="0", **settings).start()
        yield server
        server.stop()


def weather(portal, seconds):
    """Let the storm and the killer rage for a while; return what the clients saw and how many workers died."""
    storm = Storm(portal.url, killed.lay(portal, PLACES, QUANTITY))
    killer = killed.Killer(portal, pause=1.5)
    storm.start()
    killer.start()
    time.sleep(seconds)
    killer.stop.set()
    killer.join()
    return storm.finish(), killer.killed


def assert_nothing_over_lost_or_double(portal, tally):
    commitments, keys, packages = killed.kept(portal)
    assert tally.faults == []
    assert commitments == keys == len(tally.acknowledged)
    assert packages == sum(tally.acknowledged.values())
    assert portal.manage("verify_ledger") == ""


def test_a_promise_survives_the_death_of_its_worker(portal):
    tally, deaths = weather(portal, 10)
    assert deaths >= 4
    assert len(tally.acknowledged) > 20
    assert_nothing_over_lost_or_double(portal, tally)
