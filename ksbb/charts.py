"""Charts drawn on the server as SVG: they work in print, without scripts and, by their table, for screen readers.

Widths are percentages and type keeps its size, so a chart reads alike on a phone and on a wall. A chart is the mapping
that `{% chart %}` takes: title, unit, svg, and the table (head, rows) that says the same in numbers.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from ksbb.templatetags.formats import number, short
from ksbb.templatetags.progress import FILLS, swatch

ROW = 46  # pixels of one bar with its words above
ABOVE = 10  # pixels between a key and the first bar
SLIVER = 0.4  # percent: what is there but would not be seen gets this width
PLOT = 190  # pixels of a time chart's plot
TOP, FOOT = 22, 40
GAP_DAYS = 60  # a longer silence is skipped, with a label
GAP_SHARE = 0.17
LEFT = 11  # percent at the left that belong to the grid's numbers
LEAST_WEEKS = 3  # the width of a run of weeks, so that month and year find room below it


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its parts as (fill, amount) from the left, and the words at its end."""

    label: str
    parts: tuple
    words: str


@dataclass(frozen=True)
class Week:
    """Two bases of one week (or of all weeks up to it)."""

    day: date
    committed: int
    delivered: int


def chart(title, unit, svg, head, rows, **more):
    """Return what `{% chart %}` takes."""
    return {"title": title, "unit": unit, "svg": svg, "head": head, "rows": rows, **more}


def legend(*items, flat=False):
    """Return the key of the fills that a chart uses, as (fill, words) each; time charts use plain colours (`flat`)."""
    sign = _plain if flat else swatch
    rows = format_html_join("", "<li>{}{}</li>", ((sign(kind), words) for kind, words in items))
    return format_html('<ul class="legend" role="list">{}</ul>', rows)


def _plain(kind):
    return format_html(
        '<svg class="swatch" viewBox="0 0 14 14" aria-hidden="true"><rect class="s-{}" width="14" height="14"/></svg>',
        kind,
    )


def _svg(height, label, content):
    return format_html(
        '<svg width="100%" height="{}" role="img" aria-label="{}">{}</svg>', height, label, mark_safe("".join(content))
    )


def _text(x, y, words, *, anchor="start", kind=""):
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, x, y, anchor, words)


# --- Bars -------------------------------------------------------------------------------------------------------------
def bars(rows, label):
    """Return horizontal bars on one scale; `label` says in a sentence what they show."""
    most = max((sum(amount for _fill, amount in bar.parts) for bar in rows), default=0)
    drawn = [part for i, bar in enumerate(rows) for part in _bar(bar, ABOVE + i * ROW, most)]
    return _svg(ABOVE + ROW * len(rows), label, drawn)


def _bar(bar, y, most):
    yield _text(0, y + 14, bar.label)
    yield _text("100%", y + 14, bar.words, anchor="end", kind="value")
    yield f'<line class="rule" x1="0" x2="100%" y1="{y + 34}" y2="{y + 34}"/>'
    start = 0.0
    for fill, width in _widths(bar, most):
        yield f'<rect {FILLS[fill]} x="{start:.2f}%" y="{y + 21}" width="{width:.2f}%" height="13"/>'
        start += width


def _widths(bar, most):
    """Return (fill, percent) of a bar's parts; a bar too short to see is a sliver of its largest part."""
    parts = [(fill, 100 * amount / most) for fill, amount in bar.parts if amount > 0]
    if 0 < sum(width for _fill, width in parts) < SLIVER:
        return [(max(parts, key=lambda part: part[1])[0], SLIVER)]
    return parts


# --- Time -------------------------------------------------------------------------------------------------------------
class TimeScale:
    """Weeks from left to right in percent; a silence of more than GAP_DAYS becomes a narrow, labelled gap."""

    def __init__(self, days):
        self.runs = _runs(sorted(days))
        gaps = len(self.runs) - 1
        weeks = sum(_weeks(run) for run in self.runs)
        plot, share = 100 - LEFT, min(0.5, GAP_SHARE * gaps)
        self.week = plot * (1 - share) / max(weeks, 1)
        self.gap = plot * share / gaps if gaps else 0

    def starts(self):
        """Yield (run, percent where it starts)."""
        at = float(LEFT)
        for run in self.runs:
            yield run, at
            at += _weeks(run) * self.week + self.gap

    def position(self, day):
        """Return the left edge of a day's week."""
        for run, at in self.starts():
            if run[0] <= day <= run[-1]:
                return at + (day - run[0]).days / 7 * self.week
        raise ValueError(day)

    def silences(self):
        """Yield (first silent day, last silent day, percent where the gap starts)."""
        starts = list(self.starts())
        for (before, _at), (after, at) in pairwise(starts):
            yield before[-1] + timedelta(days=7), after[0] - timedelta(days=1), at - self.gap


def _runs(days):
    runs = []
    for day in days:
        if runs and (day - runs[-1][-1]).days <= GAP_DAYS:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _weeks(run):
    return max(LEAST_WEEKS, (run[-1] - run[0]).days // 7 + 1)


def columns(weeks, label):
    """Return komitmen beside tersalurkan, a pair of columns for each week."""
    scale, (low, high) = TimeScale(week.day for week in weeks), _bounds(weeks)
    width = scale.week * 0.42
    drawn = []
    for week in weeks:
        for place, (kind, amount) in enumerate((("committed", week.committed), ("delivered", week.delivered))):
            x = scale.position(week.day) + scale.week * (0.06 + 0.46 * place)
            drawn.append(_column(x, width, amount, low, high, kind))
    return _time_svg(scale, low, high, drawn, label)


def _column(x, width, amount, low, high, kind):
    top, bottom = sorted((_y(amount, low, high), _y(0, low, high)))
    return f'<rect class="s-{kind}" x="{x:.2f}%" y="{top:.1f}" width="{width:.2f}%" height="{bottom - top:.1f}"/>'


def areas(weeks, label):
    """Return growing sums: tersalurkan as the lower area, what is komitmen and still to come above it."""
    scale, (low, high) = TimeScale(week.day for week in weeks), _bounds(weeks)
    by_day = {week.day: week for week in weeks}
    drawn = [
        _area([(day, getattr(by_day[day], basis)) for day in run], scale, low, high, basis)
        for run, _at in scale.starts()
        for basis in ("committed", "delivered")
    ]
    inner = (
        f'<svg y="0" width="100%" height="{TOP + PLOT}" viewBox="0 0 100 {TOP + PLOT}" preserveAspectRatio="none">'
        f"{''.join(drawn)}</svg>"
    )
    return _time_svg(scale, low, high, [inner], label)


def _area(points, scale, low, high, kind):
    zero = _y(0, low, high)
    edge = [
        (scale.position(day) + scale.week * part, _y(amount, low, high)) for day, amount in points for part in (0, 1)
    ]
    path = " ".join(f"L{x:.2f} {y:.1f}" for x, y in edge)
    return f'<path class="s-{kind}" d="M{edge[0][0]:.2f} {zero:.1f} {path} L{edge[-1][0]:.2f} {zero:.1f}Z"/>'


def _bounds(weeks):
    values = [amount for week in weeks for amount in (week.committed, week.delivered)]
    return min(0, *values), max(1, *values)


def _y(amount, low, high):
    return TOP + PLOT * (high - amount) / (high - low)


def _time_svg(scale, low, high, drawn, label):
    content = [*_grid(low, high), *drawn, *_axis(scale, low, high), *_gaps(scale)]
    return _svg(TOP + PLOT + FOOT, label, content)


def steps(high):
    """Return round numbers up to `high`, at most five of them."""
    size = 10 ** max(0, len(str(int(high))) - 2)
    step = next(size * factor for factor in (1, 2, 5, 10, 20, 50) if high / (size * factor) <= 5)
    return list(range(step, int(high) + 1, step))


def _grid(low, high):
    for amount in steps(high):
        y = _y(amount, low, high)
        yield f'<line class="rule" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _text(0, f"{y - 4:.1f}", short(amount))


def _axis(scale, low, high):
    zero, foot = _y(0, low, high), TOP + PLOT
    for run, at in scale.starts():
        end = at + _weeks(run) * scale.week
        yield f'<line class="axis" x1="{at:.2f}%" x2="{end:.2f}%" y1="{zero:.1f}" y2="{zero:.1f}"/>'
        yield from _months(run, at, scale, foot)


def _months(run, at, scale, foot):
    """Yield a tick and name for each month that starts in a run, and the year below the first."""
    last, year = run[-1] + timedelta(days=6), None
    first = run[0].replace(day=1)
    for month in _month_starts(first, last):
        x = at + max(0, (month - run[0]).days) / 7 * scale.week
        if month < run[0] and (month + timedelta(days=31) - run[0]).days < 14 and _weeks(run) > 8:
            continue  # too little of this month is in sight for its name
        yield f'<line class="axis" x1="{x:.2f}%" x2="{x:.2f}%" y1="{foot}" y2="{foot + 5}"/>'
        yield _text(f"{x:.2f}%", foot + 18, format_date(month, "M"))
        if month.year != year:
            yield _text(f"{x:.2f}%", foot + 33, str(month.year), kind="value")
            year = month.year


def _month_starts(month, last):
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _gaps(scale):
    for before, after, at in scale.silences():
        middle, foot = at + scale.gap / 2, TOP + PLOT
        yield (
            f'<line class="axis" x1="{at + scale.gap * 0.1:.2f}%" x2="{at + scale.gap * 0.9:.2f}%" '
            f'y1="{foot}" y2="{foot}" stroke-dasharray="2 5"/>'
        )
        for line, words in enumerate((_span(before, after), _("tanpa"), _("catatan"))):
            yield _text(f"{middle:.2f}%", foot - 36 + 14 * line, words, anchor="middle")


def _span(before, after):
    """Return the empty years, "2021–2025", or nothing when none is empty as a whole."""
    first, last = before.year + 1, after.year - 1
    if first > last:
        return ""
    return str(first) if first == last else f"{first}–{last % 100:02d}"


def silences(days):
    """Return a sentence on what a time chart leaves out, "" when it leaves out nothing."""
    spans = [(before, after) for before, after, _at in TimeScale(days).silences()]
    if not spans:
        return ""
    words = ", ".join(f"{format_date(before, 'j F Y')} – {format_date(after, 'j F Y')}" for before, after in spans)
    return _("Waktu tanpa catatan dilompati: %s.") % words


def sentence(rows):
    """Return bars in words, for those who do not see them: "Sembako 12 dari 30; …"."""
    return "; ".join(f"{bar.label}: {bar.words}" for bar in rows)


def of(part, whole):
    """Return "375.745 dari 388.541"."""
    return _("%(part)s dari %(whole)s") % {"part": number(part), "whole": number(whole)}
