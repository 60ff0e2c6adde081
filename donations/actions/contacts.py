"""Showing a contact to staff: never by looking at a list, always by a step that is remembered."""

from django.db import transaction
from django.utils.translation import gettext as _

from ksbb.core import audit
from ksbb.core.crypto import decrypt

from . import addresses, messages


@transaction.atomic
def details(*, contact, now, by):
    """Return what staff need to reach a person in charge, as (label, text), and remember who asked."""
    audit.record("contact.viewed", contact.location.code, by=by, now=now)
    return [
        (_("Nama"), contact.name),
        (_("Jabatan"), contact.role),
        (_("WhatsApp"), contact.phone or "–"),
        (_("Surel"), contact.email or "–"),
        (_("Tautan pribadi"), addresses.location_url(contact)),
    ]


@transaction.atomic
def donor(*, commitment, now, by):
    """Return how staff reach the giver of a commitment, as (label, text), and remember who asked."""
    audit.record("donor.viewed", commitment.code, by=by, now=now)
    giver = commitment.collaborator.giver
    whatsapp = messages.state_whatsapp_url(commitment)
    return [
        (_("Nama"), decrypt(giver.name_cipher) or "–"),
        (_("Kontak"), decrypt(commitment.contact_cipher) or decrypt(giver.contact_cipher) or "–"),
        (_("Tampil sebagai"), commitment.collaborator.name),
        *([(_("Kirim lewat WhatsApp"), whatsapp)] if whatsapp else []),
    ]
