"""Columns side by side on a scale of shares."""

from ksbb.templatetags.formats import number

from .frame import edges, grid, svg, text

PLOT, TOP, FOOT = 170, 24, 26
LONGEST_LABEL = 4  # characters that fit above a column on a phone


def histogram(amounts, ticks, label):
    """Return one column for each amount; `ticks` are (index, words) below the left edges of some columns."""
    high = max(1, *amounts)
    wide = 100 / len(amounts)
    starts = [i * wide for i in range(len(amounts))]
    y = lambda amount: TOP + PLOT * (high - amount) / high  # noqa: E731 - the scale of this drawing
    drawn = [
        *grid(high, y, most=3),
        *(_column(start, wide, y(amount), amount) for start, amount in zip(starts, amounts, strict=True)),
        *_numbers(starts, wide, amounts, y),
        f'<line class="axis" x1="0" x2="100%" y1="{TOP + PLOT}" y2="{TOP + PLOT}"/>',
        *(text(f"{starts[i]:.2f}%", TOP + PLOT + 18, words) for i, words in ticks),
    ]
    return svg(TOP + PLOT + FOOT, label, drawn, places=edges(starts, wide), kind="plot framed")


def _column(start, wide, top, amount):
    height = max(1.5, TOP + PLOT - top) if amount else 0
    x, y, width = start + wide * 0.06, TOP + PLOT - height, wide * 0.88
    return f'<rect class="s-committed" x="{x:.2f}%" y="{y:.1f}" width="{width:.2f}%" height="{height:.1f}"/>'


def _numbers(starts, wide, amounts, y):
    """Yield the amount above each column, where all of them find room; else the grid and the table tell them."""
    if any(len(number(amount)) > LONGEST_LABEL for amount in amounts):
        return
    for start, amount in zip(starts, amounts, strict=True):
        if amount:
            yield text(
                f"{start + wide / 2:.2f}%", f"{y(amount) - 5:.1f}", number(amount), anchor="middle", kind="value"
            )
