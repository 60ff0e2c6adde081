"""Who gives: the private giver behind a contact, and the public face of each gift."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify
from django.utils.translation import gettext as _

from donations.errors import Refused
from donations.models import Attribution, Collaborator, Giver
from ksbb.core.crypto import contact_fingerprint, encrypt, new_code

EMAIL, WHATSAPP = "surel", "whatsapp"


@dataclass(frozen=True)
class GiverDetails:
    """Who gives: the contact as typed (e-mail or WhatsApp number), the real name, and how the gift shows it."""

    contact: str
    name: str
    category: str
    attribution: str = Attribution.NAMED
    alias: str = ""


def normalise_contact(text):
    """Return (channel, contact) of an e-mail address or Indonesian mobile number; Refused when it is neither."""
    text = text.strip()
    if "@" in text:
        try:
            validate_email(text)
        except ValidationError:
            raise Refused(_("Alamat surel ini tidak lengkap. Contoh: nama@contoh.id"), field="contact") from None
        return EMAIL, text.lower()
    digits = re.sub(r"[^0-9]", "", text)
    digits = "62" + digits[1:] if digits.startswith("0") else digits
    if not re.fullmatch(r"628[0-9]{7,11}", digits):
        raise Refused(_("Isi alamat surel atau nomor WhatsApp, contoh 0812 3456 7890."), field="contact")
    return WHATSAPP, digits


def giver_of(contact, name, *, now):
    """Return the giver known by this normalised contact, made when new."""
    return Giver.objects.get_or_create(
        contact_hash=contact_fingerprint(contact),
        defaults={"contact_cipher": encrypt(contact), "name_cipher": encrypt(name), "created_at": now},
    )[0]


def face_of(giver, details):
    """Return the public face of a gift: the giver's under that name or alias, or a new one when anonymous."""
    if details.attribution == Attribution.ANONYMOUS:
        return Collaborator.objects.create(
            giver=giver,
            slug=f"hamba-allah-{new_code(10).lower()}",
            name="Hamba Allah",
            category=details.category,
            attribution=Attribution.ANONYMOUS,
        )
    name = details.alias if details.attribution == Attribution.ALIAS else details.name
    known = giver.faces.filter(name=name, attribution=details.attribution, category=details.category).first()
    return known or Collaborator.objects.create(
        giver=giver,
        slug=free_slug(name),
        name=name,
        category=details.category,
        attribution=details.attribution,
    )


def free_slug(name):
    """Return a slug for a collaborator's name that nobody has yet."""
    slug = slugify(name)[:60] or "kolaborator"
    return slug if not Collaborator.objects.filter(slug=slug).exists() else f"{slug}-{new_code(5).lower()}"
