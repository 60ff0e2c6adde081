"""Working days: Monday to Friday without the holidays given. Pure arithmetic on dates."""

from datetime import timedelta

SATURDAY = 5


def is_working_day(day, holidays=()):
    """Tell whether offices work on `day`: Monday to Friday, unless it is one of `holidays` (dates)."""
    return day.weekday() < SATURDAY and day not in holidays


def last_day(day, count, holidays=()):
    """Return the `count`-th working day after `day`; `day` itself never counts, whatever hour of it is meant."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


def days_between(first, last, holidays=()):
    """Return how many working days lie after `first`, up to and including `last`; 0 when `last` is not later."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, holidays) for day in days)
