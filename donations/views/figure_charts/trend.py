"""From day to day and from week to week."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from donations.views import figure_findings as findings
from ksbb import charts
from ksbb.charts import Entry, Moved
from ksbb.templatetags.formats import day, day_range, unit

from .rows import cells, sums


def trend(board, per, switch):
    """Return the trend by week or (`hari`) by day: what had added up, and what moved; None while nothing moved."""
    rows, step = board.breakdown(per), 1 if per == "hari" else 7
    if not rows:
        return None
    moved, daily = _moved(rows), _moved(board.breakdown("hari"))
    finding, busiest = findings.half(daily), findings.busiest(moved, step)
    names = (_("Dijumlahkan sejak awal"), _("Setiap hari") if step == 1 else _("Setiap minggu"))
    key = charts.legend(("delivered", _("Tersalurkan")), ("committed", _("Komitmen")), flat=True)
    marks = _published(board, daily)
    drawn = charts.trend(moved, daily, step=step, names=names, label=busiest, marks=marks)
    return board.chart(
        "waktu",
        _("Dari waktu ke waktu"),
        unit("paket"),
        [
            _("Hari") if step == 1 else _("Minggu"),
            (None, _("Perubahan diajukan")),
            (None, _("Komitmen")),
            (None, _("Tersalurkan")),
            (None, _("Tiba sejak awal")),
        ],
        [
            Entry(_span(one.day, step), board.span(one.day, step), (*cells(row), so_far.delivered))
            for one, row, so_far in zip(moved, rows, charts.added_up(moved), strict=True)
        ],
        total=(*sums(rows), sums(rows)[-1]),
        finding=finding,
        note=" ".join(filter(None, [busiest, _of_marks(marks), charts.silences([one.day for one in moved], step)])),
        says=f"{finding}. {busiest}" if finding else busiest,
        switch=switch,
        drawing=key + drawn,
        per=per,
        about="tersalurkan",
    )


def _moved(rows):
    return [Moved(date.fromisoformat(row.key), row.committed, row.delivered) for row in rows]


def _span(first, step):
    return day(first) if step == 1 else day_range(first, first + timedelta(days=step - 1))


def _of_marks(marks):
    return _("Titik: angka yang terbit waktu itu; catatan di sini menghasilkan angka yang sama.") if marks else ""


def _published(board, daily):
    """Return marks at the days for which the city published what the ledger says too."""
    sums = {one.day: one for one in charts.added_up(daily)}
    return [
        (when, amount, day(when))
        for when, basis, amount in board.published()
        if when in sums and getattr(sums[when], basis) == amount
    ]
