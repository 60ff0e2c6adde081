"""Erasing a person or a family (UU 27/2022, article 8): whom it was about is gone, every figure stays.

The ledger names no person, so nothing in it changes: gifts become gifts of "Hamba Allah", receipts those of a family
that no number leads to any more.
"""

import secrets
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from donations import kk
from donations.errors import NotPossible
from donations.models import Attribution, Collaborator, Commitment, Complaint, ContactPerson, Contribution, Giver
from donations.models.collaborator import NOBODY
from donations.models.household import Household
from ksbb.core import audit
from ksbb.core.crypto import contact_fingerprint, decrypt, new_code
from ksbb.core.models import OutboxMessage

from . import kk_keys
from .givers import normalise_contact


@dataclass(frozen=True)
class Erased:
    """How many rows named the person: faces of gifts, promises, contributions, places, complaints, messages."""

    faces: int = 0
    commitments: int = 0
    contributions: int = 0
    places: int = 0
    complaints: int = 0
    messages: int = 0


@sensitive_variables()
@transaction.atomic
def erase_person(*, contact, now, by=None):
    """Forget who is behind an e-mail address or WhatsApp number; returns Erased.

    Raises NotPossible while she has a promise under way: it is cancelled or delivered first. Refused for no contact.
    """
    _channel, contact = normalise_contact(contact)
    giver = Giver.objects.filter(contact_hash=contact_fingerprint(contact)).first()
    promises = Commitment.objects.filter(collaborator__giver=giver) if giver else Commitment.objects.none()
    if under_way := list(promises.holding().values_list("code", flat=True)):
        raise NotPossible(_("Masih ada janji yang berjalan: %s.") % ", ".join(under_way))
    erased = Erased(
        faces=_hide_faces(giver),
        commitments=promises.update(contact_cipher=b"", contact_channel="", link_hash=None, proof_hash=None),
        contributions=_of(Contribution, contact).update(contact_cipher=b"", link_hash=None),
        places=_leave_places(contact),
        complaints=_of(Complaint, contact).update(contact_cipher=b"", contact_channel=""),
        messages=_forget_messages([contact, *promises.values_list("code", flat=True)]),
    )
    audit.record("person.erased", giver.pk if giver else "–", by=by, now=now, **asdict(erased))
    return erased


def _of(model, contact):
    """Return the rows whose cipher holds this contact. Ciphers differ each time, so all of them are opened."""
    ciphers = model.objects.exclude(contact_cipher=b"").values_list("pk", "contact_cipher").iterator()
    return model.objects.filter(pk__in=[pk for pk, cipher in ciphers if decrypt(cipher) == contact])


def _forget_messages(traces):
    """Delete the messages with her contact or one of her promises in them, whoever they went to."""
    ciphers = OutboxMessage.objects.values_list("pk", "recipient_cipher", "body_cipher").iterator()
    opened = ((pk, decrypt(to) + decrypt(body)) for pk, to, body in ciphers)
    about = [pk for pk, text in opened if any(trace in text for trace in traces)]
    return OutboxMessage.objects.filter(pk__in=about).delete()[0]


def _hide_faces(giver):
    """Make each of a giver's faces one of an anonymous gift; return how many there were. The giver stays, unknown."""
    if giver is None:
        return 0
    Giver.objects.filter(pk=giver.pk).update(contact_hash=None, contact_cipher=b"", name_cipher=b"")
    faces = list(Collaborator.objects.filter(giver=giver))
    for face in faces:
        face.slug, face.name = f"hamba-allah-{new_code(10).lower()}", NOBODY
        face.attribution, face.about, face.website = Attribution.ANONYMOUS, "", ""
    return Collaborator.objects.bulk_update(faces, ["slug", "name", "attribution", "about", "website"])


def _leave_places(contact):
    """Clear the persons in charge with this contact; their private links are void."""
    mine = [
        person.pk
        for person in ContactPerson.objects.iterator()
        if contact in (person.email.lower(), _mobile(person.phone))
    ]
    persons = ContactPerson.objects.filter(pk__in=mine)
    return persons.update(name_cipher=b"", phone_cipher=b"", email_cipher=b"", link_hash=None)


def _mobile(number):
    return normalise_contact(number)[1] if number else ""


@sensitive_variables()
@transaction.atomic
def erase_household(*, number, now, by=None):
    """Forget that a KK number stands on a list; returns whether it did. Its receipts stay, of an unknown family."""
    kk_keys.hold(shared=True)
    family = Household.objects.filter(fingerprint__in=kk.layers(number, settings.KK_KEYS)).first()
    if family is None:
        return False
    Household.objects.filter(pk=family.pk).update(fingerprint=secrets.token_bytes(32), members=None)
    for receipt in family.receipts.all():
        type(receipt).objects.filter(pk=receipt.pk).update(code_hash=secrets.token_bytes(32))
    audit.record("household.erased", family.pk, by=by, now=now)
    return True
