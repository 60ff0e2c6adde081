"""The addresses that messages and pages of staff give away: private links, each known to one person, and WhatsApp's."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from ksbb.core.crypto import private_code, private_link


def page(name, *args):
    """Return the absolute address of a page by its URL name; its base comes from SITE_URL, never from a request."""
    with override("id"):
        return settings.SITE_URL + reverse(name, args=args)


def commitment_url(commitment):
    """Return the donor's private page of a commitment."""
    return page("my_commitment", private_link("commitment", commitment.code, commitment.link_generation))


def proof_url(commitment):
    """Return the address that proves the donor's e-mail (its GET shows a button)."""
    return page("prove_contact", private_link("proof", commitment.code))


def contribution_url(contribution):
    """Return the donor's private page of a contribution."""
    return page("my_contribution", private_link("contribution", contribution.reference))


def contact_link(contact):
    """Return the secret part of a person in charge's private page."""
    return private_link("contact", contact.pk, contact.link_generation)


def complaint_code(complaint):
    """Return the secret code with which the person who complained finds the complaint again."""
    return private_code("complaint", complaint.number)


def location_url(contact):
    """Return the private page of a place's person in charge."""
    return page("my_location", contact_link(contact))


def whatsapp_url(number, text):
    """Return a wa.me link that opens WhatsApp with this text prefilled; nothing is sent by us."""
    return f"https://wa.me/{number}?text={quote(text)}"
