"""Private links sent anew, to nobody but the contact that was given with the promise or the money."""

import hmac

from django.db import transaction

from donations.errors import Refused
from donations.models import Commitment, Contribution
from ksbb.core import audit, throttle
from ksbb.core.crypto import decrypt

from . import messages
from .givers import EMAIL, normalise_contact

MOST_PER_CODE = 3


@transaction.atomic
def send_again(*, code, contact, now):
    """Send the private link of a commitment or contribution to its contact, when that is the `contact` given.

    Returns nothing and refuses nothing, so that the caller's answer is the same for every code and contact. At most
    three an hour per code; a WhatsApp contact gets none from us (staff answer there).
    """
    commitment = Commitment.objects.filter(code=code).first()
    contribution = Contribution.objects.filter(reference=code).first()
    asked = commitment or contribution
    often = throttle.hit("link-for", code, now) > MOST_PER_CODE
    if asked is None or often or not _is_contact_of(asked, contact):
        return
    audit.record("link.sent_again", code, now=now)
    if commitment is None:
        messages.fund_link_again(contribution, now=now)
    elif commitment.contact_channel == EMAIL:
        messages.link_again(commitment, now=now)


def _is_contact_of(asked, contact):
    known = decrypt(asked.contact_cipher)
    try:
        typed = normalise_contact(contact)[1]
    except Refused:
        return False
    return bool(known) and hmac.compare_digest(known.encode(), typed.encode())
