"""`/lokasi-saya/<rahasia>/`: the private page of a place's person in charge: what comes, when, and what arrived."""

from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from donations.actions import places
from donations.actions.ledger import wib_day
from donations.errors import Refused
from donations.forms.reply import PauseForm
from donations.models import Commitment, CommitmentLine, CommitmentState, ContactPerson
from donations.models.commitment import HOLDING
from locations.models import Need

from .cards import ANSWERS, Card
from .privately import behind, private_page, unknown_link

PERSONS = ContactPerson.objects.select_related("location__area__parent", "location__kind")
MOST_SHOWN = 30


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_location(request, secret):
    contact = behind(secret, PERSONS)
    if contact is None:
        return unknown_link(request)
    now = timezone.now()
    if request.method != "POST":
        return _show(request, contact, _cards(contact, now), now)
    if request.POST.get("act") in ("pause", "resume"):
        return _pause(request, contact, secret, now)
    return _answer(request, contact, secret, now)


def _cards(contact, now):
    """Return a card for each promise that is under way to this place."""
    here = CommitmentLine.objects.filter(need__location=contact.location_id)
    theirs = CommitmentLine.objects.filter(commitment=OuterRef("pk"))
    elsewhere = theirs.exclude(need__location=contact.location_id)
    lines = here.select_related("need__location__area", "need__package", "need__package_version").order_by("pk")
    found = (
        Commitment.objects.filter(state__in=HOLDING, pk__in=here.values("commitment"))
        .annotate(is_elsewhere_too=Exists(elsewhere))
        .select_related("collaborator", "program")
        .prefetch_related(Prefetch("lines", lines, to_attr="lines_here"))
        .order_by("scheduled_on", "expires_at", "pk")[:200]
    )
    return [Card(commitment, commitment.lines_here, contact, now) for commitment in found]


def _answer(request, contact, secret, now):
    cards = _cards(contact, now)
    card = next((card for card in cards if card.commitment.code == request.POST.get("kode")), None)
    act = request.POST.get("act")
    if card is None or act not in ANSWERS:
        return _show(request, contact, cards, now, stale=True, status=409)
    try:
        done = card.answer(act, request.POST, request.FILES)
    except Refused as refusal:
        card.refusal, done = refusal.message, False
    if done:
        return redirect(
            f"{reverse('my_location', args=[secret])}#{'riwayat' if act == 'count' else card.commitment.code}"
        )
    return _show(request, contact, cards, now, failed=card, status=409 if card.refusal else 400)


def _pause(request, contact, secret, now):
    if request.POST["act"] == "resume":
        places.pause(contact=contact, until=None, now=now)
        return redirect("my_location", secret)
    form = PauseForm(request.POST, today=wib_day(now))
    if not form.is_valid():
        return _show(request, contact, _cards(contact, now), now, pause=form, status=400)
    places.pause(contact=contact, until=form.cleaned_data["until"], now=now)
    return redirect("my_location", secret)


def _show(request, contact, cards, now, *, failed=None, stale=False, pause=None, status=200):
    today = wib_day(now)
    needs = Need.objects.open().filter(location=contact.location_id).select_related("package", "period")
    deliveries = contact.location.deliveries.select_related("commitment__collaborator")
    shown = [card.show_forms() for card in cards]
    context = {
        "contact": contact,
        "location": contact.location,
        "waiting": [card for card in shown if card.waits_for_answer],
        "coming": [card for card in shown if card.is_on_its_way],
        "unproved": [card for card in shown if card.commitment.state == CommitmentState.SUBMITTED],
        "in_review": [card for card in shown if card.commitment.needs_review],
        "failed": failed,
        "failed_form": failed.forms.get(failed.errors) if failed else None,
        "stale": stale,
        "needs": list(needs.order_by("package__program__position", "package__position", "pk")),
        "deliveries": list(
            deliveries.prefetch_related("lines__line__need__package", "photos").order_by("-delivered_at", "-pk")[
                :MOST_SHOWN
            ]
        ),
        "paused_until": contact.paused_on(today),
        "pause": pause or PauseForm(today=today),
        "today": today,
    }
    return render(request, "donations/my_location.html", context, status=status)
