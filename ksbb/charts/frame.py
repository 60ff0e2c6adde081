"""What every chart shares: its packing, its key, its drawing surface, the steps of its grid."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from ksbb.templatetags.formats import number, short
from ksbb.templatetags.progress import swatch


@dataclass(frozen=True)
class Entry:
    """One row of a chart's table: its name, where its rows are, its numbers, and its bar where the table carries bars.

    `about` stands small below the name, with a way to `rows_url`; `heading` marks the sum of the rows that follow.
    """

    name: str
    url: str
    cells: tuple
    drawing: str = ""
    about: str = ""
    rows_url: str = ""
    heading: bool = False


LONG = 10**8  # numbers from here on need smaller type on a phone
# What a chart may have besides, empty where it has not: `drawing` (SVG) or `template` with `steps`, `bars` in the rows
# of the table, `note`, `switch` (words, address, shown now), `total` with `total_name`, `days` and their `places` (see
# `edges`) for drawings in the rows, and what makes it fit to quote.
OPTIONS = (
    "drawing", "template", "steps", "bars", "note", "switch", "total", "total_name", "places", "days", "as_of",
    "version", "definition", "csv", "quote",
)  # fmt: skip


def chart(slug, name, unit, head, entries, *, title="", **more):
    """Return what `{% chart %}` takes; `slug` is its place in the page, `name` what it shows, `title` what it found."""
    parts = {"slug": slug, "name": name, "title": title or name, "unit": unit, "head": head, "entries": entries}
    long = any(isinstance(amount, int) and amount >= LONG for amount in more.get("total") or ())
    return {**dict.fromkeys(OPTIONS, ""), **parts, **more, "long": long}


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


def svg(height, label, content, *, places="", kind="plot"):
    """Return a drawing as wide as its column (`framed`: with room for a grid's numbers at the left).

    `places` (see `edges`) tell the script where each row of the table is.
    """
    return format_html(
        '<svg class="{}" width="100%" height="{}" role="img" aria-label="{}"{}>{}</svg>',
        kind,
        height,
        label,
        places,
        mark_safe("".join(content)),
    )


def edges(starts, width):
    """Return the attributes that say where the rows of a chart's table are drawn: left edges and width in percent."""
    return format_html(' data-at="{}" data-wide="{}"', " ".join(f"{start:.2f}" for start in starts), f"{width:.2f}")


def text(x, y, words, *, anchor="start", kind=""):
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, x, y, anchor, words)


def steps(high, most=5):
    """Return round numbers up to `high`, at most `most` of them (3 to 5)."""
    size = 10 ** max(0, len(str(int(high))) - 2)
    step = next(size * factor for factor in (1, 2, 5, 10, 20, 50) if high / (size * factor) <= most)
    return list(range(step, int(high) + 1, step))


def grid(high, y, most=5):
    """Yield a line for each of `steps`, its number in the frame to the left; `y` gives an amount's place in pixels."""
    for amount in steps(high, most):
        yield f'<line class="rule" x1="0" x2="100%" y1="{y(amount):.1f}" y2="{y(amount):.1f}"/>'
        yield text(-8, f"{y(amount) + 4:.1f}", short(amount), anchor="end")


def of(part, whole):
    """Return "375.745 dari 388.541"."""
    return _("%(part)s dari %(whole)s") % {"part": number(part), "whole": number(whole)}
