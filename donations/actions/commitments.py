"""Moving a promise through its life: prove, accept, date, send, cancel, reject, expire, complete."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.errors import NotPossible
from donations.models import Commitment, CommitmentState, Disclosure, EntryKind, LedgerEntry, Party
from donations.models.commitment import ON_ITS_WAY, TRANSITIONS
from ksbb.core import audit, throttle
from ksbb.core.crypto import link_hash, private_link

from . import ledger, messages
from .ledger import Fact
from .promise_rules import check_date, explain_review
from .states import move

REPLY_TIME = timedelta(hours=48)
TIME_TO_AGREE = timedelta(hours=24)
GRACE_DAYS = 7
# Shown to one visitor in a day; beyond them staff look first. Else whoever proves mailbox after mailbox, each with a
# package for many places, would have the telephone numbers of a whole city by the evening.
MOST_CONTACTS = 100


def transition(commitment, action, *, version=None, **changes):
    """Move `commitment` by `action` and set `changes` with it (`states.move` says what may be refused)."""
    move(commitment, action, TRANSITIONS, version=version, **changes)


def lines_of(commitment):
    """Return a commitment's lines with all that facts about them need, in need order."""
    return list(
        commitment.lines.select_related("need__location__area", "need__package", "commitment__collaborator").order_by(
            "need_id", "pk"
        )
    )


def moved_facts(lines, kind, count, *, reason=""):
    """Return one fact of `kind` per line for which `count(line)` is above zero."""
    return [Fact(kind, count(line), line=line, reason=reason) for line in lines if count(line)]


@transaction.atomic
def register(*, commitment, now, by=None, visitor=None):
    """The giver's contact is proved: by the link in her mail (`by` None) or by staff who read her WhatsApp message.

    The donor now has 2×24 h to get in touch; the place's contact is disclosed (logged), unless staff must look first:
    also when very many were shown of late to this `visitor` (the address it comes from).
    After a proof by mail the private link is a new one: only who reads that mailbox has it. Raises NotPossible when
    the hold has run out.
    """
    if commitment.expires_at and commitment.expires_at <= now:
        raise NotPossible(_("Waktu untuk membuktikan kontak sudah lewat. Silakan buat janji baru."))
    generation = commitment.link_generation + (commitment.contact_channel == "surel")
    transition(
        commitment,
        "register",
        registered_at=now,
        expires_at=now + REPLY_TIME,
        proof_hash=None,
        proof_code="",
        link_generation=generation,
        link_hash=link_hash(private_link("commitment", commitment.code, generation)),
        needs_review=commitment.needs_review or _has_seen_many(visitor, commitment, now),
    )
    audit.record("commitment.registered", commitment.code, by=by, now=now)
    if commitment.needs_review:
        explain_review(commitment)
    else:
        _disclose(commitment, now)
    messages.registered(commitment, now=now)


@transaction.atomic
def review(*, commitment, now, by):
    """Staff have looked at a promise that waited for them; the contact is disclosed and the 2×24 h start now."""
    updated = Commitment.objects.filter(pk=commitment.pk, needs_review=True, state=CommitmentState.REGISTERED).update(
        needs_review=False, expires_at=now + REPLY_TIME, version=F("version") + 1
    )
    if not updated:
        raise NotPossible(_("Kolaborasi ini tidak sedang menunggu pemeriksaan."))
    commitment.refresh_from_db()
    audit.record("commitment.reviewed", commitment.code, by=by, now=now)
    _disclose(commitment, now)
    messages.registered(commitment, now=now)


def _has_seen_many(visitor, commitment, now):
    if not visitor:
        return False
    many, (since, until) = messages.contacts_of(commitment).count(), throttle.day_of(now)
    return throttle.add("contacts", visitor, many, since=since, until=until) > MOST_CONTACTS


def _disclose(commitment, now):
    for contact in messages.contacts_of(commitment):
        _shown, new = Disclosure.objects.get_or_create(contact=contact, commitment=commitment, defaults={"at": now})
        if new:
            audit.record("contact.disclosed", commitment.code, now=now, contact=contact.pk)


def last_moment(day):
    """Return the first moment (WIB) after a date."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


@transaction.atomic
def accept(*, commitment, date, now, by=None, version=None):
    """The place's person in charge (`by` None) or staff accept the promise for a date: from now on it is *komitmen*.

    Seven days after the date the capacity returns unless a new date is agreed.
    """
    check_date(date, now)
    if commitment.needs_review and by is None:
        raise NotPossible(_("Kolaborasi ini masih diperiksa oleh Pokja."))
    _disclose(commitment, now)
    transition(
        commitment,
        "accept",
        version=version,
        confirmed_at=now,
        scheduled_on=date,
        proposed_on=None,
        proposed_by="",
        needs_review=False,
        expires_at=last_moment(date + timedelta(days=GRACE_DAYS)),
    )
    audit.record("commitment.accepted", commitment.code, by=by, now=now, date=date.isoformat())
    messages.accepted(commitment, now=now)
    lines = lines_of(commitment)
    ledger.write(moved_facts(lines, EntryKind.ACCEPTED, lambda line: line.reserved - line.committed), now=now, by=by)


@transaction.atomic
def propose_date(*, commitment, date, now, by=None, party=Party.PLACE):
    """One of the two asks the other for another date; nothing moves before the other agrees.

    A place that asks a donor leaves her at least 24 h to answer, so that the hold does not lapse under her hands.
    """
    check_date(date, now)
    changes = {"proposed_on": date, "proposed_by": party, "version": F("version") + 1}
    if commitment.state == CommitmentState.REGISTERED and party == Party.PLACE:
        changes["expires_at"] = max(commitment.expires_at, now + TIME_TO_AGREE)
    open_to_dates = Commitment.objects.filter(
        state__in=[CommitmentState.REGISTERED, *ON_ITS_WAY], needs_review=False, version=commitment.version
    )
    if not open_to_dates.filter(pk=commitment.pk).update(**changes):
        raise NotPossible(_("Tanggal tidak dapat diubah lagi."))
    commitment.refresh_from_db()
    audit.record("commitment.date_proposed", commitment.code, by=by, now=now, date=date.isoformat(), party=party)
    messages.date_proposed(commitment, now=now)


def agree_date(*, commitment, now, party=Party.DONOR):
    """One party agrees to the date the other asked for: it is accepted, or moved when it was accepted before."""
    if not commitment.proposed_on or commitment.proposed_by == party:
        raise NotPossible(_("Tidak ada tanggal baru yang diminta."))
    act = accept if commitment.state == CommitmentState.REGISTERED else postpone
    act(commitment=commitment, date=commitment.proposed_on, now=now)


@transaction.atomic
def postpone(*, commitment, date, now, by=None):
    """A new date is agreed for an accepted promise; the seven days count from it."""
    check_date(date, now)
    transition(
        commitment,
        "postpone",
        scheduled_on=date,
        proposed_on=None,
        proposed_by="",
        reminded=0,
        expires_at=last_moment(date + timedelta(days=GRACE_DAYS)),
    )
    audit.record("commitment.postponed", commitment.code, by=by, now=now, date=date.isoformat())
    messages.date_agreed(commitment, now=now)


@transaction.atomic
def send(*, commitment, now, by=None):
    """The donor or her aggregator says that the packages are on their way."""
    transition(commitment, "send")
    audit.record("commitment.sent", commitment.code, by=by, now=now)
    messages.sent(commitment, now=now)


@transaction.atomic
def cancel(*, commitment, reason, now, by=None, version=None):
    """The donor (`by` None) or staff take back what has not arrived; the capacity returns at once.

    What was delivered stays delivered: then the promise ends as partly received.
    """
    lines = lines_of(commitment)
    action = "receive_partly" if any(line.delivered for line in lines) else "cancel"
    transition(commitment, action, version=version, reason=reason, expires_at=None)
    audit.record("commitment.cancelled", commitment.code, by=by, now=now, reason=reason)
    messages.cancelled(commitment, now=now)
    give_capacity_back(lines, EntryKind.REVOKED, EntryKind.WITHDRAWN, reason=reason, now=now, by=by)


@transaction.atomic
def reject(*, commitment, reason, now, by=None, version=None):
    """The place or staff decline a promise that is not accepted yet."""
    transition(commitment, "reject", version=version, reason=reason, expires_at=None)
    audit.record("commitment.rejected", commitment.code, by=by, now=now, reason=reason)
    messages.rejected(commitment, now=now)
    give_capacity_back(lines_of(commitment), EntryKind.REJECTED, EntryKind.WITHDRAWN, reason=reason, now=now, by=by)


@transaction.atomic
def expire(*, commitment, now):
    """The hold, the time to reply or the agreed date has run out: the capacity returns."""
    lines = lines_of(commitment)
    action = "receive_partly" if any(line.delivered for line in lines) else "expire"
    transition(commitment, action, expires_at=None)
    audit.record("commitment.expired", commitment.code, now=now)
    messages.expired(commitment, now=now)
    give_capacity_back(lines, EntryKind.LAPSED, EntryKind.OVERDUE, now=now)


def give_capacity_back(lines, open_kind, accepted_kind, *, now, by=None, reason=""):
    """Return what the lines still hold to their needs, and the money matched to untouched lines to its balance."""
    facts = moved_facts(lines, open_kind, lambda line: line.reserved - line.committed, reason=reason)
    facts += moved_facts(lines, accepted_kind, lambda line: line.outstanding, reason=reason)
    facts += _freed_money([line for line in lines if not line.delivered])
    ledger.write(facts, now=now, by=by)


def _freed_money(lines):
    uses = LedgerEntry.objects.filter(
        line__in=lines, kind=EntryKind.FUND_USED, reverses=None, reversed_by=None
    ).select_related("contribution")
    by_line = {line.pk: line for line in lines}
    reason = _("Janji berakhir sebelum disalurkan.")
    return [
        Fact(
            EntryKind.FUND_USED,
            -use.quantity,
            line=by_line[use.line_id],
            contribution=use.contribution,
            reverses=use,
            reason=reason,
        )
        for use in uses
    ]


@transaction.atomic
def complete(*, commitment, now, by):
    """Staff close a promise whose report is complete."""
    transition(commitment, "complete", completed_at=now)
    audit.record("commitment.completed", commitment.code, by=by, now=now)
