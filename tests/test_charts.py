"""Charts as SVG: one scale, empty years skipped, corrections, words escaped, shares that are parts."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ksbb import charts
from ksbb.charts import Bar, Moved, TimeScale
from ksbb.charts.frame import steps

amounts = st.integers(0, 10**10)


def trend(moved, **more):
    return charts.trend(moved, moved, step=7, names=("a", "b"), label="x", **more)


def widths(drawing):
    return [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)%"', drawing)]


# --- Bars and the funnel ----------------------------------------------------------------------------------------------
def test_bars_share_one_scale():
    bars = Bar((("delivered", 50), ("committed", 50))), Bar((("delivered", 25),))
    assert [widths(charts.length(bar, 100)) for bar in bars] == [[50, 50], [25]]


def test_a_trace_is_a_sliver_and_nothing_is_nothing():
    assert widths(charts.length(Bar((("delivered", 1), ("submitted", 2))), 10**9)) == [0.5]
    assert widths(charts.length(Bar((("delivered", 0), ("committed", -5))), 0)) == []


@given(amounts, amounts, amounts)
def test_a_funnel_narrows_and_its_shares_are_parts(submitted, outstanding, delivered):
    committed = outstanding + delivered
    bars = [
        Bar((("promised", committed), ("submitted", submitted))),
        Bar((("promised", committed),)),
        Bar((("delivered", delivered),)),
    ]
    found = charts.funnel(bars)
    total = [sum(widths(step.bar)) for step in found]
    assert total[0] == pytest.approx(100 if bars[0].total else 0, abs=0.02)
    assert total[0] + 0.02 >= total[1]
    assert total[1] + 0.5 >= total[2]
    for before, after, step in zip(bars, bars[1:], found[1:], strict=False):
        assert step.share is None if not before.total else step.share == after.total / before.total
        assert step.share is None or 0 <= step.share <= 1


@pytest.mark.parametrize(("before", "after"), [(0, 0), (-1, 0), (5, -1), (5, 6)])
def test_what_is_no_part_has_no_share(before, after):
    assert charts.steps_of(before, after) is None


# --- Histogram --------------------------------------------------------------------------------------------------------
@given(st.lists(amounts, min_size=1, max_size=12))
def test_columns_are_as_high_as_their_amounts(many):
    drawing = charts.histogram(many, [(0, "0")], "x")
    heights = [float(height) for height in re.findall(r'class="s-committed"[^>]+height="([\d.]+)"', drawing)]
    assert len(heights) == len(many)
    assert max(heights) <= 170
    for amount, height in zip(many, heights, strict=True):
        assert (height > 0) == (amount > 0)
        assert amount == 0 or height == pytest.approx(max(1.5, 170 * amount / max(many)), abs=0.06)


def test_numbers_stand_above_columns_only_where_they_find_room():
    assert ">1.234<" not in charts.histogram([1234, 5], [], "x")
    assert ">123<" in charts.histogram([123, 5], [], "x")


# --- Time -------------------------------------------------------------------------------------------------------------
def test_empty_years_are_skipped_with_a_label():
    moved = [Moved(date(2020, 5, 4), 5, 1), Moved(date(2020, 5, 11), 9, 3), Moved(date(2026, 11, 16), 2, 0)]
    drawing = trend(moved)
    assert "2021–25" in drawing
    assert "catatan" in drawing
    days = [one.day for one in moved]
    assert charts.silences(days) == "Waktu tanpa catatan dilompati: 18 Mei 2020 – 15 November 2026."
    assert charts.silences(days[:2]) == ""


@pytest.mark.parametrize("step", [1, 7])
def test_days_keep_their_order_and_stay_in_the_picture(step):
    days = [date(2020, 4, 20) + timedelta(days=step * index) for index in range(30)] + [date(2026, 11, 16)]
    scale = TimeScale(days, step)
    places = [scale.position(day) for day in days]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] + scale.span([days[-1]]) * scale.day == pytest.approx(100)


def test_a_day_outside_is_an_error():
    with pytest.raises(ValueError):
        TimeScale([date(2020, 5, 4)]).position(datetime(2021, 1, 1).date())


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=40))
def test_running_sums_end_at_the_total(pairs):
    moved = [Moved(date(2020, 4, 27) + timedelta(weeks=index), *pair) for index, pair in enumerate(pairs)]
    last = charts.added_up(moved)[-1]
    assert (last.committed, last.delivered) == tuple(map(sum, zip(*pairs, strict=True)))
    assert "nan" not in trend(moved)


def test_a_published_figure_is_pointed_at():
    moved = [Moved(date(2020, 5, 4), 10, 5), Moved(date(2020, 5, 11), 20, 15)]
    assert "561.118</tspan> · 27 Mei" in trend(moved, marks=[(date(2020, 5, 12), 561_118, "27 Mei")])


def test_corrections_below_zero_are_drawn_below_the_axis():
    drawing = trend([Moved(date(2020, 5, 4), 10, 0), Moved(date(2020, 5, 11), -5, 0)])
    bottoms = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)h", drawing)]
    assert len(bottoms) == 2
    assert bottoms[1] > bottoms[0]


def test_sparklines_share_a_scale_and_carry_their_values():
    days = [date(2020, 5, 4), date(2020, 5, 11)]
    drawing = charts.sparkline({days[1]: 50}, TimeScale(days), 100, "x")
    assert 'data-values="0 50"' in drawing
    assert "V20.0" in drawing


def test_words_in_a_chart_are_escaped():
    drawing = trend([Moved(date(2020, 5, 4), 1, 1)], marks=[(date(2020, 5, 4), 1, "<b>&")])
    assert "<b>" not in drawing
    assert "<script>" not in charts.histogram([1], [(0, "<script>")], '"<script>')


@pytest.mark.parametrize("high", [1, 3, 9, 10, 99, 101, 561_118, 1_565_000_000])
@pytest.mark.parametrize("most", [3, 5])
def test_grid_lines_are_few_and_round(high, most):
    lines = steps(high, most)
    assert 1 <= len(lines) <= most
    assert lines[-1] <= high
    assert all(str(line).strip("0") in {"1", "2", "3", "4", "5", "6", "8", "15", "25"} for line in lines)
