"""Numbers, money, shares, dates and times as people read them, in Indonesian and English."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ksbb.templatetags import formats


@pytest.fixture(autouse=True)
def _indonesian():
    with override("id"):
        yield


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (formats.number(1234567), "1.234.567"),
        (formats.number(0), "0"),
        (formats.number(None), ""),
        (formats.number(-1200), "−1.200"),
        (formats.number(12.5, 1), "12,5"),
        (formats.rupiah(20_000_000), "Rp 20.000.000"),
        (formats.rupiah(-5000), "−Rp 5.000"),
        (formats.percent(0.649), "64 %"),
        (formats.percent(0), "0 %"),
        (formats.percent(0.0008), "<1 %"),
        (formats.percent(0.29), "29 %"),
        (formats.percent(None), ""),
        (formats.fulfilled(0.64), "Terpenuhi 64 %"),
        (formats.short(999), "999"),
        (formats.short(1234), "1,2 rb"),
        (formats.short(2000), "2 rb"),
        (formats.short(561118), "561 rb"),
        (formats.short(1_565_000_000), "1,5 M"),
        (formats.day(date(2020, 5, 3)), "3 Mei 2020"),
        (formats.day(datetime(2020, 5, 2, 17, 30, tzinfo=UTC)), "3 Mei 2020"),
        (formats.weekday(date(2020, 5, 2)), "Sabtu, 2 Mei 2020"),
        (formats.moment(datetime(2020, 5, 3, 7, 5, tzinfo=UTC)), "3 Mei 2020 pukul 14.05 WIB"),
        (formats.moment(None), ""),
        (formats.day_range(date(2020, 4, 24), date(2020, 4, 30)), "24–30 April 2020"),
        (formats.day_range(date(2020, 4, 24), date(2020, 5, 3)), "24 April – 3 Mei 2020"),
        (formats.day_range(date(2020, 12, 28), date(2021, 1, 3)), "28 Desember 2020 – 3 Januari 2021"),
        (formats.day_range(date(2020, 5, 3), date(2020, 5, 3)), "3 Mei 2020"),
    ],
)
def test_indonesian(shown, expected):
    assert shown == expected


def test_english():
    with override("en"):
        assert formats.number(1234567) == "1,234,567"
        assert formats.day(date(2020, 5, 3)) == "3 May 2020"
        assert formats.moment(datetime(2020, 5, 3, 7, 5, tzinfo=UTC)) == "3 May 2020, 14:05 WIB"
        assert formats.day_range(date(2020, 4, 24), date(2020, 4, 30)) == "24–30 April 2020"


@given(st.integers(1, 10**7), st.data())
def test_only_a_full_share_reads_100(whole, data):
    part = data.draw(st.integers(0, whole))
    assert (formats.percent(part / whole) == "100 %") == (part == whole)


@given(st.integers(0, 10**15))
def test_grouping_loses_no_digit(value):
    assert formats.number(value).replace(".", "") == str(value)


@pytest.mark.parametrize(
    ("digits", "shown"), [("6281100000000", "+62 811 0000 0000"), ("62211234567", "+62 211 2345 67")]
)
def test_a_telephone_number_is_written_in_groups(digits, shown):
    assert formats.telephone(digits) == shown


def test_the_number_of_an_rw_stays_beside_it():
    assert formats.unbroken("RW 05 Kedoya Selatan") == "RW\u00a005 Kedoya Selatan"
