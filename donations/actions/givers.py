"""Who gives: the private giver behind a contact, and the public face of each gift."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify
from django.utils.translation import gettext as _

from donations.errors import Refused
from donations.models import Attribution, Collaborator, Giver
from donations.models.collaborator import NOBODY
from ksbb.core import throttle
from ksbb.core.crypto import contact_fingerprint, encrypt, new_code
from ksbb.core.rows import insert

EMAIL, WHATSAPP = "surel", "whatsapp"
MOST_MAILS = 20  # a day to a contact that nobody has proved, however many promise in its name


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
            text.lower().rpartition("@")[2].encode("idna")  # as a mail server is told it
        except (ValidationError, UnicodeError):
            raise Refused(_("Alamat surel ini tidak lengkap. Contoh: nama@contoh.id"), field="contact") from None
        return EMAIL, text.lower()
    digits = re.sub(r"[^0-9]", "", text)
    digits = "62" + digits[1:] if digits.startswith("0") else digits
    if not re.fullmatch(r"628[0-9]{7,11}", digits):
        raise Refused(_("Isi alamat surel atau nomor WhatsApp, contoh 0812 3456 7890."), field="contact")
    return WHATSAPP, digits


def mailbox_of(contact):
    """Return where the mails to a normalised contact arrive: many servers take `budi+x@…` for `budi@…`."""
    local, at, domain = contact.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def mails_to(contact, now):
    """Return the throttle's step for one more mail, of this day, to a contact that nobody has proved."""
    return throttle.Step("mail", mailbox_of(contact), 1, *throttle.day_of(now))


def giver_of(contact, name, *, now):
    """Return (giver, whether new) of this normalised contact; whoever else uses it waits for the transaction's end."""
    giver = Giver(
        contact_hash=contact_fingerprint(contact),
        contact_cipher=encrypt(contact),
        name_cipher=encrypt(name),
        created_at=now,
    )
    insert([giver], "ON CONFLICT (contact_hash) DO NOTHING")
    if giver.pk:
        return giver, True
    return Giver.objects.select_for_update().get(contact_hash=giver.contact_hash), False


def face_of(giver, details, *, is_new=False):
    """Return the public face of a gift: the giver's under that name or alias, or a new one when anonymous."""
    if details.attribution == Attribution.ANONYMOUS:
        return _new_face(giver, details, NOBODY, slug=f"hamba-allah-{new_code(10).lower()}")
    name = details.alias if details.attribution == Attribution.ALIAS else details.name
    same = {"name": name, "attribution": details.attribution, "category": details.category}
    known = None if is_new else giver.faces.filter(**same).first()
    return known or _new_face(giver, details, name, slug=slugify(name)[:60] or "kolaborator")


def _new_face(giver, details, name, slug):
    """Make a face; its slug is told apart when another has it."""
    face = Collaborator(giver=giver, slug=slug, name=name, category=details.category, attribution=details.attribution)
    insert([face], "ON CONFLICT (slug) DO NOTHING")
    if not face.pk:
        face.slug = apart(slug)
        insert([face])
    return face


def apart(slug):
    """Return a slug like this one that nobody has, short of a chance of one in thirty million."""
    return f"{slug}-{new_code(5).lower()}"


def free_slug(name):
    """Return a slug for a collaborator's name that nobody has yet."""
    slug = slugify(name)[:60] or "kolaborator"
    return slug if not Collaborator.objects.filter(slug=slug).exists() else apart(slug)
