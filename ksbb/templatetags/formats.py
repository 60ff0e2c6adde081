"""How numbers, money, dates and times look to people, in the active language."""

from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext, ngettext, ngettext_lazy, pgettext

register = template.Library()

JAKARTA = ZoneInfo("Asia/Jakarta")
DASH = "–"
# What packages are counted by; a unit that a city adds and nobody has translated stays as it is.
UNITS = (
    ngettext_lazy("paket", "paket"),
    ngettext_lazy("amplop", "amplop"),
    ngettext_lazy("pinjaman", "pinjaman"),
    ngettext_lazy("peserta", "peserta"),
    ngettext_lazy("unit", "unit"),
    ngettext_lazy("titik", "titik"),
)


def _english():
    return (get_language() or "id").startswith("en")


def _localised(plain):
    """Swap Python's `1,234.5` for the Indonesian `1.234,5` unless English is active."""
    return plain if _english() else plain.translate(str.maketrans(",.", ".,"))


def _before_sign():
    """The space before `%` and before a scale; English has none."""
    return "" if _english() else " "


@register.filter
def unit(word, count=0):
    """A package's unit behind a number, in the active language: `paket` → `packages` (1: `package`)."""
    return ngettext(word, word, count or 0) if word else ""


@register.filter
def number(value, decimals=0):
    """`1234567` → `1.234.567` (English `1,234,567`); `decimals` places after the mark; None stays empty."""
    if value is None or value == "":
        return ""
    return _localised(f"{Decimal(value):,.{int(decimals)}f}").replace("-", "−")


@register.filter
def amid(name):
    """A package's name amid a sentence: `Makanan siap saji` → `makanan siap saji`; an abbreviation (`THR`) stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


@register.filter
def cell(value):
    """A table's cell: numbers grouped, everything else as it is."""
    return number(value) if isinstance(value, int) else value


@register.filter
def rupiah(value):
    """Whole rupiah: `20000000` → `Rp 20.000.000`."""
    if value is None or value == "":
        return ""
    sign = "−" if value < 0 else ""
    return f"{sign}Rp {number(abs(value))}"


@register.filter
def telephone(digits):
    """A telephone number in groups: `6281234567890` → `+62 812 3456 7890`."""
    country, rest = digits[:2], digits[2:]
    groups = [rest[:3], *(rest[start : start + 4] for start in range(3, len(rest), 4))]
    return f"+{country} {' '.join(groups)}"


@register.filter
def unbroken(name):
    """A place's name whose number stays beside its `RW` where a line ends."""
    return name.replace("RW ", "RW\u00a0")


@register.filter
def percent(share):
    """A share 0–1 in whole percent, rounded down, so that only a full share reads 100 %; a trace reads `<1 %`."""
    if share is None or share == "":
        return ""
    whole = int((Decimal(str(share)) * 100).to_integral_value(ROUND_FLOOR))
    return f"{'<1' if whole == 0 and share > 0 else number(whole)}{_before_sign()}%"


@register.filter
def fulfilled(share):
    """`Terpenuhi 64 %`."""
    return gettext("Terpenuhi %(percent)s") % {"percent": percent(share)}


@register.filter
def short(value):
    """A number where space is scarce: `1,2 rb`, `3,4 jt`, `1,6 M`; rounded down; below 1,000 exact."""
    scales = (
        (10**9, pgettext("number scale", "M")),
        (10**6, pgettext("number scale", "jt")),
        (10**3, pgettext("number scale", "rb")),
    )
    for size, word in scales:
        if abs(value) >= size:
            places = Decimal(1) if abs(value) >= 100 * size else Decimal("0.1")
            shrunk = (Decimal(value) / size).quantize(places, ROUND_FLOOR)
            return f"{number(shrunk, 0 if shrunk == int(shrunk) else 1)}{_before_sign()}{word}"
    return number(value)


def _day_of(value):
    """The calendar day of a date, or of a moment as Jakarta's clocks show it."""
    if isinstance(value, datetime):
        return _local(value).date()
    return value


def _local(moment_):
    return moment_ if timezone.is_naive(moment_) else moment_.astimezone(JAKARTA)


@register.filter
def day(value):
    """`3 Mei 2020`, of a date or of a moment in WIB."""
    return format_date(_day_of(value), "j F Y") if value else ""


@register.filter
def weekday(value):
    """`Sabtu, 2 Mei 2020`."""
    return format_date(_day_of(value), "l, j F Y") if value else ""


@register.filter
def moment(value):
    """`3 Mei 2020 pukul 14.05 WIB` (English `3 May 2020, 14:05 WIB`)."""
    if not value:
        return ""
    clock = "%H:%M" if _english() else "%H.%M"
    join = ", " if _english() else " pukul "
    return f"{day(value)}{join}{_local(value).strftime(clock)} WIB"


@register.simple_tag
def day_range(first, last):
    """`24–30 April 2020`, `24 April – 3 Mei 2020`, `28 Desember 2020 – 3 Januari 2021`."""
    first, last = _day_of(first), _day_of(last)
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{DASH}{day(last)}"
    start = format_date(first, "j F") if first.year == last.year else day(first)
    return f"{start} {DASH} {day(last)}"


@register.filter
def iso(value):
    """The machine's form for `<time datetime>`."""
    return value.isoformat() if isinstance(value, date) else ""
