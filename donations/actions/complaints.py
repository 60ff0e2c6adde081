"""Complaints: submitted by anybody, taken and answered by staff within seven working days, reopened, closed."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from donations import workdays
from donations.errors import KeyReused, NotPossible, Refused
from donations.models import Commitment, Complaint, ComplaintEvent, ComplaintState
from donations.models.complaint import COMPLAINT_TRANSITIONS, DONE, OPEN
from ksbb.core import audit
from ksbb.core.crypto import decrypt, encrypt, link_hash, new_code, private_code
from ksbb.core.privacy import mask
from locations.models import Location

from . import messages
from .givers import normalise_contact
from .ledger import wib_day
from .states import move

WORKING_DAYS = 7
TIME_TO_REOPEN = timedelta(days=14)
CONTACT_KEPT = timedelta(days=90)
LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class Subject:
    """What a complaint is about: a place, a collaboration, a page of ours with one of its figures, or none of them."""

    location: Location | None = None
    commitment: Commitment | None = None
    page: str = ""
    figure: str = ""


def new_number():
    """Return the number of a complaint for staff, e.g. `ADU-7F3K-Q2MD`. It opens nothing: the code does."""
    return f"ADU-{new_code(4)}-{new_code(4)}"


def due_day(day):
    """Return the last day for an answer: the seventh working day after `day`, without settings.HOLIDAYS."""
    return workdays.last_day(day, WORKING_DAYS, settings.HOLIDAYS)


def submit(*, number, category, text, subject, now, contact=""):
    """Take in a complaint; returns it. KK numbers and private links in its words are masked before they are stored.

    `number` is made by the form: sending it twice makes one complaint, sending it with other content raises KeyReused.
    Raises Refused for a text that is empty or too long, or a contact that is none.
    """
    text, subject = mask(text.strip()), _masked(subject)
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise Refused(_("Tulis apa yang terjadi, paling banyak 2.000 huruf."), field="text")
    channel, contact = normalise_contact(contact) if contact else ("", "")
    content = {"category": category, "text": text, "contact_channel": channel, **vars(subject)}
    try:
        return _same(number, content, contact) or _submit(number, content, contact, now)
    except IntegrityError:
        # The same number came twice at once: by now the other one has committed.
        return _same(number, content, contact)


def _masked(subject):
    return Subject(subject.location, subject.commitment, mask(subject.page)[:300], mask(subject.figure)[:120])


def _same(number, content, contact):
    known = Complaint.objects.filter(number=number).first()
    if known and (decrypt(known.contact_cipher) != contact or any(getattr(known, k) != v for k, v in content.items())):
        raise KeyReused(_("Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman dan coba lagi."))
    return known


@transaction.atomic
def _submit(number, content, contact, now):
    complaint = Complaint.objects.create(
        number=number,
        code_hash=link_hash(private_code("complaint", number)),
        contact_cipher=encrypt(contact),
        submitted_at=now,
        due_on=due_day(wib_day(now)),
        **content,
    )
    # Neither words nor subject: the audit log is read by people who may not see this complaint.
    audit.record("complaint.submitted", number, now=now, category=complaint.category)
    messages.complaint_received(complaint, now=now)
    return complaint


def _check_office(complaint, by):
    """Refuse staff whose own office the complaint is about."""
    if not Complaint.objects.not_about(by).filter(pk=complaint.pk).exists():
        raise NotPossible(_("Pengaduan ini tentang kantor Anda sendiri. Orang lain yang menanganinya."))


def _check_eyes(complaint, by):
    """Refuse who answered or closed it before: after it was reopened somebody else judges (four eyes)."""
    if complaint.state in OPEN and complaint.events.filter(state__in=DONE, by=by).exists():
        raise NotPossible(_("Anda sudah menjawab pengaduan ini. Setelah dibuka lagi, orang lain yang menjawab."))


def _step(complaint, action, now, by=None, text="", **changes):
    """Move a complaint, and write down what happened for its history and for the audit log."""
    move(complaint, action, COMPLAINT_TRANSITIONS, **changes)
    ComplaintEvent.objects.create(complaint=complaint, state=complaint.state, at=now, by=by, text=text)


@transaction.atomic
def take(*, complaint, now, by):
    """A member of staff takes a complaint, or takes it over from a colleague; never one about the own office."""
    _check_office(complaint, by)
    _step(complaint, "take", now, by, taken_by=by)
    audit.record("complaint.taken", complaint.number, by=by, now=now)


@transaction.atomic
def answer(*, complaint, text, now, by):
    """Answer a complaint that one has taken; never after it was reopened against the own answer (four eyes)."""
    _check_office(complaint, by)
    if complaint.can("answer") and complaint.taken_by_id != by.pk:
        raise NotPossible(_("Pengaduan ini ditangani %s. Ambil alih dulu, lalu jawab.") % complaint.taken_by)
    _check_eyes(complaint, by)
    first = {} if complaint.answered_at else {"answered_at": now, "answer_days": _days_taken(complaint, now)}
    _step(complaint, "answer", now, by, mask(text.strip()), reopen_until=now + TIME_TO_REOPEN, **first)
    audit.record("complaint.answered", complaint.number, by=by, now=now)
    messages.complaint_answered(complaint, now=now)


def _days_taken(complaint, now):
    return workdays.days_between(wib_day(complaint.submitted_at), wib_day(now), settings.HOLIDAYS)


@transaction.atomic
def close(*, complaint, reason, now, by):
    """Staff close a complaint unanswered, with a reason: sent twice, not about KSBB, or not meant in earnest."""
    _check_office(complaint, by)
    _check_eyes(complaint, by)
    _step(complaint, "close", now, by, mask(reason.strip()), reopen_until=now + TIME_TO_REOPEN)
    audit.record("complaint.closed", complaint.number, by=by, now=now)
    messages.complaint_answered(complaint, now=now)


@transaction.atomic
def reopen(*, complaint, reason, now):
    """Who complained says within fourteen days why the answer does not help; the seven working days count anew."""
    if complaint.state == ComplaintState.REOPENED and complaint.events.latest("pk").text == mask(reason.strip()):
        return  # the button was pressed twice
    if not complaint.can_reopen(now):
        raise NotPossible(_("Pengaduan ini tidak dapat dibuka lagi. Kirim pengaduan baru."))
    _step(complaint, "reopen", now, None, mask(reason.strip()), due_on=due_day(wib_day(now)), taken_by=None)
    audit.record("complaint.reopened", complaint.number, now=now)


def close_due(now, limit=500):
    """Close the answered complaints that nobody reopened in time; return how many."""
    due = Complaint.objects.to_close(now).order_by("reopen_until")[:limit]
    return sum(_close_settled(complaint, now) for complaint in due)


@transaction.atomic
def _close_settled(complaint, now):
    try:
        _step(complaint, "close", now)
    except Refused:
        return 0
    audit.record("complaint.closed", complaint.number, now=now)
    return 1


def forget_contacts(now):
    """Delete the contacts of complaints that have been closed for ninety days; return how many."""
    long_closed = Complaint.objects.filter(state=ComplaintState.CLOSED, reopen_until__lt=now - CONTACT_KEPT)
    return long_closed.exclude(contact_channel="").update(contact_cipher=b"", contact_channel="")


@transaction.atomic
def contact_details(*, complaint, now, by):
    """Return how staff reach who complained, as (label, text), and remember who asked."""
    _check_office(complaint, by)
    audit.record("complaint.contact_viewed", complaint.number, by=by, now=now)
    whatsapp = messages.complaint_whatsapp_url(complaint)
    return [
        (_("Kontak"), decrypt(complaint.contact_cipher) or "–"),
        *([(_("Kirim lewat WhatsApp"), whatsapp)] if whatsapp else []),
    ]
