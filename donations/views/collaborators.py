"""`/kolaborator/`: who gave, in five categories, and the page of one."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donations import figures, rows
from donations.filters import CollaborationFilter, CollaboratorFilter
from donations.models import Category, Collaborator, Contribution
from ksbb.core.pages import fresh
from ksbb.core.parameters import address, without_page

from .collaborations import LISTED, listed


@require_safe
@fresh(takes=CollaboratorFilter)
def collaborators(request):
    """The directory; an anonymous gift is a row without a link."""
    chosen = CollaboratorFilter(request.GET, queryset=Collaborator.objects.all())
    page = chosen.page()
    scope = chosen.scope
    context = {
        "chosen": chosen,
        "faces": [_row(face) for face in page.rows],
        "count": chosen.qs.count(),
        "givers": figures.totals(scope.until, scope.since).collaborators,
        "categories": _categories(scope),
        "as_of": scope.until,
        "csv": reverse("dataset", args=["kolaborator", "csv"]) + without_page(request.GET),
        "next": address(request, page.next),
        "previous": address(request, page.previous),
    }
    return render(request, "donations/collaborators.html", context, status=400 if chosen.errors else 200)


def _row(face):
    return {
        "name": face.name,
        "url": "" if face.is_anonymous else reverse("collaborator", args=[face.slug]),
        "category": face.get_category_display(),
        "fictional": face.is_fictional,
        "collaborations": face.collaborations_then,
        "committed": face.committed_then,
        "delivered": face.delivered_then,
    }


def _categories(scope):
    """Return (slug, label, distinct givers, komitmen, tersalurkan) of each category."""
    many = figures.totals(scope.until, scope.since).collaborators.by_category
    packages = {row.key: row for row in figures.breakdown("kategori", scope.until, scope.since)}
    return [
        (value, label, many[value], packages[value].committed, packages[value].delivered)
        for value, label in Category.choices
    ]


@require_safe
@fresh(takes=CollaborationFilter)
def collaborator(request, slug):
    """One giver (or distribution partner) under the name shown: collaborations that were confirmed, money received."""
    shown = rows.faces(figures.Scope(), Collaborator.objects.shown())
    face = shown.filter(rows.GAVE | Q(aggregator__isnull=False), slug=slug).first()
    if face is None:
        raise Http404(_("Kolaborator ini tidak ada."))
    chosen = CollaborationFilter(request.GET, queryset=LISTED.filter(rows.named(), collaborator=face))
    page = chosen.page()
    rows.with_lines(page.rows, chosen.lines)
    context = {
        "face": face,
        "category": face.get_category_display(),
        "cards": [listed(commitment) for commitment in page.rows],
        "count": chosen.qs.count(),
        "funds": _funds(face),
        "takes_money": hasattr(face, "aggregator"),
        "next": address(request, page.next),
        "previous": address(request, page.previous),
    }
    return render(request, "donations/collaborator.html", context, status=400 if chosen.errors else 200)


def _funds(face):
    found = rows.contributions(figures.Scope(), Contribution.objects.filter(collaborator=face))
    return [
        {
            "at": fund.received_at,
            "partner": fund.aggregator.collaborator.name,
            "contract": fund.get_contract_display(),
            "program": fund.program.name if fund.program else _("Di mana paling perlu"),
            "received": fund.received,
            "used": fund.used,
            "balance": fund.balance,
        }
        for fund in found.select_related("aggregator__collaborator", "program").order_by("-received_at", "-pk")
    ]
