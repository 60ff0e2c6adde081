"""How a span of days is called."""

from django.utils import translation
from django.utils.formats import date_format


def span_name(first, last):
    """Return the Indonesian name of a span of days, e.g. "24–30 April 2020" or "28 Desember 2026–3 Januari 2027"."""
    if first.year != last.year:
        start = "j F Y"
    elif first.month != last.month:
        start = "j F"
    else:
        start = "j"
    with translation.override("id"):
        return f"{date_format(first, start)}–{date_format(last, 'j F Y')}"
