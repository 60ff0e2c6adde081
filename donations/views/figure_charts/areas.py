"""By kota with their weeks, by kecamatan and by kelurahan."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from donations.views import figure_findings as findings
from ksbb import charts
from ksbb.charts import Entry, Moved, TimeScale
from ksbb.templatetags.formats import day_range, number, unit
from locations.shown import short_city

from .rows import bases, cells, measured, says_of, sums


def areas(board, per, switch):
    """Return the areas of a level: each kota with its weeks, the smaller ones with a bar."""
    rows = sorted(board.breakdown(per), key=lambda row: (-row.committed, row.key))
    titles = {"kota": _("Menurut kota"), "kecamatan": _("Menurut kecamatan"), "kelurahan": _("Menurut kelurahan")}
    entries, more = (
        _cities(board, rows) if per == "kota" else (measured(rows, lambda row: board.rows(wilayah=row.key)), {})
    )
    return board.chart(
        "wilayah",
        titles[per],
        unit("paket"),
        [_("Wilayah"), *bases()],
        entries,
        total=sums(rows),
        finding=findings.areas(rows if per != "kota" else [_short(row) for row in rows]),
        says=says_of([_short(row) for row in rows]),
        switch=switch,
        bars=True,
        per=per,
        about="jangkauan",
        **more,
    )


def _short(row):
    return type(row)(row.key, short_city(row.name), *cells(row))


def _cities(board, rows):
    """Return the kota with what arrived in each week, all on one scale, and what the chart needs besides."""
    weekly = {city: _by_week(days) for city, days in board.delivered_by_city().items()}
    days = sorted({monday for weeks in weekly.values() for monday in weeks})
    if not days:
        return measured([_short(row) for row in rows], lambda row: reverse("area", args=[row.key])), {}
    scale = TimeScale(days)
    most = max(1, *(amount for weeks in weekly.values() for amount in weeks.values()))
    entries = [
        Entry(
            short_city(row.name),
            reverse("area", args=[row.key]),
            cells(row),
            charts.sparkline(weekly.get(row.key, {}), scale, most, _peak(row, weekly.get(row.key, {}))),
            about=_("minggu terakhir %s") % number(weekly.get(row.key, {}).get(days[-1], 0)),
            rows_url=board.rows(wilayah=row.key),
        )
        for row in rows
    ]
    note = _(
        "Bidang di bawah tiap nama: paket yang tiba setiap minggu, %(span)s, semua pada skala yang sama; "
        "puncaknya %(most)s paket."
    )
    return entries, {
        "note": note % {"span": day_range(days[0], days[-1] + timedelta(days=6)), "most": number(most)},
        "places": charts.edges((scale.position(monday) for monday in days), scale.wide),
        "days": [day_range(monday, monday + timedelta(days=6)) for monday in days],
    }


def _by_week(days):
    weeks = {}
    for text, amount in days.items():
        found = date.fromisoformat(text)
        monday = found - timedelta(days=found.weekday())
        weeks[monday] = weeks.get(monday, 0) + amount
    return weeks


def _peak(row, weeks):
    """Return a sparkline in words."""
    if not weeks or max(weeks.values()) <= 0:
        return _("%s: belum ada yang tiba.") % short_city(row.name)
    monday = max(weeks, key=weeks.get)
    return f"{short_city(row.name)}: " + findings.busiest([Moved(monday, 0, weeks[monday])], 7)
