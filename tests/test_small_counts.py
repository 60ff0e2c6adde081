"""What cannot be worked out: families of one place from two dates, the giver behind an anonymous gift from two windows.

Whoever subtracts one published number from another, in whatever days and programme, learns nothing that no page tells.
"""

from datetime import timedelta
from itertools import combinations, count

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from donations import figures, summaries
from donations.actions import households
from donations.actions.ledger import wib_day
from donations.figures.totals import told
from donations.models import Attribution
from ksbb.core import version
from tests import factories
from tests.kk_numbers import kk

NOW = timezone.now()
HERE, THERE = "31.74.05.1006", "31.74.04.1004"
numbers = count(1)


def days_ago(days):
    return NOW - timedelta(days=days)


def received(within, families, days, members=None):
    """Let families of one place receive a package each, some days ago."""
    need = factories.need(families, at=factories.location(within=within), now=days_ago(days))
    made = factories.accepted(need, families, now=days_ago(days))
    delivery = factories.deliver(made, now=days_ago(days))
    for _ in range(families):
        recipient = households.Recipient(kk(next(numbers)), members)
        households.record_receipt(recipient=recipient, delivery=delivery, line=made.lines.get(), now=days_ago(days))


@pytest.fixture
def city(db):
    """One family; then seven of the same kelurahan; then two of another; and so on, day by day."""
    for days, (within, families) in enumerate(
        [(HERE, 1), (HERE, 7), (THERE, 2), (THERE, 3), (HERE, 1), (THERE, 1), (HERE, 2)], start=1
    ):
        received(within, families, 10 - days, members=4)


def recipients(client, **span):
    version.forget()
    return client.get("/api/v1/angka/", {name: wib_day(moment).isoformat() for name, moment in span.items()}).json()[
        "penerima"
    ]


@pytest.mark.parametrize("folded", [False, True])
def test_no_two_dates_tell_of_one_place_or_of_few_families(client, city, folded):
    if folded:
        summaries.fold()
    published = [recipients(client, sampai=days_ago(days)) for days in range(12, -1, -1)]
    assert [row["kk"] for row in published] == [0, 0, 0, 0, 0, 10, 10, 10, 15, 15, 15, 15, 15]
    assert [row["jiwa"] for row in published] == [4 * row["kk"] for row in published]
    assert recipients(client)["kk"] == 15


def test_no_window_tells_more_than_its_two_ends(client, city):
    upto = {days: recipients(client, sampai=days_ago(days))["kk"] for days in range(12, -1, -1)}
    for until, before in combinations(range(12), 2):
        window = recipients(client, dari=days_ago(before - 1), sampai=days_ago(until))
        assert window["kk"] == upto[until] - upto[before]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab"), st.integers(1, 9)), max_size=25))
def test_families_are_told_in_steps(rows):
    days = [
        (f"2020-05-{n:02d}", min(one, other), max(one, other), families, families * 3, 0)
        for n, (one, other, families) in enumerate(rows, start=1)
    ]
    before, waiting = 0, []
    for row in days:
        waiting.append(row)
        now = told(days, row[0])[0]
        if now != before:
            assert now - before == sum(each[3] for each in waiting) >= 5
            assert len({each[name] for each in waiting for name in (1, 2)}) == 2
            before, waiting = now, []
    assert told(days, "9999-12-31")[0] == before


# --- Whose an anonymous gift is ---------------------------------------------------------------------------------------
def everything(client, anonymous_contact):
    """Return all figures in all windows of a city in which an anonymous gift came from this contact."""
    with transaction.atomic():
        need = factories.need(50, at=factories.location(3), now=days_ago(9))
        gifts = [
            (8, factories.giver("ani@contoh.id", name="Ibu Ani")),
            (6, factories.giver("budi@contoh.id", name="Budi")),
            (4, factories.giver(anonymous_contact, name="Ibu Ani", attribution=Attribution.ANONYMOUS)),
            (3, factories.giver("ani@contoh.id", name="Ibu Ani", attribution=Attribution.ALIAS, alias="Sahabat")),
        ]
        for days, giver in gifts:
            factories.delivered(need, 2, by=giver, now=days_ago(days))
        version.forget()
        windows = [
            (None, None),
            *((wib_day(days_ago(a)), wib_day(days_ago(b))) for b, a in combinations(range(2, 10), 2)),
        ]
        seen = [figures.totals(until, since) for since, until in windows]
        for since, until in windows:
            span = {name: day.isoformat() for name, day in (("dari", since), ("sampai", until)) if day}
            rows = client.get("/api/v1/kolaborator/", span).json()
            assert rows["count"] == figures.totals(until, since).collaborators.total
        transaction.set_rollback(True)
    return seen


@pytest.mark.django_db
def test_no_window_tells_whose_an_anonymous_gift_is(client):
    """The world in which a known donor gave it looks exactly like the one in which a stranger did."""
    assert everything(client, "ani@contoh.id") == everything(client, "orang-lain@contoh.id")
