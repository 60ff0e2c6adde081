"""`/transparansi/` and what its figures mean: computed from the ledger, as of any date, each with its rows."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from donations import figures as numbers
from donations.filters import FigureFilter
from donations.models import Category
from ksbb.core.pages import fresh
from ksbb.templatetags.formats import day, number, rupiah
from programs.models import PackageType, Program
from programs.reference import rows as fixture

from . import figure_charts as draw

MILESTONES = (date(2020, 5, 2), date(2020, 5, 27), date(2020, 10, 30), date(2020, 11, 26))
BASES = {
    "tercatat": gettext_lazy("setiap keluarga sudah dihitung jiwanya"),
    "perkiraan": gettext_lazy("perkiraan: empat jiwa per keluarga yang belum dihitung"),
}
AREA_LEVELS = ("kota", "kecamatan", "kelurahan")


class Dashboard:
    """The figures, breakdowns and addresses of one choice of programme and days."""

    def __init__(self, given):
        self.program, self.until, self.since = given.get("program"), given.get("sampai"), given.get("dari")
        self.totals = numbers.totals(self.until, self.since, self.program)
        self.as_of = self.until or timezone.localdate()

    def breakdown(self, per):
        return numbers.breakdown(per, self.until, self.since, self.program)

    def address(self, name, *args, **more):
        """Return an address that carries programme and days along, and `more` parameters."""
        program = {"program": self.program.slug} if self.program else {}
        days = {"dari": self.since, "sampai": self.until}
        query = urlencode({**program, **{key: value for key, value in days.items() if value}, **more})
        return reverse(name, args=args) + (f"?{query}" if query else "")

    def rows(self, **more):
        """Return the page that lists the collaborations behind a figure."""
        return self.address("collaborations", **more)

    def extras(self, per):
        """Return what every chart of a breakdown carries besides its picture."""
        return {
            "as_of": self.as_of,
            "csv": self.address("dataset", "angka", "csv", per=per),
            "definition": reverse("definitions"),
            "quote": self.quote(),
        }

    def quote(self):
        """Return a sentence that names figure, day, definition and address, for those who cite it."""
        what = {
            "program": self.program.name if self.program else _("semua program"),
            "day": day(self.as_of),
            "committed": number(self.totals.committed.total),
            "delivered": number(self.totals.delivered.total),
            "version": numbers.DEFINITION_VERSION,
            "url": settings.SITE_URL + self.address("figures"),
        }
        return (
            _(
                "KSBB, %(program)s, per %(day)s: komitmen %(committed)s paket, tersalurkan %(delivered)s paket "
                "(definisi versi %(version)s). %(url)s"
            )
            % what
        )


@require_safe
@fresh
def figures(request):
    """The dashboard."""
    chosen = FigureFilter(request.GET, queryset=Program.objects.none())
    board = Dashboard(chosen.cleaned)
    per = chosen.cleaned.get("per") if chosen.cleaned.get("per") in AREA_LEVELS else "kota"
    context = {
        "chosen": chosen,
        "board": board,
        "kicker": board.program.name if board.program else "",
        "totals": board.totals,
        "version": numbers.DEFINITION_VERSION,
        "rows_url": board.rows(),
        "reach_url": board.address("dataset", "kolaborasi", "csv"),
        "basis": BASES[board.totals.recipients.basis],
        "funds_url": board.address("dataset", "dana", "csv"),
        "givers_url": board.address("collaborators"),
        "milestones": [(when, f"?sampai={when}") for when in MILESTONES] if settings.DEMO else [],
        "funnel": {**draw.funnel(board.totals), **board.extras("paket")},
        "packages": _packages(board),
        "programs": _programs(board),
        "time": _time(board),
        "areas": _areas(board, per),
        "levels": [(level, board.address("figures", per=level), level == per) for level in AREA_LEVELS],
        "categories": _categories(board),
        "equation": _equation(board.totals.funds),
    }
    return render(request, "donations/figures.html", context, status=400 if chosen.errors else 200)


def _packages(board):
    return draw.groups(
        _("Menurut paket"),
        _("Paket"),
        board.breakdown("paket"),
        lambda row: board.rows(paket=row.key),
        **board.extras("paket"),
    )


def _programs(board):
    """Return the bars of each programme, or None when one is chosen already."""
    if board.program:
        return None
    packages = PackageType.objects.order_by("program__position", "program_id").values_list(
        "slug", "program__slug", "program__name"
    )
    of_package = {row.key: row for row in board.breakdown("paket")}
    sums = {}
    for package, slug, name in packages:
        row, known = of_package[package], sums.get(slug, (name, 0, 0, 0))
        sums[slug] = (name, known[1] + row.submitted, known[2] + row.committed, known[3] + row.delivered)
    rows = [numbers.Row(slug, *moved) for slug, moved in sums.items()]
    return draw.groups(
        _("Menurut program"),
        _("Program"),
        rows,
        lambda row: board.address("figures", program=row.key),
        **board.extras("paket"),
    )


def _time(board):
    """Return the two charts over time, or none while nothing is committed."""
    rows = board.breakdown("minggu")
    if not rows:
        return []
    extras = board.extras("minggu")
    monday = lambda row: date.fromisoformat(row.key)  # noqa: E731 - one word for both charts
    return [draw.growth(rows, monday, **extras), draw.weekly(rows, monday, **extras)]


def _areas(board, per):
    rows = board.breakdown(per)
    titles = {"kota": _("Menurut kota"), "kecamatan": _("Menurut kecamatan"), "kelurahan": _("Menurut kelurahan")}
    address = lambda row: board.rows(wilayah=row.key)  # noqa: E731
    if per == "kota":
        return draw.groups(titles[per], _("Wilayah"), rows, address, **board.extras(per))
    head = [_("Wilayah"), _("Diajukan"), _("Komitmen"), _("Tersalurkan")]
    return {"title": titles[per], "head": head, "rows": draw.table(rows, address), "svg": "", **board.extras(per)}


def _categories(board):
    many = board.totals.collaborators.by_category
    givers = [(value, str(label), many[value]) for value, label in Category.choices]
    extras = board.extras("kategori")
    return [
        draw.people(
            _("Kolaborator menurut kategori"),
            givers,
            lambda slug: board.address("collaborators", kategori=slug),
            **{**extras, "csv": board.address("dataset", "kolaborator", "csv")},
        ),
        draw.groups(
            _("Paket menurut kategori kolaborator"),
            _("Kategori"),
            board.breakdown("kategori"),
            lambda row: board.rows(kategori=row.key),
            **extras,
        ),
    ]


def _equation(funds):
    """Return the terms of diterima = terpakai + dikembalikan + biaya + saldo, in rupiah."""
    return [
        (_("Diterima mitra penyalur"), rupiah(funds.received)),
        (_("Terpakai untuk paket"), rupiah(funds.used)),
        (_("Dikembalikan kepada pemberi"), rupiah(funds.refunded)),
        (_("Biaya penyaluran"), rupiah(funds.cost)),
        (_("Saldo, belum terpakai"), rupiah(funds.balance)),
    ]


# --- What the figures mean --------------------------------------------------------------------------------------------
@require_safe
@fresh
def definitions(request):
    """The definitions in people's words, and the published figures, with those that do not compare."""
    published = [_published(row) for row in fixture("published_totals")]
    context = {
        "version": numbers.DEFINITION_VERSION,
        "persons": numbers.PERSONS_PER_FAMILY,
        "held": [row for row in published if row["held"]],
        "others": [row for row in published if not row["held"]],
    }
    return render(request, "donations/definitions.html", context)


# What names of published figures are made of, besides words that other pages say too.
NAMED = (
    gettext_lazy("jangkauan"),
    gettext_lazy("total"),
    gettext_lazy("perorangan"),
    gettext_lazy("lembaga-usaha"),
    gettext_lazy("lembaga-pemerintah"),
    gettext_lazy("lsm"),
    gettext_lazy("luar-negeri"),
    gettext_lazy("lain"),
)


def _published(row):
    return {
        "day": date.fromisoformat(row["as_of"]),
        "figure": " · ".join(_(word) for word in row["figure"].split(".")),
        "value": int(row["value"]),
        "program": row["program"],
        "url": reverse("figures")
        + f"?sampai={row['as_of']}"
        + (f"&program={row['program']}" if row["program"] else ""),
        "source": row["source"],
        "note": row["note"],
        "held": row["held"] == "ya",
    }
