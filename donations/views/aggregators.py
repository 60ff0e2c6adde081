"""`/agregator/`: the official distribution partners, with licence, areas, programmes, rupiah and packages."""

from decimal import Decimal

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donations import figures, rows
from donations.models import Aggregator
from ksbb.core.pages import fresh
from ksbb.templatetags.formats import day, number, rupiah
from locations.shown import short_city


@require_safe
@fresh
def aggregators(request):
    """The partners that take money now, then the others with the reason why they do not."""
    today = timezone.localdate()
    known = Aggregator.objects.select_related("collaborator").order_by("collaborator__name", "pk")
    partners = [_shown(partner, today) for partner in rows.partners(list(known), today)]
    context = {
        "taking": [partner for partner in partners if partner["takes_money"]],
        "others": [partner for partner in partners if not partner["takes_money"]],
        "funds": figures.totals().funds,
        "today": today,
        "csv": reverse("dataset", args=["dana", "csv"]),
    }
    return render(request, "donations/aggregators.html", context)


def _shown(partner, today):
    face = partner.collaborator
    return {
        "slug": face.slug,
        "name": face.name,
        "about": face.about,
        "fictional": face.is_fictional,
        "takes_money": partner.takes_money,
        "validity": validity(partner, today),
        "note": partner.account_note,
        "facts": [*_licence(partner), *_work(partner), *_money(partner)],
    }


def _work(partner):
    packages = {"committed": number(partner.committed), "delivered": number(partner.delivered)}
    return [
        (_("Program"), ", ".join(program.name for program in partner.programs.all())),
        (_("Wilayah kerja"), ", ".join(short_city(area.name) for area in partner.areas.all()) or _("seluruh kota")),
        (_("Paket"), _("komitmen %(committed)s, di antaranya tersalurkan %(delivered)s") % packages),
    ]


def _money(partner):
    """Return the terms of received = used + refunded + costs + balance, for partners that ever received."""
    if not partner.received:
        return []
    return [
        (_("Dana diterima"), rupiah(partner.received)),
        (_("Terpakai untuk paket"), rupiah(partner.used)),
        (_("Dikembalikan"), rupiah(partner.refunded)),
        (_("Biaya"), rupiah(partner.cost)),
        (_("Saldo"), rupiah(partner.balance)),
    ]


def _licence(partner):
    """Return the newest licence's facts: kind, number and issuer, and the share it lets the partner keep."""
    if not partner.newest_first:
        return []
    licence = partner.newest_first[0]
    limits = [f"{limit.get_contract_display()} {_percent(limit.basis_points)}" for limit in licence.cost_limits.all()]
    return [
        (_("Izin"), f"{licence.kind}, {licence.number}, {licence.issuer}"),
        (_("Biaya paling banyak"), ", ".join(limits)),
    ]


def _percent(basis_points):
    """Return a share in per ten thousand as "12,5 %", with no more places than it needs."""
    places = 0 if basis_points % 100 == 0 else 1 if basis_points % 10 == 0 else 2
    space = "" if get_language() == "en" else "\N{NO-BREAK SPACE}"
    return f"{number(Decimal(basis_points) / 100, places)}{space}%"


def validity(partner, today):
    """Return in words whether a partner may take money, and until when or why not."""
    if partner.licence:
        return _("Izin berlaku sampai %s") % day(partner.licence.valid_until)
    newest = partner.newest_first[0] if partner.newest_first else None
    if newest is None:
        return _("Tidak menerima dana: izin tidak tercatat")
    if newest.revoked_on and newest.revoked_on <= today:
        return _("Tidak menerima dana: izin dicabut %s") % day(newest.revoked_on)
    if newest.valid_from > today:
        return _("Tidak menerima dana: izin baru berlaku %s") % day(newest.valid_from)
    return _("Tidak menerima dana: izin berakhir %s") % day(newest.valid_until)
