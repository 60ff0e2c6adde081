"""By programme and package, and by the category of those who give."""

from django.utils.translation import gettext as _

from donations.models import Category
from donations.views import figure_findings as findings
from ksbb.charts import Entry
from ksbb.templatetags.formats import number, unit
from ksbb.templatetags.progress import bar as need_bar
from programs.models import PackageType

from .rows import bases, cells, measured, says_of, sums


def packages(board):
    """Return the packages, each programme's below its sum; a bar is how far what was promised has come."""
    rows = {row.key: row for row in board.breakdown("paket")}
    entries = []
    for program, of_program in _programs(rows):
        if not board.program:
            entries.append(_program_entry(board, program, of_program))
        entries += [_progress_entry(row, board.rows(paket=row.key)) for row in of_program]
    return board.chart(
        "paket",
        _("Menurut program dan paket") if not board.program else _("Menurut paket"),
        unit("paket"),
        [_("Paket"), *bases()],
        entries,
        total=sums(list(rows.values())),
        finding=findings.packages(list(rows.values())),
        note=_("Panjang warna: bagian yang sudah tiba dari semua yang dijanjikan untuk paket itu."),
        says=says_of(list(rows.values())),
        bars=True,
        per="paket",
        about="tersalurkan",
    )


def _programs(rows):
    """Return (programme's slug and name, its rows) in the programmes' order."""
    order = PackageType.objects.order_by("program__position", "program_id", "position", "pk")
    found = {}
    for package, slug, name in order.values_list("slug", "program__slug", "program__name"):
        if package in rows:
            found.setdefault((slug, name), []).append(rows[package])
    return found.items()


def _program_entry(board, program, rows):
    slug, name = program
    return Entry(name, board.address("figures", program=slug), sums(rows), heading=True)


def _progress_entry(row, url):
    submitted, committed, delivered = (max(0, amount) for amount in cells(row))
    promised = submitted + max(committed, delivered)
    return Entry(row.name, url, cells(row), need_bar(promised, promised, max(committed, delivered), delivered))


def categories(board):
    """Return the categories of givers: how many gave, and how much."""
    many = board.totals.collaborators.by_category
    rows = board.breakdown("kategori")
    labels = dict(Category.choices)
    return board.chart(
        "kategori",
        _("Menurut kategori kolaborator"),
        unit("paket"),
        [_("Kategori"), *bases()],
        measured(
            [type(row)(row.key, str(labels[row.key]), *cells(row)) for row in rows],
            lambda row: board.rows(kategori=row.key),
            lambda row: _("%s kolaborator") % number(many[row.key]),
        ),
        total=sums(rows),
        finding=findings.categories(rows),
        note=_("Setiap pemberi dihitung sekali. Bagian Hamba Allah ikut dihitung dalam kategorinya."),
        says=says_of(rows),
        bars=True,
        per="kategori",
        about="kolaborator",
    )
