"""Working days: Monday to Friday without holidays, counted from the day after."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations import workdays

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
COUNTS = st.integers(0, 60)
HOLIDAYS = st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=20)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, 20) + timedelta(days=n) for n in range(4))


@pytest.mark.parametrize(("day", "works"), [(FRIDAY, True), (SATURDAY, False), (SUNDAY, False), (MONDAY, True)])
def test_offices_work_from_monday_to_friday(day, works):
    assert workdays.is_working_day(day) == works
    assert not workdays.is_working_day(day, {day})


@pytest.mark.parametrize(
    ("first", "due"),
    [
        (MONDAY, date(2026, 12, 2)),
        (FRIDAY, date(2026, 12, 1)),
        (SATURDAY, date(2026, 12, 1)),
        (SUNDAY, date(2026, 12, 1)),
    ],
)
def test_seven_working_days(first, due):
    assert workdays.last_day(first, 7) == due


def test_holidays_move_the_end():
    christmas, joint_leave = date(2026, 12, 25), date(2026, 12, 24)
    assert workdays.last_day(date(2026, 12, 21), 7) == date(2026, 12, 30)
    assert workdays.last_day(date(2026, 12, 21), 7, {christmas, joint_leave}) == date(2027, 1, 1)


@given(DAYS, st.integers(1, 60))
def test_the_last_day_is_a_working_day_and_so_many_lie_between(day, count):
    last = workdays.last_day(day, count)
    assert workdays.is_working_day(last)
    assert workdays.days_between(day, last) == count
    assert workdays.days_between(day, last - timedelta(days=1)) == count - 1


@given(st.dates(date(2026, 1, 1), date(2026, 3, 31)), COUNTS, HOLIDAYS)
def test_holidays_only_ever_make_it_later(day, count, holidays):
    last = workdays.last_day(day, count, holidays)
    assert last >= workdays.last_day(day, count)
    assert workdays.days_between(day, last, holidays) == count
    assert last not in holidays or count == 0


@given(DAYS, COUNTS, COUNTS)
def test_counts_add_up(day, few, more):
    assert workdays.last_day(workdays.last_day(day, few), more) == workdays.last_day(day, few + more)


@given(DAYS, st.integers(-30, 30))
def test_nothing_lies_between_a_day_and_an_earlier_one(day, ahead):
    days = workdays.days_between(day, day + timedelta(days=ahead))
    assert days == 0 if ahead <= 0 else 0 <= days <= ahead
