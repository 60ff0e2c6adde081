"""`/komitmen-saya/<rahasia>/`: the donor's private page of one promise; and the page that proves her contact."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from donations.actions import commitments, messages
from donations.actions.givers import EMAIL
from donations.actions.ledger import wib_day
from donations.actions.promise_rules import SHORT_HOLD, explain_review
from donations.errors import Refused
from donations.forms.inputs import refuse
from donations.forms.reply import DateForm, ReasonForm
from donations.models import Commitment, CommitmentState, ContactPerson, Party
from donations.models.commitment import ARRIVED, ENDED, HOLDING, ON_ITS_WAY
from donations.steps import steps_of
from ksbb.core import throttle
from ksbb.core.crypto import private_link
from ksbb.core.exports import page_address
from ksbb.templatetags.formats import day_range, weekday

from .privately import behind, private_page, unknown_link

COMMITMENTS = Commitment.objects.select_related("collaborator", "program", "statement", "aggregator__collaborator")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_commitment(request, secret):
    commitment = behind(secret, COMMITMENTS)
    if commitment is None:
        return unknown_link(request)
    if request.method == "POST":
        return _act(request, commitment, secret)
    return _show(request, commitment)


# --- What the donor can do --------------------------------------------------------------------------------------------
def _date_form(data=None, now=None):
    today = wib_day(now or timezone.now())
    hint = _("Penanggung jawab tempatnya perlu menyetujui dulu.")
    return DateForm(data, today=today, label=_("Tanggal yang Anda usulkan"), hint=hint)


def _reason_form(data=None, now=None):
    return ReasonForm(data)


def _send(commitment, form, now):
    commitments.send(commitment=commitment, now=now)


def _agree(commitment, form, now):
    commitments.agree_date(commitment=commitment, now=now, party=Party.DONOR)


def _propose(commitment, form, now):
    date = form.cleaned_data["date"]
    commitments.propose_date(commitment=commitment, date=date, now=now, party=Party.DONOR)


def _cancel(commitment, form, now):
    commitments.cancel(commitment=commitment, reason=form.cleaned_data["reason"], now=now)


# name of the button → (form that comes with it, what it does)
ACTS = {
    "send": (None, _send),
    "agree": (None, _agree),
    "propose": (_date_form, _propose),
    "cancel": (_reason_form, _cancel),
}


def _act(request, commitment, secret):
    name = request.POST.get("act")
    if name not in ACTS:
        return _show(request, commitment, status=400)
    make_form, do = ACTS[name]
    now = timezone.now()
    form = make_form(request.POST, now) if make_form else None
    if form is not None and not form.is_valid():
        return _show(request, commitment, status=400, **{name: form})
    try:
        do(commitment, form, now)
    except Refused as refusal:
        return _refused(request, commitment, name, form, refusal)
    return redirect("my_commitment", secret)


def _refused(request, commitment, name, form, refusal):
    commitment.refresh_from_db()
    if form is None or refusal.field not in form.fields:
        return _show(request, commitment, refusal=refusal.message, status=409)
    refuse(form, refusal)
    return _show(request, commitment, status=409, **{name: form})


# --- The page ---------------------------------------------------------------------------------------------------------
def _show(request, commitment, *, status=200, refusal="", propose=None, cancel=None):
    lines = list(messages.lines_for(commitment).select_related("need__location__area__parent", "need__package_version"))
    places = list({line.need.location_id: line.need.location for line in lines}.values())
    contacts = _contacts(commitment)
    shown = {contact.location_id for contact in contacts}
    now, facts = timezone.now(), _facts(commitment)
    if commitment.needs_review:
        explain_review(commitment)
    context = {
        "commitment": commitment,
        "lines": lines,
        "places": places,
        "contacts": [(each, messages.donor_to_place_url(commitment, each, lines)) for each in contacts],
        "desks": [place for place in places if place.pk not in shown] if _in_touch(commitment) else [],
        "facts": facts,
        "paper_facts": facts[1:],
        "steps": steps_of(commitment),
        "deliveries": list(commitment.deliveries.prefetch_related("lines__line__need__package").order_by("-pk")),
        "is_late": commitment.is_late(wib_day(now)),
        "is_email": commitment.contact_channel == EMAIL,
        "is_short_hold": commitment.expires_at and commitment.expires_at - commitment.submitted_at <= SHORT_HOLD,
        "proof_whatsapp": messages.proof_whatsapp_url(commitment),
        "public_url": page_address("collaboration", commitment.code),
        "track_url": f"{settings.SITE_URL}{reverse('track')}?kode={commitment.code}",
        "whatsapp_number": settings.WHATSAPP_NUMBER,
        "rows": _rows(lines, contacts),
        "place_asks": commitment.proposed_on and commitment.proposed_by == Party.PLACE,
        "donor_asks": commitment.proposed_on and commitment.proposed_by == Party.DONOR,
        "can_propose": _in_touch(commitment),
        "can_send": commitment.can("send"),
        "can_cancel": commitment.state in HOLDING,
        "cancelling": bool(cancel) or request.GET.get("langkah") == "batal",
        "propose": propose or _date_form(now=now),
        "cancel": cancel or _reason_form(),
        "refusal": refusal,
        "on_its_way": commitment.state in ON_ITS_WAY,
        "arrived": commitment.state in ARRIVED,
        "ended": commitment.state in ENDED,
        "now": now,
    }
    return render(request, "donations/my_commitment.html", context, status=status)


def _rows(lines, contacts):
    """Return one row per place for paper: the place, what was promised to it, and its person in charge if known."""
    persons = {contact.location_id: contact for contact in contacts}
    rows = {}
    for line in lines:
        place = line.need.location
        row = rows.setdefault(place.pk, {"place": place, "contact": persons.get(place.pk), "lines": []})
        row["lines"].append(line)
    return list(rows.values())


def _facts(commitment):
    window = commitment.window_start and day_range(commitment.window_start, commitment.window_end)
    return [
        (_("Kode"), commitment.code),
        (_("Nama yang tampil"), commitment.collaborator.name),
        (_("Tanggal"), weekday(commitment.scheduled_on)),
        (_("Rencana"), None if commitment.scheduled_on else window),
        (_("Melalui"), str(commitment.aggregator or "")),
        (_("Pernyataan"), str(commitment.statement or "")),
    ]


def _in_touch(commitment):
    """Tell whether donor and place are in touch: registered, looked at by staff, and not over."""
    registered = commitment.state == CommitmentState.REGISTERED and not commitment.needs_review
    return registered or commitment.state in ON_ITS_WAY


def _contacts(commitment):
    """Return the persons in charge that were disclosed to this donor, while the promise is not over."""
    if commitment.state in ENDED:
        return []
    disclosed = ContactPerson.objects.filter(disclosures__commitment=commitment)
    return list(disclosed.select_related("location").order_by("pk"))


# --- Proof of the contact ---------------------------------------------------------------------------------------------
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def prove_contact(request, secret):
    commitment = behind(secret, COMMITMENTS, "proof_hash")
    if commitment is None:
        return unknown_link(request)
    now = timezone.now()
    in_time = commitment.state == CommitmentState.SUBMITTED and commitment.expires_at > now
    if request.method == "POST" and in_time:
        try:
            visitor = throttle.visitor_of(request)
            commitments.register(commitment=commitment, now=now, visitor=visitor)
        except Refused:
            return unknown_link(request)
        return redirect("my_commitment", private_link("commitment", commitment.code, commitment.link_generation))
    context = {"commitment": commitment, "lines": messages.lines_for(commitment), "in_time": in_time}
    status = 409 if request.method == "POST" else 200
    return render(request, "donations/prove_contact.html", context, status=status)
