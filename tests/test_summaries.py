"""Folding loses nothing, not even what commits late under an earlier id."""

import pytest

from donations import figures, summaries
from ksbb.core import version
from tests import factories
from tests.late import still_open


def submitted():
    version.forget()
    return figures.totals().submitted.total


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_after_the_fold_is_not_lost():
    """Its id is lower than one that is folded: a watermark by `max(id)` would pass it by for ever."""
    first, second = factories.need(10), factories.need(10)
    with still_open(lambda: factories.promise(first, 3)):
        factories.promise(second, 4)
        summaries.fold()
        assert submitted() == 4
    assert submitted() == 7
    summaries.fold()
    assert submitted() == 7


@pytest.mark.django_db(transaction=True)
def test_folding_twice_counts_once(only_writer):
    factories.promise(factories.need(10), 3)
    for _ in range(2):
        summaries.fold()
        assert submitted() == 3
