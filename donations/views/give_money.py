"""`/beri-bantuan/dana/`: give money through a licensed partner; and the donor's private page of that money."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from donations.actions import funds
from donations.actions.ledger import wib_day
from donations.errors import KeyReused, Refused, TooOften
from donations.estimates import estimates
from donations.forms.contribution import FOR_PLACE, FOR_PROGRAM, ContributionForm
from donations.models import (
    Aggregator,
    CommitmentLine,
    Contribution,
    ContributionState,
    EntryKind,
    LedgerEntry,
    Licence,
)
from ksbb.core import throttle
from ksbb.core.crypto import private_link
from ksbb.templatetags.formats import rupiah
from locations.models import Location
from programs.models import Program, ProgramStatus

from .privately import behind, private_page, unknown_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_money(request):
    page = _page(request, wib_day(timezone.now()))
    if request.method != "POST":
        return _show(request, page, _blank(page, _wished(request, page["location"])))
    if request.POST.get("act") == "estimate":
        return _show(request, page, _blank(page, request.POST.dict()))
    form = ContributionForm(request.POST, partners=page["partners"], location=page["location"])
    if not form.is_valid():
        return _show(request, page, form, status=400)
    return _submit(request, page, form)


# --- The form ---------------------------------------------------------------------------------------------------------
def _page(request, today):
    """Return what the page shows whatever is sent: the place asked for, and which partners may take money."""
    location = Location.objects.public().filter(code=request.GET.get("lokasi", "")).select_related("area").first()
    licences = Prefetch("licences", Licence.objects.valid_on(today), to_attr="valid_now")
    everybody = Aggregator.objects.select_related("collaborator").prefetch_related(licences)
    everybody = list(everybody.order_by("collaborator__name"))
    licensed = [partner for partner in everybody if partner.valid_now]
    return {
        "location": location,
        "today": today,
        "licensed": licensed,
        "closed": [partner for partner in everybody if not partner.valid_now],
        "partners": Aggregator.objects.filter(pk__in=[each.pk for each in licensed])
        .select_related("collaborator")
        .order_by("collaborator__name"),
    }


def _blank(page, initial):
    """Return the form as it was filled in so far, without complaints."""
    initial = {name: value for name, value in initial.items() if name not in ("csrfmiddlewaretoken", "act")}
    return ContributionForm(partners=page["partners"], location=page["location"], initial=initial)


def _wished(request, location):
    """Return what a link fills in: `?lokasi=`, `?program=`, `?jumlah=`, `?mitra=`."""
    get = request.GET
    purpose = FOR_PLACE if location else FOR_PROGRAM if get.get("program") else None
    wished = {"amount": get.get("jumlah"), "program": get.get("program"), "purpose": purpose}
    return {name: value for name, value in wished.items() if value}


def _submit(request, page, form):
    data, now = form.cleaned_data, timezone.now()
    try:
        contribution = funds.pledge(
            giver=form.details(),
            aggregator=data["aggregator"],
            amount=data["amount"],
            contract=data["contract"],
            reference=data["reference"],
            program=form.chosen_program(),
            location=form.chosen_place(),
            now=now,
            visitor=throttle.visitor_of(request),
        )
    except TooOften as refusal:
        return _busy(request, page, form, refusal, now)
    except KeyReused as refusal:
        form.data = {**form.data.dict(), "reference": _blank(page, {})["reference"].value()}
        form.refuse(refusal)
        return _show(request, page, form, status=422)
    except Refused as refusal:
        form.refuse(refusal)
        return _show(request, page, form, status=409)
    return redirect("my_contribution", private_link("contribution", contribution.reference))


def _busy(request, page, form, refusal, now):
    response = _show(request, {**page, "busy": refusal}, form, status=429)
    response["Retry-After"] = str(refusal.seconds(now))
    return response


def _show(request, page, form, status=200):
    amount, amount_error = _amount(form)
    program = None
    if form["purpose"].value() == FOR_PROGRAM:
        running = Program.objects.filter(status=ProgramStatus.RUNNING)
        program = running.filter(slug=form["program"].value() or "").first()
    place = page["location"] if form["purpose"].value() == FOR_PLACE else None
    made = estimates(amount, today=page["today"], program=program, location=place) if amount else []
    context = {**page, "form": form, "amount": amount, "amount_error": amount_error, "estimates": made}
    return render(request, "donations/give_money.html", context, status=400 if amount_error else status)


def _amount(form):
    """Return (rupiah typed so far or None, what is wrong with it)."""
    typed = form["amount"].value()
    if form.is_bound or not typed:
        return form.cleaned_data.get("amount") if form.is_bound else None, ""
    try:
        return form.fields["amount"].clean(typed), ""
    except ValidationError as error:
        return None, error.messages[0]


# --- What became of it ------------------------------------------------------------------------------------------------
@dataclass
class Use:
    """Rupiah of one contribution that paid for one line of a commitment."""

    line: CommitmentLine
    rupiah: int = 0


@private_page
@require_safe
def my_contribution(request, secret):
    related = ("aggregator__collaborator", "collaborator", "program", "location__area")
    contribution = behind(secret, Contribution.objects.select_related(*related))
    if contribution is None:
        return unknown_link(request)
    today = wib_day(timezone.now())
    context = {
        "contribution": contribution,
        "facts": _facts(contribution),
        "steps": _steps(contribution),
        "uses": _uses(contribution),
        "estimates": estimates(
            contribution.amount, today=today, program=contribution.program, location=contribution.location
        ),
        "pledged": contribution.state == ContributionState.PLEDGED,
    }
    return render(request, "donations/my_contribution.html", context)


def _facts(contribution):
    target = contribution.location or contribution.program
    return [
        (_("Nomor rujukan"), contribution.reference),
        (_("Dijanjikan"), rupiah(contribution.amount)),
        (_("Mitra penyalur"), str(contribution.aggregator)),
        (_("Akad"), contribution.get_contract_display()),
        (_("Untuk"), target.name if target else _("Di mana paling perlu")),
        (_("Nama yang tampil"), contribution.collaborator.name),
    ]


def _uses(contribution):
    """Return what the money paid for, line by line, corrections taken off."""
    entries = LedgerEntry.objects.filter(contribution=contribution, kind=EntryKind.FUND_USED).order_by("pk")
    related = ("line__commitment", "line__need__location__area", "line__need__package")
    uses = {}
    for entry in entries.select_related(*related):
        uses.setdefault(entry.line_id, Use(entry.line)).rupiah += entry.quantity
    return [use for use in uses.values() if use.rupiah]


def _steps(contribution):
    received = contribution.state == ContributionState.RECEIVED
    steps = [
        {"label": _("Dijanjikan"), "state": "done", "at": contribution.pledged_at, "note": ""},
        {
            "label": _("Diterima mitra penyalur"),
            "state": "done" if received else "current",
            "at": contribution.received_at,
            "note": "",
        },
        {
            "label": _("Menjadi paket"),
            "state": ("done" if contribution.balance == 0 else "current") if received else "todo",
            "at": None,
            "note": "",
        },
    ]
    if contribution.state == ContributionState.CANCELLED:
        return [steps[0], {"label": _("Dibatalkan"), "state": "failed", "at": None, "note": contribution.note}]
    return steps
