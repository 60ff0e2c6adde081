"""Public figures: exact while folding, as of any date, by basis, never mixing promise and delivery."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donations import figures, summaries
from donations.actions import commitments, deliveries, funds
from donations.actions.ledger import wib_day
from donations.models import Attribution, Category
from ksbb.core import version
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def bases(**scope):
    version.forget()
    shown = figures.totals(**scope)
    return shown.submitted.total, shown.committed.total, shown.delivered.total


@pytest.mark.parametrize("folded", [False, True])
def test_the_three_words_are_never_mixed(folded):
    need = factories.need(20)
    promised = factories.registered(need, 5)
    assert bases() == (5, 0, 0)
    commitments.accept(commitment=promised, date=wib_day(NOW), now=NOW)
    assert bases() == (0, 5, 0)
    if folded:
        summaries.fold()
    factories.deliver(promised, ok=3, damaged=1, short=1)
    assert bases() == (0, 3, 3)
    line = promised.lines.get()
    promised.refresh_from_db()
    deliveries.give_back(line=line, quantity=1, reason="Salah alamat", now=NOW, by=factories.user())
    assert bases() == (0, 2, 2)


def test_as_of_an_earlier_day_nothing_later_counts():
    week_ago = NOW - timedelta(days=7)
    need = factories.need(20, now=NOW)
    factories.promise(need, 4, now=week_ago)
    factories.promise(need, 3, now=NOW)
    assert bases(until=wib_day(week_ago)) == (4, 0, 0)
    assert bases(since=wib_day(week_ago) + timedelta(days=1)) == (3, 0, 0)
    assert bases() == (7, 0, 0)


def test_every_package_and_category_is_listed_zero_included():
    factories.package("lebaran")
    factories.delivered(factories.need(5), 5, by=factories.giver(category=Category.BUSINESS))
    shown = figures.totals(program=factories.program())
    assert shown.delivered.by_package == {"sembako": 5, "lebaran": 0}
    assert set(shown.collaborators.by_category) == set(Category.values)
    assert shown.collaborators.by_category[Category.BUSINESS] == 1


def test_a_giver_is_counted_once_and_each_anonymous_gift_for_itself():
    need = factories.need(20)
    for attribution in (Attribution.NAMED, Attribution.NAMED, Attribution.ANONYMOUS, Attribution.ANONYMOUS):
        factories.delivered(need, 1, by=factories.giver("sama@contoh.id", name="Ibu Ani", attribution=attribution))
    shown = figures.totals()
    assert shown.collaborators.total == 3
    assert shown.collaborations == 4


def test_a_promise_alone_makes_no_collaborator():
    factories.registered(factories.need(20), 1)
    assert figures.totals().collaborators.total == 0


def test_money_makes_a_collaborator_until_it_is_wholly_refunded():
    money = factories.received(1_000_000)
    assert figures.totals().collaborators.total == 1
    funds.refund(contribution=money, amount=1_000_000, reason="Batal", now=NOW, by=factories.user())
    version.forget()
    shown = figures.totals()
    assert shown.collaborators.total == 0
    assert (shown.funds.received, shown.funds.refunded, shown.funds.balance) == (1_000_000, 1_000_000, 0)


def test_reach_counts_distinct_places():
    here, there = factories.location(1), factories.location(1, within="31.74.04.1004")
    for place in (here, here, there):
        of = factories.package("sembako" if place == there else f"paket-{factories.number()}")
        factories.accepted(factories.need(5, at=place, of=of), 1)
    reach = figures.totals().reach
    assert (reach.cities, reach.districts, reach.villages, reach.neighbourhoods) == (1, 2, 2, 2)


@pytest.mark.parametrize("per", list(figures.BREAKDOWNS))
def test_every_breakdown_sums_to_the_totals(per):
    for place in (factories.location(1), factories.location(2, within="31.71.01.1001")):
        need = factories.need(30, at=place)
        factories.promise(need, 3)
        factories.accepted(need, 4, by=factories.giver(category=Category.CIVIL))
        factories.delivered(need, 5)
    summaries.fold()
    factories.promise(need, 2)
    version.forget()
    rows = figures.breakdown(per)
    sums = tuple(sum(getattr(row, basis) for row in rows) for basis in ("submitted", "committed", "delivered"))
    assert sums == bases()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=st.integers(1, 10**15), price=st.integers(1, 10**9))
def test_converting_money_loses_no_rupiah(amount, price):
    packages, remainder = funds.packages_for(amount, price)
    assert packages * price + remainder == amount
    assert 0 <= remainder < price


def test_the_press_release_of_2020_converts_without_remainder():
    assert funds.packages_for(1_565_000_000, 200_000) == (7_825, 0)
