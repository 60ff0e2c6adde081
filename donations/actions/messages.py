"""The words we send: to the donor and to the person in charge, by mail through the outbox, or to copy into WhatsApp.

Each message is one template `messages/<name>.txt`: the first line is the subject, the rest the text. They are always
Indonesian, whoever's request or job causes them.
"""

import logging
import re
from functools import partial
from urllib.parse import quote

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.template import Context, engines
from django.utils.translation import override

from donations.models import CommitmentState, ContactPerson, Party
from donations.models.complaint import DONE
from ksbb.core import outbox
from ksbb.core.crypto import decrypt

from .addresses import commitment_url, complaint_code, contribution_url, location_url, page, proof_url, whatsapp_url
from .givers import EMAIL, WHATSAPP
from .promise_rules import explain_review

logger = logging.getLogger(__name__)

# Which message tells a donor where her promise stands: for staff who write to her by WhatsApp.
STATE_MESSAGES = {
    CommitmentState.SUBMITTED: "messages/donor_prove.txt",
    CommitmentState.REGISTERED: "messages/donor_registered.txt",
    CommitmentState.CONFIRMED: "messages/donor_accepted.txt",
    CommitmentState.SENT: "messages/donor_accepted.txt",
    CommitmentState.EXPIRED: "messages/donor_expired.txt",
    CommitmentState.CANCELLED: "messages/donor_cancelled.txt",
    CommitmentState.REJECTED: "messages/donor_rejected.txt",
}

REVIEW = "messages/donor_review.txt"  # while staff look at it first


# --- Texts ------------------------------------------------------------------------------------------------------------
def compose(template, **context):
    """Return (subject, text) of a message."""
    context = {"city_name": settings.CITY_NAME, **context}
    with override("id"):
        text = engines["django"].engine.get_template(template).render(Context(context, autoescape=False))
    subject, _, body = re.sub(r"\n{3,}", "\n\n", text).strip().partition("\n")
    return subject.strip(), body.strip()


def contacts_of(commitment):
    """Return the persons in charge of a commitment's places."""
    return ContactPerson.objects.filter(location__needs__lines__commitment=commitment).distinct().order_by("pk")


def lines_for(commitment, location=None):
    """Return a commitment's lines (those for one place, when given) with what a message says about them."""
    lines = commitment.lines.select_related("need__location__area", "need__package").order_by("pk")
    return lines.filter(need__location=location) if location else lines


def is_for_several(commitment):
    """Tell whether a commitment is for several places: then staff accept it for all of them together."""
    return commitment.lines.values("need__location").distinct().count() > 1


def for_donor(template, commitment, lines=None, **context):
    """Return (subject, text) of a message to the donor; `lines` as `lines_for` reads them, when at hand."""
    lines = lines or list(lines_for(commitment))
    return compose(
        template,
        commitment=commitment,
        lines=lines,
        contacts=partial(contacts_of, commitment),
        several=len({line.need.location_id for line in lines}) > 1,
        desk=lines[0].need.location.area.label,
        url=commitment_url(commitment),
        give_url=partial(page, "promise"),
        proof_url=proof_url(commitment) if commitment.proof_hash else "",
        **context,
    )


def _address(cipher):
    """Return to whom a letter goes; "" (nobody) when the key of the cipher is lost: what we tell of happens all the
    same.
    """
    try:
        return decrypt(cipher)
    except InvalidToken:
        logger.error("a contact cannot be read: is CONTACT_KEY the one it was stored with?")
        return ""


def donor_letter(template, commitment, *, now, **context):
    """Return one letter to the donor; a WhatsApp contact gets none from us (no gateway): her page shows it all."""
    if commitment.contact_channel != EMAIL:
        return None
    return outbox.letter(_address(commitment.contact_cipher), *for_donor(template, commitment, **context), now=now)


def to_donor(template, commitment, *, now, **context):
    """Write one message to the donor."""
    outbox.put(donor_letter(template, commitment, now=now, **context))


def to_places(template, commitment, *, now, **context):
    """Write one message to each person in charge who has a mail address."""
    context["several"] = is_for_several(commitment)
    for contact in contacts_of(commitment).select_related("location"):
        lines = lines_for(commitment, contact.location)
        subject, body = compose(
            template, commitment=commitment, contact=contact, lines=lines, url=location_url(contact), **context
        )
        outbox.post(contact.email, subject, body, now=now)


def proof_whatsapp_url(commitment):
    """Return the link with which a donor proves her number: a message with her code to Pokja's WhatsApp."""
    return whatsapp_url(settings.WHATSAPP_NUMBER, f"KSBB {commitment.code} {commitment.proof_code}")


def state_whatsapp_url(commitment):
    """Return a wa.me link with which staff tell a WhatsApp donor where her promise stands, or "" when none is due."""
    template = STATE_MESSAGES.get(commitment.state)
    if commitment.state == CommitmentState.REGISTERED and commitment.needs_review:
        template = REVIEW
        explain_review(commitment)
    if commitment.contact_channel == EMAIL or not template or not commitment.contact_cipher:
        return ""
    return whatsapp_url(decrypt(commitment.contact_cipher), for_donor(template, commitment)[1])


def donor_to_place_url(commitment, contact, lines):
    """Return a wa.me link with which the donor writes to the person in charge, or "" without a number."""
    if not contact.phone:
        return ""
    return whatsapp_url(contact.phone, _between("messages/donor_to_place.txt", commitment, contact, lines)[1])


def place_to_donor_url(commitment, contact, lines):
    """Return the link with which the person in charge writes to the donor: wa.me for a number, else mailto."""
    subject, text = _between("messages/place_to_donor.txt", commitment, contact, lines)
    address = decrypt(commitment.contact_cipher)
    if commitment.contact_channel == EMAIL:
        return f"mailto:{address}?subject={quote(subject)}&body={quote(text)}"
    return whatsapp_url(address, text)


def _between(template, commitment, contact, lines):
    here = [line for line in lines if line.need.location_id == contact.location_id]
    return compose(template, commitment=commitment, contact=contact, place=contact.location, lines=here)


# --- Occasions --------------------------------------------------------------------------------------------------------
def submitted(commitment, lines, *, now):
    """Return the letter with which the donor proves her address, to be posted with the commitment."""
    return donor_letter("messages/donor_prove.txt", commitment, lines=lines, now=now)


def registered(commitment, *, now):
    """Tell donor and place that a promise stands; one that waits for staff is told of to the donor alone."""
    if commitment.needs_review:
        to_donor(REVIEW, commitment, now=now)
        return
    to_donor("messages/donor_registered.txt", commitment, now=now)
    to_places("messages/place_registered.txt", commitment, now=now)


def reminder(commitment, *, now):
    """Remind the donor that her promise has no day yet."""
    to_donor("messages/donor_reminder.txt", commitment, now=now)


def accepted(commitment, *, now):
    """Tell both sides the day for which the promise was accepted."""
    to_donor("messages/donor_accepted.txt", commitment, now=now)
    to_places("messages/place_accepted.txt", commitment, now=now)


def date_proposed(commitment, *, now):
    """Tell the other side which day one of them proposes."""
    if commitment.proposed_by == Party.DONOR:
        to_places("messages/place_date_proposed.txt", commitment, now=now)
    else:
        to_donor("messages/donor_date_proposed.txt", commitment, now=now)


def date_agreed(commitment, *, now):
    """Tell both sides the day they agreed on."""
    to_donor("messages/donor_date_agreed.txt", commitment, now=now)
    to_places("messages/place_date_agreed.txt", commitment, now=now)


def sent(commitment, *, now):
    """Tell the place that its packages are on their way."""
    to_places("messages/place_sent.txt", commitment, now=now)


def cancelled(commitment, *, now):
    """Tell the donor, and a place that knew of it, that a promise was cancelled."""
    to_donor("messages/donor_cancelled.txt", commitment, now=now)
    _tell_places_it_ended(commitment, now)


def rejected(commitment, *, now):
    """Tell the donor that her promise was not accepted, and why."""
    to_donor("messages/donor_rejected.txt", commitment, now=now)


def expired(commitment, *, now):
    """Tell the donor, and a place that knew of it, that a promise lapsed."""
    to_donor("messages/donor_expired.txt", commitment, now=now)
    _tell_places_it_ended(commitment, now)


def _tell_places_it_ended(commitment, now):
    """A place that never heard of the promise need not hear of its end."""
    if commitment.registered_at and not commitment.needs_review:
        to_places("messages/place_ended.txt", commitment, now=now)


def received(commitment, delivery, *, now):
    """Tell the donor what was counted on arrival."""
    outcomes = delivery.lines.select_related("line__need__package").order_by("pk")
    to_donor(
        "messages/donor_received.txt",
        commitment,
        now=now,
        delivery=delivery,
        outcomes=outcomes,
        report_url=page("collaboration", commitment.code),
    )


def link_again(commitment, *, now):
    """Send the donor her private link anew."""
    to_donor("messages/donor_link.txt", commitment, now=now)


def late(commitment, *, now):
    """Ask both sides about a promise whose day has passed."""
    to_donor("messages/donor_late.txt", commitment, now=now)
    to_places("messages/place_late.txt", commitment, now=now)


# --- Money ------------------------------------------------------------------------------------------------------------
def fund_pledged(contribution, *, now):
    """Tell the giver of money where to pay it in, with her private link."""
    _to_funder("messages/fund_pledged.txt", contribution, now)


def fund_received(contribution, *, now):
    """Tell the giver that her money arrived."""
    _to_funder("messages/fund_received.txt", contribution, now)


def fund_link_again(contribution, *, now):
    """Send the giver of money her private link anew."""
    _to_funder("messages/fund_link.txt", contribution, now)


def _to_funder(template, contribution, now):
    contact = _address(contribution.contact_cipher)
    if "@" in contact:
        subject, body = compose(template, contribution=contribution, url=contribution_url(contribution))
        outbox.post(contact, subject, body, now=now)


# --- Complaints -------------------------------------------------------------------------------------------------------
def complaint_received(complaint, *, now):
    """Send the code with which a complaint is followed."""
    _to_complainant("messages/complaint_received.txt", complaint, now)


def complaint_answered(complaint, *, now):
    """Send what staff answered to a complaint, or why they closed it."""
    _to_complainant("messages/complaint_answered.txt", complaint, now)


def complaint_whatsapp_url(complaint):
    """Return a wa.me link with which staff tell what became of a complaint, or "" without a number to write to."""
    if complaint.contact_channel != WHATSAPP:
        return ""
    name = "answered" if complaint.state in DONE else "received"
    return whatsapp_url(
        decrypt(complaint.contact_cipher), _for_complainant(f"messages/complaint_{name}.txt", complaint)[1]
    )


def _for_complainant(template, complaint):
    code = complaint_code(complaint)
    words = complaint.events.exclude(text="").order_by("pk").last()
    return compose(template, complaint=complaint, code=code, url=page("complaint", code), words=words)


def _to_complainant(template, complaint, now):
    if complaint.contact_channel == EMAIL:
        subject, body = _for_complainant(template, complaint)
        outbox.post(_address(complaint.contact_cipher), subject, body, now=now)
