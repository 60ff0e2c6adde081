"""`/transparansi/` and what its figures mean: computed from the ledger, as of any date, each with its rows."""

from datetime import date

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from donations import figures as numbers
from donations.filters import FigureFilter
from donations.models import Category
from ksbb.core.pages import fresh
from programs.models import PackageType, Program
from programs.reference import rows as fixture

from . import figure_charts as draw
from .figure_board import Dashboard

MILESTONES = (date(2020, 5, 2), date(2020, 5, 27), date(2020, 10, 30), date(2020, 11, 26))
BASES = {
    "tercatat": gettext_lazy("setiap keluarga sudah dihitung jiwanya"),
    "perkiraan": gettext_lazy("perkiraan: empat jiwa per keluarga yang belum dihitung"),
}
STEPS = {"minggu": gettext_lazy("minggu"), "hari": gettext_lazy("hari")}
LEVELS = {
    "kota": gettext_lazy("kota"),
    "kecamatan": gettext_lazy("kecamatan"),
    "kelurahan": gettext_lazy("kelurahan"),
}


@require_safe
@fresh(takes=FigureFilter, lasting=True)
def figures(request):
    """The dashboard."""
    chosen = FigureFilter(request.GET, queryset=Program.objects.none())
    board, per = Dashboard(chosen.cleaned), chosen.cleaned.get("per")
    step, level = per if per in STEPS else "minggu", per if per in LEVELS else "kota"
    levels = _switch(board, LEVELS, level, "wilayah")
    context = {
        "chosen": chosen,
        "board": board,
        "kicker": board.program.name if board.program else "",
        "totals": board.totals,
        "version": numbers.DEFINITION_VERSION,
        "rows_url": board.rows(),
        "reach_url": board.address("dataset", "kolaborasi", "csv"),
        "basis": BASES[board.totals.recipients.basis],
        "givers_url": board.address("collaborators"),
        "milestones": _milestones(board) if settings.DEMO else [],
        "funnel": draw.funnel(board),
        "packages": draw.packages(board),
        "trend": draw.trend(board, step, _switch(board, STEPS, step, "waktu")),
        "areas": draw.areas(board, level, levels),
        "levels": levels,
        "histogram": draw.histogram(board),
        "least": draw.least(board),
        "categories": draw.categories(board),
        "money": draw.money(board),
        # Complaints are about no programme and are known as of now only.
        "complaints": None if board.until or board.program else numbers.complaints(board.as_of),
    }
    return render(request, "donations/figures.html", context, status=400 if chosen.errors else 200)


def _switch(board, words, here, slug):
    """Return (words, address, whether it is shown now) of each way to cut a chart."""
    return [(label, f"{board.address('figures', per=word)}#{slug}", word == here) for word, label in words.items()]


def _milestones(board):
    """Return (words, address, whether it is shown now) of the days by which the city published its figures."""
    days = [(when, board.address("figures", sampai=when), when == board.until) for when in MILESTONES]
    return [*days, (None, board.address("figures", sampai=None), board.until is None)]


# --- What the figures mean --------------------------------------------------------------------------------------------
@require_safe
@fresh
def definitions(request):
    """The definitions in people's words, and the published figures, with those that do not compare."""
    words = _words()
    published = [_published(row, words) for row in fixture("published_totals")]
    context = {
        "version": numbers.DEFINITION_VERSION,
        "persons": numbers.PERSONS_PER_FAMILY,
        "held": [row for row in published if row["held"]],
        "others": [row for row in published if not row["held"]],
    }
    return render(request, "donations/definitions.html", context)


# What names of published figures are made of, besides the names of packages and categories.
WORDS = {
    "komitmen": gettext_lazy("Komitmen"),
    "tersalurkan": gettext_lazy("Tersalurkan"),
    "jangkauan": gettext_lazy("Jangkauan"),
    "kolaborator": gettext_lazy("Kolaborator"),
    "kolaborasi": gettext_lazy("Kolaborasi"),
    "penerima": gettext_lazy("Penerima"),
    "lokasi": gettext_lazy("Lokasi"),
    "dana": gettext_lazy("Dana"),
    "total": gettext_lazy("seluruhnya"),
    "kota": gettext_lazy("kota"),
    "kelurahan": gettext_lazy("kelurahan"),
    "rw": "RW",
    "kk": gettext_lazy("keluarga"),
    "jiwa": gettext_lazy("jiwa"),
    "prioritas": gettext_lazy("prioritas"),
    "diterima": gettext_lazy("diterima"),
}


def _words():
    """Return what people call each part of a published figure's key."""
    packages = PackageType.objects.values_list("slug", "name")
    return {**WORDS, **dict(packages), **dict(Category.choices), **dict(Program.objects.values_list("slug", "name"))}


def _published(row, words):
    parts = [words[part] for part in row["figure"].split(".") if part in words]
    return {
        "day": date.fromisoformat(row["as_of"]),
        "figure": " · ".join(map(str, parts)),
        "value": int(row["value"]),
        "program": words.get(row["program"], ""),
        "url": reverse("figures")
        + f"?sampai={row['as_of']}"
        + (f"&program={row['program']}" if row["program"] else ""),
        "source": row["source"],
        "note": row["note"],
        "held": row["held"] == "ya",
    }
