"""The charts of `/transparansi/`: what each shows, in which unit, from which rows."""

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from ksbb import charts
from ksbb.charts import Bar, Week
from ksbb.templatetags.formats import number, unit

BASES = (("delivered", "delivered"), ("committed", "outstanding"), ("submitted", "submitted"))


def funnel(totals):
    """Return diajukan, komitmen and tersalurkan as three bars on one scale, side by side and never added up."""
    rows = [
        (_("Diajukan, belum dikonfirmasi"), "submitted", totals.submitted.total),
        (_("Komitmen"), "committed", totals.committed.total),
        (_("Tersalurkan (bagian dari komitmen)"), "delivered", totals.delivered.total),
    ]
    bars = [Bar(label, ((fill, amount),), number(amount)) for label, fill, amount in rows]
    return charts.chart(
        _("Dari janji sampai diterima"),
        unit("paket"),
        charts.bars(bars, charts.sentence(bars)),
        [_("Tahap"), _("Paket")],
        [(label, amount) for label, _fill, amount in rows],
        note=_("Diajukan dan komitmen terpisah: janji pindah dari yang pertama ke yang kedua saat dikonfirmasi."),
    )


def groups(title, head, rows, address, **more):
    """Return bars of a breakdown: tersalurkan in komitmen, diajukan behind; `address(row)` leads to a group's rows."""
    bars = [
        Bar(
            row.name,
            tuple((fill, _amount(row, basis)) for fill, basis in BASES),
            charts.of(row.delivered, row.committed),
        )
        for row in rows
    ]
    key = charts.legend(
        ("delivered", _("Tersalurkan")),
        ("committed", _("Komitmen, belum tersalurkan")),
        ("submitted", _("Diajukan")),
    )
    return charts.chart(
        title,
        _("paket: tersalurkan dari komitmen"),
        mark_safe(key + charts.bars(bars, charts.sentence(bars))),
        [head, _("Diajukan"), _("Komitmen"), _("Tersalurkan")],
        table(rows, address),
        **more,
    )


def _amount(row, basis):
    """Return what a part of a bar measures; a correction below zero draws nothing."""
    amount = row.committed - row.delivered if basis == "outstanding" else getattr(row, basis)
    return max(0, amount)


def table(rows, address):
    """Return the rows of a breakdown's table, each group a link to its rows."""
    return [(_link(row.name, address(row)), row.submitted, row.committed, row.delivered) for row in rows] + [
        (_("Jumlah"), *(sum(getattr(row, basis) for row in rows) for basis in ("submitted", "committed", "delivered")))
    ]


def _link(name, url):
    return format_html('<a href="{}">{}</a>', url, name) if url else name


def people(title, rows, address, **more):
    """Return bars of distinct givers by category, as (slug, label, number)."""
    bars = [Bar(label, (("delivered", many),), number(many)) for _slug, label, many in rows]
    return charts.chart(
        title,
        _("kolaborator"),
        charts.bars(bars, charts.sentence(bars)),
        [_("Kategori"), _("Kolaborator")],
        [(_link(label, address(slug)), many) for slug, label, many in rows],
        **more,
    )


# --- Time -------------------------------------------------------------------------------------------------------------
def _weeks(rows, day_of):
    return [Week(day_of(row), row.committed, row.delivered) for row in rows]


def _key(still):
    return charts.legend(("delivered", _("Tersalurkan")), ("committed", still), flat=True)


def growth(rows, day_of, **more):
    """Return komitmen and tersalurkan added up week by week."""
    weeks, committed, delivered = [], 0, 0
    for row in rows:
        committed, delivered = committed + row.committed, delivered + row.delivered
        weeks.append(Week(day_of(row), committed, delivered))
    label = _("Sampai akhir: %s tersalurkan dari komitmen.") % charts.of(delivered, committed)
    return charts.chart(
        _("Bertambah dari minggu ke minggu"),
        _("paket, dijumlahkan sejak awal"),
        mark_safe(_key(_("Komitmen, belum tersalurkan")) + charts.areas(weeks, label)),
        [_("Minggu"), _("Komitmen"), _("Tersalurkan")],
        [(row.name, week.committed, week.delivered) for row, week in zip(rows, weeks, strict=True)],
        note=charts.silences([week.day for week in weeks]),
        **more,
    )


def weekly(rows, day_of, **more):
    """Return each week's komitmen beside its tersalurkan."""
    weeks = _weeks(rows, day_of)
    most = max(weeks, key=lambda week: week.committed)
    label = _("Komitmen terbanyak dalam satu minggu: %s paket.") % number(most.committed)
    return charts.chart(
        _("Setiap minggu"),
        _("paket per minggu"),
        mark_safe(_key(_("Komitmen")) + charts.columns(weeks, label)),
        [_("Minggu"), _("Diajukan"), _("Komitmen"), _("Tersalurkan")],
        [(row.name, row.submitted, row.committed, row.delivered) for row in rows],
        note=charts.silences([week.day for week in weeks]),
        **more,
    )
