"""What the charts of groups share: the three bases of a row, as cells, sums, bars and words."""

from django.utils.translation import gettext as _

from ksbb import charts
from ksbb.charts import Bar, Entry

NAMED = 3  # so many groups are named in the sentence to quote


def parts(row):
    return Bar(
        (("delivered", row.delivered), ("committed", row.committed - row.delivered), ("submitted", row.submitted))
    )


def cells(row):
    return row.submitted, row.committed, row.delivered


def sums(rows):
    return tuple(map(sum, zip(*map(cells, rows), strict=True))) if rows else (0, 0, 0)


def bases():
    """Return the heads of the three bases, with the fills that bars use for them."""
    return [("submitted", _("Diajukan")), ("committed", _("Komitmen")), ("delivered", _("Tersalurkan"))]


def says_of(rows):
    """Return the largest groups in words: "Sembako 450.728 dari 466.334; …"."""
    largest = sorted((row for row in rows if any(cells(row))), key=lambda row: -row.committed)[:NAMED]
    words = "; ".join(f"{row.name} {charts.of(row.delivered, row.committed)}" for row in largest)
    return _("Tersalurkan dari komitmen: %s.") % words if largest else _("Belum ada catatan.")


def measured(rows, address, about=lambda row: ""):
    """Return rows with bars on one scale, their largest filling the width."""
    most = max((parts(row).total for row in rows), default=0)
    return [Entry(row.name, address(row), cells(row), charts.length(parts(row), most), about(row)) for row in rows]
