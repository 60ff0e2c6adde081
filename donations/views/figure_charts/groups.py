"""By programme and package, and by the category of those who give."""

from django.utils.translation import gettext as _

from donations.models import Category
from donations.views import figure_findings as findings
from ksbb.charts import Entry
from ksbb.templatetags.formats import amid, number, unit
from ksbb.templatetags.progress import bar as need_bar
from programs.models import PackageType

from .rows import bases, cells, measured, says_of, sums


def packages(board):
    """Return the packages, each programme's below its sum; a bar is how far what was promised has come."""
    rows = board.breakdown("paket")
    entries = []
    for program, of_program in _programs([row for row in rows if any(cells(row))]):
        if not board.program:
            entries.append(_program_entry(board, program, of_program))
        entries += [_progress_entry(row, board.rows(paket=row.key)) for row in of_program]
    return board.chart(
        "paket",
        _("Menurut program dan paket") if not board.program else _("Menurut paket"),
        unit("paket"),
        [_("Paket"), *bases()],
        entries,
        total=sums(rows),
        finding=findings.packages(rows),
        note=_note(rows),
        says=says_of(rows),
        bars=True,
        per="paket",
        about="tersalurkan",
    )


def _note(rows):
    """Return how to read the bars, and which packages nobody has promised yet."""
    none = ", ".join(amid(row.name) for row in rows if not any(cells(row)))
    words = [_("Panjang warna: bagian yang sudah tiba dari semua yang dijanjikan untuk paket itu.")]
    return " ".join([*words, _("Belum ada catatan untuk %s.") % none] if none else words)


def _programs(rows):
    """Return (programme's slug and name, its rows) in the programmes' order."""
    by_slug = {row.key: row for row in rows}
    order = PackageType.objects.order_by("program__position", "program_id", "position", "pk")
    found = {}
    for package, slug, name in order.values_list("slug", "program__slug", "program__name"):
        if package in by_slug:
            found.setdefault((slug, name), []).append(by_slug[package])
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
