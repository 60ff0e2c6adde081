"""The throttle: exact across workers, per hour, one IPv6 household as one visitor, proxies only when trusted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from ksbb.core import throttle
from ksbb.core.throttle import day_of, hour_of  # as they are: tests of other things have hours of their own
from tests.test_concurrency import in_threads

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_hits_count_within_the_hour_and_by_purpose_and_visitor():
    assert [throttle.hit("kk", "a", NOW) for _ in range(3)] == [1, 2, 3]
    assert throttle.hit("kk", "b", NOW) == 1
    assert throttle.hit("lacak", "a", NOW) == 1
    assert throttle.hit("kk", "a", NOW + timedelta(hours=1)) == 1


def test_an_hour_and_a_day_are_those_of_the_clock_in_jakarta():
    assert hour_of(NOW) == (datetime(2026, 11, 22, 10, tzinfo=UTC), datetime(2026, 11, 22, 11, tzinfo=UTC))
    assert day_of(NOW) == (datetime(2026, 11, 21, 17, tzinfo=UTC), datetime(2026, 11, 22, 17, tzinfo=UTC))


@pytest.mark.django_db(transaction=True)
def test_n_plus_one_never_passes_however_many_knock_at_once():
    counts = in_threads(lambda _: throttle.hit("kk", "sama", NOW), range(64), threads=32)
    assert sorted(counts) == list(range(1, 65))


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("bukan alamat", "unknown"),
    ],
)
def test_what_counts_as_one_visitor(address, group):
    assert throttle.address_group(address) == group


def test_a_forwarded_address_counts_only_from_the_trusted_proxy(settings):
    request = RequestFactory().get(
        "/", headers={"x-forwarded-for": "198.51.100.1, 203.0.113.7"}, REMOTE_ADDR="10.0.0.1"
    )
    assert throttle.client_address(request) == "10.0.0.1"
    settings.TRUSTED_PROXY = "10.0.0.1"
    assert throttle.client_address(request) == "203.0.113.7"


def test_retry_after_ends_with_the_hour():
    assert throttle.seconds_to_next_hour(NOW) == 1800


@pytest.mark.django_db
def test_a_step_of_nothing_counts_nothing_and_starts_the_row():
    window = {"since": NOW, "until": NOW + timedelta(days=1)}
    assert [throttle.add("kode", "a", step, **window) for step in (0, 1, 0, 1)] == [0, 1, 1, 2]


@pytest.mark.django_db
def test_several_steps_at_once_count_each_for_itself():
    hour, day = (throttle.Step("kk", "a", 1, NOW, NOW + timedelta(hours=n)) for n in (1, 24))
    other = throttle.Step("kode", "a", 0, NOW, NOW + timedelta(days=1))
    assert throttle.add_all(hour, other) == [1, 0]
    assert throttle.add_all(other._replace(step=2), day) == [2, 2]
