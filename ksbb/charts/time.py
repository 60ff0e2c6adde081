"""Time from left to right: a trend in two panels, and sparklines; long silences are skipped, with a label."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise

from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.translation import gettext as _

from ksbb.templatetags.formats import number

from .frame import edges, grid, svg, text

GAP_DAYS = 60  # a longer silence is skipped, with a label
GAP_SHARE = 0.17
LEAST_DAYS = 21
TOP, SUMS, BETWEEN, FLOWS, FOOT = 34, 180, 56, 120, 40
SPARK = 40
LEAST_RISE = 0.25  # pixels


@dataclass(frozen=True)
class Moved:
    """What happened on one day, or in the week that starts on it, in packages."""

    day: date
    committed: int
    delivered: int


def added_up(moved):
    """Return running sums of Moved, in their order."""
    return list(
        accumulate(
            moved,
            lambda so_far, one: Moved(one.day, so_far.committed + one.committed, so_far.delivered + one.delivered),
        )
    )


class TimeScale:
    """Days from left to right in percent; a silence of more than GAP_DAYS becomes a narrow, labelled gap.

    `step` is how many days one of the drawn days stands for (a week: 7).
    """

    def __init__(self, days, step=7):
        self.runs, self.step = _runs(sorted(days)), step
        gaps = len(self.runs) - 1
        days = sum(map(self.span, self.runs))
        share = min(0.5, GAP_SHARE * gaps)
        self.day = 100 * (1 - share) / max(days, 1)
        self.gap = 100 * share / gaps if gaps else 0

    @property
    def wide(self):
        """The width of one step in percent."""
        return self.day * self.step

    def span(self, run):
        """Return how many days wide a run is drawn: beside others wide enough for its month and year."""
        days = (run[-1] - run[0]).days + self.step
        return days if len(self.runs) == 1 else max(LEAST_DAYS, days)

    def starts(self):
        """Yield (run, percent where it starts)."""
        at = 0.0
        for run in self.runs:
            yield run, at
            at += self.span(run) * self.day + self.gap

    def position(self, day):
        """Return the left edge of a day."""
        for run, at in self.starts():
            if run[0] <= day < run[-1] + timedelta(days=self.step):
                return at + (day - run[0]).days * self.day
        raise ValueError(day)

    def silences(self):
        """Yield (first silent day, last silent day, percent where the gap starts)."""
        for (before, _at), (after, at) in pairwise(list(self.starts())):
            yield before[-1] + timedelta(days=self.step), after[0] - timedelta(days=1), at - self.gap


def _runs(days):
    runs = []
    for day in days:
        if runs and (day - runs[-1][-1]).days <= GAP_DAYS:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


@dataclass(frozen=True)
class Panel:
    """A strip of the drawing with a scale of its own: from `low` at the bottom to `high` at the top."""

    top: int
    height: int
    low: int
    high: int

    @classmethod
    def of(cls, top, height, moved):
        values = [amount for one in moved for amount in (one.committed, one.delivered)]
        return cls(top, height, min(0, *values), max(1, *values))

    @property
    def foot(self):
        return self.top + self.height

    def y(self, amount):
        return self.top + self.height * (self.high - amount) / (self.high - self.low)


# --- Trend ------------------------------------------------------------------------------------------------------------
def trend(moved, daily, *, step, names, label, marks=()):
    """Return two panels on one scale of time: what had added up by each day, and what moved in each step (days).

    `daily` are the same amounts by day; `names` the two panels' names; `marks` are (day, amount, words) to point at.
    """
    scale = TimeScale((one.day for one in moved), step)
    sums = added_up(daily)
    above = Panel.of(TOP, SUMS, sums)
    below = Panel.of(above.foot + BETWEEN, FLOWS, moved)
    drawn = [
        *_named(above, names[0]),
        _areas(scale, above, sums),
        *(part for mark in marks for part in _mark(scale, above, *mark)),
        *_named(below, names[1]),
        _stretched(below.foot, _columns(scale, below, moved)),
        *_ground(scale, above),
        *_axis(scale, below),
        *_gaps(scale, below),
    ]
    places = edges((scale.position(one.day) for one in moved), scale.wide)
    return svg(below.foot + FOOT, label, drawn, places=places, kind="plot framed")


def _named(panel, name):
    yield text(0, panel.top - 20, name, kind="value")
    yield from grid(panel.high, panel.y, most=3)


def _areas(scale, panel, sums):
    """Return tersalurkan as an area, komitmen as a line above it, in each run of days."""
    drawn = []
    for run, at in scale.starts():
        last = run[-1] + timedelta(days=scale.step)
        inside = [one for one in sums if run[0] <= one.day < last]
        for basis in ("delivered", "committed"):
            before = next((getattr(one, basis) for one in reversed(sums) if one.day < run[0]), 0)
            points = [(one.day, getattr(one, basis)) for one in inside]
            edge = _edge(scale, panel, at, before, points, last)
            drawn.append(_shape(basis, panel, edge))
    return _stretched(panel.foot, drawn)


def _stretched(height, shapes):
    """Return shapes drawn in percent from left to right and in pixels from the top."""
    return (
        f'<svg width="100%" height="{height}" viewBox="0 0 100 {height}" preserveAspectRatio="none">'
        f"{''.join(shapes)}</svg>"
    )


def _edge(scale, panel, at, before, points, last):
    """Return the corners of a growing sum: level where nothing moved; moves too small to be seen are left out."""
    corners = [(at, panel.y(before))]
    for day, amount in points:
        start, y = scale.position(day), panel.y(amount)
        if abs(y - corners[-1][1]) < LEAST_RISE:
            continue
        if start > corners[-1][0]:
            corners.append((start, corners[-1][1]))
        corners.append((start + scale.day, y))
    end = at + (last - points[0][0]).days * scale.day if points else at
    return [*corners, (max(end, corners[-1][0]), corners[-1][1])]


def _shape(basis, panel, edge):
    path = "".join(f"L{x:.2f} {y:.1f}" for x, y in edge)[1:]
    if basis == "committed":
        return f'<path class="line" vector-effect="non-scaling-stroke" d="M{path}"/>'
    zero = panel.y(0)
    return f'<path class="area" d="M{edge[0][0]:.2f} {zero:.1f}L{path}L{edge[-1][0]:.2f} {zero:.1f}Z"/>'


def _mark(scale, panel, day, amount, words):
    """Yield a point on the upper panel with its number and words on that side of the rising line where it is clear."""
    x, y = scale.position(day) + scale.day, panel.y(amount)
    away, anchor = (8, "start") if x < 60 else (-8, "end")
    right = y + 20 if y < panel.foot - 40 else y + 4
    beside = right if anchor == "start" else y - 8
    yield f'<line class="leader" x1="{x:.2f}%" x2="{x:.2f}%" y1="{y:.1f}" y2="{panel.foot}"/>'
    yield f'<circle class="point" cx="{x:.2f}%" cy="{y:.1f}" r="4"/>'
    told = format_html('<tspan class="value">{}</tspan> · {}', number(amount), words)
    yield f'<svg x="{x:.2f}%">{text(away, f"{beside:.1f}", told, anchor=anchor, kind="told")}</svg>'


def _columns(scale, panel, moved):
    """Yield one shape for all columns of komitmen and one for those of tersalurkan beside them."""
    for place, basis in enumerate(("committed", "delivered")):
        drawn = "".join(_column(scale, panel, one.day, getattr(one, basis), place) for one in moved)
        yield f'<path class="s-{basis}" d="{drawn}"/>'


def _column(scale, panel, day, amount, place):
    if not amount:
        return ""
    top, bottom = sorted((panel.y(amount), panel.y(0)))
    x, width = scale.position(day) + scale.wide * (0.06 + 0.46 * place), scale.wide * 0.42
    return f"M{x:.2f} {bottom:.1f}h{width:.2f}v{-max(bottom - top, 0.6):.1f}h{-width:.2f}z"


# --- Axis -------------------------------------------------------------------------------------------------------------
def _ground(scale, panel):
    """Yield the line of zero below each run of days."""
    for run, at in scale.starts():
        end, y = at + scale.span(run) * scale.day, panel.y(0)
        yield f'<line class="axis" x1="{at:.2f}%" x2="{end:.2f}%" y1="{y:.1f}" y2="{y:.1f}"/>'


def _axis(scale, panel):
    yield from _ground(scale, panel)
    for run, at in scale.starts():
        yield from _months(run, at, scale, panel.foot)


def _months(run, at, scale, foot):
    """Yield a tick and name for each month that starts in a run, and the year below the first."""
    last, year = run[-1] + timedelta(days=scale.step - 1), None
    for month in _month_starts(run[0].replace(day=1), last):
        x = at + max(0, (month - run[0]).days) * scale.day
        if month < run[0] and (month + timedelta(days=31) - run[0]).days < 14 and scale.span(run) > 8 * 7:
            continue  # too little of this month is in sight for its name
        yield f'<line class="axis" x1="{x:.2f}%" x2="{x:.2f}%" y1="{foot}" y2="{foot + 5}"/>'
        yield text(f"{x:.2f}%", foot + 18, format_date(month, "M"))
        if month.year != year:
            yield text(f"{x:.2f}%", foot + 33, str(month.year), kind="value")
            year = month.year


def _month_starts(month, last):
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _gaps(scale, panel):
    for before, after, at in scale.silences():
        middle, foot = at + scale.gap / 2, panel.foot
        yield (
            f'<line class="axis" x1="{at + scale.gap * 0.1:.2f}%" x2="{at + scale.gap * 0.9:.2f}%" '
            f'y1="{foot}" y2="{foot}" stroke-dasharray="2 5"/>'
        )
        for line, words in enumerate((_span(before, after), *_("tanpa catatan").split(maxsplit=1))):
            yield text(f"{middle:.2f}%", foot - 36 + 14 * line, words, anchor="middle")


def _span(before, after):
    """Return the empty years, "2021–25", or nothing when none is empty as a whole."""
    first, last = before.year + 1, after.year - 1
    if first > last:
        return ""
    return str(first) if first == last else f"{first}–{last % 100:02d}"


def silences(days, step=7):
    """Return a sentence on what a time chart leaves out, "" when it leaves out nothing."""
    spans = [(before, after) for before, after, _at in TimeScale(days, step).silences()]
    if not spans:
        return ""
    words = ", ".join(f"{format_date(before, 'j F Y')} – {format_date(after, 'j F Y')}" for before, after in spans)
    return _("Waktu tanpa catatan dilompati: %s.") % words


# --- Sparkline --------------------------------------------------------------------------------------------------------
def sparkline(amounts, scale, high, label):
    """Return a small area of {day: amount} per step, `high` filling its height; a set of them shares scale and `high`.

    The table around the set says where the steps are (`edges` of the scale's days).
    """
    y = lambda amount: SPARK * (high - max(0, amount)) / high  # noqa: E731 - the scale of this drawing
    shapes = [_spark(run, at, amounts, scale, y) for run, at in scale.starts()]
    ground = f'<line class="rule" x1="0" x2="100%" y1="{SPARK - 0.5}" y2="{SPARK - 0.5}"/>'
    values = " ".join(str(amounts.get(day, 0)) for run in scale.runs for day in run)
    told = format_html(' data-values="{}"', values)
    return svg(SPARK, label, [ground, _stretched(SPARK, shapes)], places=told, kind="plot spark")


def _spark(run, at, amounts, scale, y):
    """Return the steps of one run of days; a step as high as the one before it needs no corner."""
    path, height = f"M{at:.2f} {SPARK}", f"{SPARK:.1f}"
    for day in run:
        top = f"{y(amounts.get(day, 0)):.1f}"
        if top != height:
            path += f"H{scale.position(day):.2f}V{top}"
            height = top
    return f'<path class="s-delivered" d="{path}H{scale.position(run[-1]) + scale.wide:.2f}V{SPARK}Z"/>'
