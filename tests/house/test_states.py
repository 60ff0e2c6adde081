"""The one table of transitions: complete, used as it stands, and drawn as it is."""

import re

import pytest

from donations.management.commands.draw_states import DRAWINGS, drawing, target
from donations.models.commitment import ARRIVED, ENDED, HOLDING, TRANSITIONS, CommitmentState
from tests.house import source

START = CommitmentState.SUBMITTED


def reachable(start):
    """Return the states a commitment can come to from `start`."""
    seen, open_ends = {start}, [start]
    while open_ends:
        here = open_ends.pop()
        fresh = {after for (before, _), after in TRANSITIONS.items() if before == here} - seen
        seen |= fresh
        open_ends += fresh
    return seen


def test_every_state_can_be_reached():
    assert reachable(START) == set(CommitmentState)


def test_every_state_is_of_one_phase():
    assert sorted([*HOLDING, *ARRIVED, *ENDED]) == sorted(CommitmentState)


def test_what_holds_capacity_can_give_it_back():
    assert all(reachable(state) & set(ENDED) for state in HOLDING)


def test_an_ended_promise_stays_ended():
    assert not [before for before, _ in TRANSITIONS if before in ENDED]


def test_actions_and_table_use_the_same_words():
    text = "\n".join(source.read(path) for path in source.python("donations") if "actions" in path.parts)
    unused = [action for action in {action for _, action in TRANSITIONS} if f'"{action}"' not in text]
    assert unused == []


def test_no_state_is_set_outside_the_actions():
    """Only a compare-and-swap in `actions` changes a state."""
    setting = re.compile(r"(?<!\w)state\s*=\s*(?:S\.|CommitmentState\.)")
    changing = [
        str(path)
        for path in source.python("ksbb", "programs", "locations", "donations")
        if not {"actions", "models", "demo"} & set(path.parts)
        and re.search(r"\.update\([^)]*" + setting.pattern, source.read(path))
    ]
    assert changing == []


@pytest.mark.parametrize("drawn", DRAWINGS, ids=lambda drawn: drawn.noun)
def test_the_drawing_is_fresh(drawn):
    """`manage.py draw_states` writes it anew."""
    assert source.read(target(drawn)) == drawing(drawn)


@pytest.mark.parametrize("drawn", DRAWINGS, ids=lambda drawn: drawn.noun)
def test_every_state_is_of_one_phase_of_its_drawing(drawn):
    assert sorted(state for states in drawn.phases.values() for state in states) == sorted(drawn.states)
