"""Midnight in Jakarta, from Sunday to Monday: whatever changes of day changes once and at its moment."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from donations import figures, jobs, summaries
from donations.actions import households, kk_checks, periods
from donations.actions.households import Recipient
from donations.errors import Refused
from donations.ledger_check import differences
from donations.models import EntryKind, LedgerEntry
from ksbb.core import throttle, version
from ksbb.core.models import AuditEntry, OutboxMessage
from programs.models import NeedPeriod
from tests import factories
from tests.kk_numbers import kk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("only_writer")]
MONDAY = datetime(2020, 5, 4, tzinfo=ZoneInfo("Asia/Jakarta"))  # 17.00 of Sunday in UTC
BEFORE, SECOND = timedelta(seconds=-13), timedelta(seconds=1)
SUNDAY = MONDAY.date() - timedelta(days=1)


def at(**before):
    """Return a moment so long before midnight."""
    return MONDAY - timedelta(**before)


def run(all_jobs, now):
    """Do what run_jobs does in one turn at that moment."""
    for job in all_jobs:
        if job.is_due(now):
            assert job.run(now), job.name


def watch(first, second):
    """Let two run_jobs live through midnight, every second, the second taking over at the stroke; yield each moment."""
    for step in range(90):
        now = MONDAY + BEFORE + step * SECOND
        run(first if now < MONDAY else second, now)
        yield now


def pass_midnight():
    """Live through midnight to its end."""
    for _now in watch(jobs.all_jobs(), jobs.all_jobs()):
        pass


@pytest.fixture(autouse=True)
def _week():
    """The week that ends tonight has been open since Monday."""
    periods.open_week(now=at(days=7))


def count(kind, **about):
    return AuditEntry.objects.filter(kind=kind, **about).count()


def test_the_week_closes_and_the_next_opens_once_at_midnight():
    opened = []
    for now in watch(jobs.all_jobs(), jobs.all_jobs()):
        if NeedPeriod.objects.filter(slug="2020-05-04").exists():
            opened.append(now)
    assert opened[0] == MONDAY
    assert count("period.opened", subject="2020-05-04") == count("period.closed", subject="2020-04-27") == 1
    assert NeedPeriod.objects.open().get().ends_on == MONDAY.date() + timedelta(days=6)


def test_what_was_not_accepted_lapses_once_and_what_was_runs_on():
    need = factories.need(100, now=at(days=3))
    waiting = [factories.registered(need, 2, now=at(hours=1)), factories.promise(need, 3, now=at(minutes=1))]
    agreed = factories.accepted(need, 5, now=at(hours=2))
    pass_midnight()
    for commitment in (*waiting, agreed):
        commitment.refresh_from_db()
    assert [commitment.state for commitment in waiting] == ["kedaluwarsa"] * 2
    assert agreed.state == "terkonfirmasi"
    lapsed = LedgerEntry.objects.filter(kind=EntryKind.LAPSED)
    assert (lapsed.count(), {entry.day for entry in lapsed}) == (2, {MONDAY.date()})
    with pytest.raises(Refused):
        factories.promise(need, 1, now=MONDAY + SECOND)
    version.forget()
    assert list(differences()) == []


def test_a_hold_that_ends_at_midnight_lapses_at_midnight():
    during = NeedPeriod.objects.create(slug="lama", name="", starts_on=SUNDAY, ends_on=SUNDAY + timedelta(days=30))
    held = factories.promise(factories.need(100, during=during, now=at(days=2)), 1, now=at(hours=24))
    states = {}
    for now in watch(jobs.all_jobs(), jobs.all_jobs()):
        held.refresh_from_db()
        states[now] = held.state
    assert states[MONDAY - SECOND] == "diajukan"
    assert states[MONDAY + 3 * SECOND] == "kedaluwarsa"
    assert count("commitment.expired", subject=held.code) == 1


def test_who_is_late_from_today_on_is_asked_once_today():
    late = factories.accepted(factories.need(10, now=at(days=6)), 2, now=at(days=6), on=SUNDAY - timedelta(days=3))
    jobs.deadlines.ask_late(at(seconds=20))
    assert not count("commitment.late")
    pass_midnight()
    assert count("commitment.late", subject=late.code) == 1


def test_each_fact_counts_on_its_own_day():
    need = factories.need(100, now=at(days=3))
    factories.accepted(need, 7, now=at(seconds=1))
    pass_midnight()
    next_week = factories.need(100, now=MONDAY + SECOND)
    factories.accepted(next_week, 5, now=MONDAY + SECOND)
    for _before_and_after_folding in range(2):
        assert figures.totals(until=SUNDAY).committed.total == 7
        assert figures.totals(until=MONDAY.date()).committed.total == 12
        summaries.fold()
    version.forget()
    assert list(differences()) == []


def test_the_hour_of_the_throttle_begins_anew_at_midnight():
    last = at(seconds=1)
    assert [throttle.hit("uji", "10.0.0.1", last) for _ in range(2)] == [1, 2]
    assert throttle.hit("uji", "10.0.0.1", MONDAY) == 1
    assert throttle.forget(MONDAY) == 0
    assert throttle.hit("uji", "10.0.0.1", last) == 3  # a worker whose clock lags still finds the hour that was


def test_a_family_locked_by_wrong_codes_may_try_again_after_midnight():
    need = factories.need(10, now=at(days=3))
    commitment = factories.accepted(need, 3, now=at(days=2))
    delivery, line = factories.deliver(commitment, now=at(days=1)), commitment.lines.get()
    line.need = need
    number = kk(1)
    _row, code = households.record_receipt(recipient=Recipient(number, 4), delivery=delivery, line=line, now=at(days=1))
    for _wrong in range(kk_checks.MOST_WRONG_CODES):
        kk_checks.check(number=number, code="salahsekali", now=at(seconds=5))
    assert kk_checks.check(number=number, code=code, now=at(seconds=1)).state == kk_checks.MISMATCH
    assert kk_checks.check(number=number, code=code, now=MONDAY).state == kk_checks.DETAILS


def test_nobody_is_written_to_twice():
    need = factories.need(100, now=at(days=3))
    for _ in range(3):
        factories.registered(need, 2, now=at(hours=1))
    before = OutboxMessage.objects.count()
    pass_midnight()
    once = OutboxMessage.objects.count() - before
    pass_midnight()
    assert OutboxMessage.objects.count() - before == once
