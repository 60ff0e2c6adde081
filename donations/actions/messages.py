"""The words we send: to the donor and to the person in charge, by mail through the outbox, or to copy into WhatsApp.

Each message is one template `messages/<name>.txt`: the first line is the subject, the rest the text.
"""

from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from donations.models import ContactPerson
from ksbb.core import outbox
from ksbb.core.crypto import decrypt, private_link


def absolute(path):
    """Return an address of this site for a mail; its base comes from SITE_URL, never from the request."""
    return settings.SITE_URL + path


def commitment_url(commitment):
    """Return the donor's private page of a commitment."""
    link = private_link("commitment", commitment.code, commitment.link_generation)
    return absolute(reverse("my_commitment", args=[link]))


def proof_url(commitment):
    """Return the address that proves the donor's e-mail (its GET shows a button)."""
    return absolute(reverse("prove_contact", args=[private_link("proof", commitment.code)]))


def contact_link(contact):
    """Return the secret part of a person in charge's private page."""
    return private_link("contact", contact.pk, contact.link_generation)


def location_url(contact):
    """Return the private page of a place's person in charge."""
    return absolute(reverse("my_location", args=[contact_link(contact)]))


def whatsapp_url(number, text):
    """Return a wa.me link that opens WhatsApp with this text prefilled; nothing is sent by us."""
    return f"https://wa.me/{number}?text={quote(text)}"


def proof_whatsapp_url(commitment):
    """Return the link with which a donor proves her number: a message with her code to Pokja's WhatsApp."""
    return whatsapp_url(settings.WHATSAPP_NUMBER, f"KSBB {commitment.code} {commitment.proof_code}")


def contacts_of(commitment):
    """Return the persons in charge of a commitment's places."""
    return ContactPerson.objects.filter(location__needs__lines__commitment=commitment).distinct().order_by("pk")


def compose(name, **context):
    """Return (subject, text) of a message."""
    subject, _, body = render_to_string(f"messages/{name}.txt", context).strip().partition("\n")
    return subject.strip(), body.strip()


def to_donor(name, commitment, *, now, **context):
    """Write one message to the donor; a WhatsApp contact gets none from us (no gateway): her page shows it all."""
    lines = commitment.lines.select_related("need__location__area", "need__package")
    if commitment.contact_channel == "surel":
        subject, body = compose(
            name, commitment=commitment, lines=lines, url=commitment_url(commitment), **context
        )
        outbox.post(decrypt(commitment.contact_cipher), subject, body, now=now)


def to_places(name, commitment, *, now, **context):
    """Write one message to each person in charge who has a mail address."""
    for contact in contacts_of(commitment):
        lines = commitment.lines.filter(need__location=contact.location_id).select_related("need__package")
        subject, body = compose(
            name, commitment=commitment, contact=contact, lines=lines, url=location_url(contact), **context
        )
        outbox.post(contact.email, subject, body, now=now)


def submitted(commitment, *, now):
    to_donor("donor_prove", commitment, now=now, proof_url=proof_url(commitment))


def registered(commitment, *, now):
    if commitment.needs_review:
        to_donor("donor_review", commitment, now=now)
        return
    to_donor("donor_registered", commitment, now=now)
    to_places("place_registered", commitment, now=now)


def reminder(commitment, *, now):
    to_donor("donor_reminder", commitment, now=now)


def accepted(commitment, *, now):
    to_donor("donor_accepted", commitment, now=now)
    to_places("place_accepted", commitment, now=now)


def date_proposed(commitment, *, now):
    to_donor("donor_date_proposed", commitment, now=now)


def date_agreed(commitment, *, now):
    to_donor("donor_date_agreed", commitment, now=now)
    to_places("place_date_agreed", commitment, now=now)


def sent(commitment, *, now):
    to_places("place_sent", commitment, now=now)


def cancelled(commitment, *, now):
    to_donor("donor_cancelled", commitment, now=now)
    to_places("place_cancelled", commitment, now=now)


def rejected(commitment, *, now):
    to_donor("donor_rejected", commitment, now=now)


def expired(commitment, *, now):
    to_donor("donor_expired", commitment, now=now)


def received(commitment, delivery, *, now):
    to_donor("donor_received", commitment, now=now, delivery=delivery)


def link_again(commitment, *, now):
    to_donor("donor_link", commitment, now=now)


def late(commitment, *, now):
    to_donor("donor_late", commitment, now=now)
    to_places("place_late", commitment, now=now)
