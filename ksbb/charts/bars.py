"""Bars that stand in the rows of a table, and the funnel."""

from dataclasses import dataclass

from django.utils.safestring import mark_safe

from ksbb.templatetags import progress

FILLS = {**progress.FILLS, "promised": 'class="s-committed"'}  # plain: whatever is promised or more
SLIVER = 0.5  # percent: what is there but would not be seen gets this width
DEEP = 20  # pixels between two steps of a funnel


@dataclass(frozen=True)
class Bar:
    """The parts of a bar as (fill, amount), from the left."""

    parts: tuple

    @property
    def total(self):
        """The length of the bar: a correction below zero draws nothing."""
        return sum(amount for _fill, amount in self.parts if amount > 0)


def length(bar, most):
    """Return a bar drawn to the scale on which `most` fills the width."""
    drawn, start = [], 0.0
    for fill, width in _widths(bar, most):
        drawn.append(f'<rect {FILLS[fill]} x="{start:.2f}%" width="{width:.2f}%" height="12"/>')
        start += width
    return mark_safe(f'<svg class="length" width="100%" height="12" aria-hidden="true">{"".join(drawn)}</svg>')


def _widths(bar, most):
    """Return (fill, percent) of a bar's parts; a bar too short to see is a sliver of its largest part."""
    parts = [(fill, 100 * amount / most) for fill, amount in bar.parts if amount > 0 and most > 0]
    if 0 < sum(width for _fill, width in parts) < SLIVER:
        return [(max(parts, key=lambda part: part[1])[0], SLIVER)]
    return parts


# --- Funnel -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """One step of a funnel: its bar, its share of the step before (None where it has none), and how it is drawn."""

    bar: str
    share: float | None
    slope: str


def funnel(bars):
    """Return a Step for each of some bars, each part of the one before it, on the scale of the longest."""
    bars = list(bars)
    most = max((bar.total for bar in bars), default=0)
    found = []
    for before, bar in zip([None, *bars], bars, strict=False):
        share = steps_of(before.total, bar.total) if before else None
        slope = _slope(100 * before.total / most, 100 * bar.total / most) if share is not None else ""
        found.append(Step(length(bar, most), share, slope))
    return found


def steps_of(before, after):
    """Return which share of a step arrives at the next, 0–1; None where the one is not a part of the other."""
    return after / before if before > 0 and 0 <= after <= before else None


def _slope(above, below):
    shape = f"M0 0H{above:.2f}L{below:.2f} {DEEP}H0Z"
    return mark_safe(
        f'<svg class="slope" width="100%" height="{DEEP}" viewBox="0 0 100 {DEEP}" preserveAspectRatio="none" '
        f'aria-hidden="true"><path d="{shape}"/></svg>'
    )
