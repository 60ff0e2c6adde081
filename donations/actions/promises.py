"""Making a promise: all lines or none, once per key, never more than is left."""

import hashlib
import json
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from donations.errors import CounterRefused, KeyReused, NotEnoughLeft, Refused, TooOften
from donations.models import Commitment, CommitmentLine, CommitmentState, EntryKind, IdempotencyKey
from ksbb.core import audit, outbox, throttle
from ksbb.core.crypto import encrypt, link_hash, new_code, private_link, public_code
from ksbb.core.rows import insert
from locations.models import Need

from . import ledger, messages
from .commitments import GRACE_DAYS, last_moment
from .givers import EMAIL, MOST_MAILS, GiverDetails, face_of, giver_of, mails_to, normalise_contact
from .ledger import Fact
from .promise_rules import PromiseTerms, check_open, check_open_promises, check_terms, closed, hold_time, needs_review

# One address holds so many packages a day for each promise that it may make in an hour: else a single machine, with a
# new mail address each time, would hold what the whole city lacks.
PACKAGES_EACH = 25


def promise(*, lines, giver: GiverDetails, terms: PromiseTerms, key, now, by=None, needs=None, visitor=None):
    """Promise `lines` (a dict of need pk → packages) for a giver: all are reserved, or none.

    The same `key` with the same payload returns the same commitment again; with another payload KeyReused is raised.
    Raises NotEnoughLeft (which lines, and what is left now) when somebody was quicker, TooOften when `visitor` (the
    address it comes from) made too many of late, Refused for bad input. Who has read the `needs` already, with
    what belongs to them (see `needs_of`), may hand them over.
    """
    needs = needs_of(lines, needs)
    commitment, rows, letter = _draft(needs, lines, giver, terms, now)
    try:
        with transaction.atomic():
            if known := _claim(key, _payload(lines, giver, terms), commitment.code, now):
                return known
            check_terms(needs, terms, now)
            _enter_giver(commitment, giver, by, now)
            declared = [f"{statement.slug} v{statement.version}" for statement in terms.statements]
            packages = sum(lines.values())
            audit.record(
                "commitment.submitted", commitment.code, by=by, now=now, packages=packages, statements=declared
            )
            outbox.put(letter)
            # Last the locks that others wait for: everybody behind one address, then everybody at one need.
            _check_visitor(visitor, packages, giver, now)
            ledger.write(_reserved(rows), now=now, by=by)
    except CounterRefused:
        raise NotEnoughLeft(_short_lines(lines)) from None
    return commitment


def _payload(lines, giver, terms):
    return _digest(sorted(lines.items()), vars(giver), vars(terms))


def _digest(*parts):
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).digest()


def _key_hash(key):
    return hashlib.sha256(f"promise:{key}".encode()).digest()


def _claim(key, payload, code, now, by=None):
    """Bind a key to what is about to be made, or return what it made before.

    A double click waits here for the first one, before it could count as one promise too many.
    """
    row = IdempotencyKey(key_hash=_key_hash(key), payload_hash=payload, result=code, created_at=now, created_by=by)
    insert([row], "ON CONFLICT (key_hash) DO NOTHING")
    if row.pk:
        return None
    known = IdempotencyKey.objects.get(key_hash=row.key_hash)
    if bytes(known.payload_hash) != payload:
        raise KeyReused(_("Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman dan coba lagi."))
    return Commitment.objects.get(code=known.result)


def _short_lines(lines):
    needs = Need.objects.filter(pk__in=lines).select_related("location", "package").order_by("pk")
    return [(need, lines[need.pk], need.remaining) for need in needs if need.remaining < lines[need.pk]]


def _draft(needs, lines, giver, terms, now):
    """Prepare the commitment, its lines and the mail before anybody has to wait for it; nothing is written."""
    channel, contact = normalise_contact(giver.contact)
    code = public_code()
    commitment = Commitment(
        code=code,
        aggregator=terms.aggregator,
        program_id=needs[0].package.program_id,
        submitted_at=now,
        expires_at=now + hold_time(needs, lines),
        window_start=terms.window_start,
        window_end=terms.window_end,
        equivalent=terms.equivalent,
        statement=next(iter(terms.statements), None),
        contact_cipher=encrypt(contact),
        contact_channel=channel,
        proof_code=new_code(6),
        proof_hash=link_hash(private_link("proof", code)) if channel == EMAIL else None,
        link_hash=link_hash(private_link("commitment", code)),
        needs_review=needs_review(needs, lines),
    )
    rows = _lines_of(commitment, needs, lines)
    return commitment, rows, messages.submitted(commitment, rows, now=now)


def _enter_giver(commitment, giver, by, now):
    """Write the commitment under its giver's face; the giver stays locked, however fast she clicks."""
    person, is_new = giver_of(normalise_contact(giver.contact)[1], giver.name, now=now)
    if not (is_new or by):
        check_open_promises(person)
    commitment.collaborator = face_of(person, giver, is_new=is_new)
    insert([commitment])


def _check_visitor(visitor, packages, giver, now):
    """Refuse an address that made too many promises in this hour, or holds too many packages of this day; and a contact
    that was sent too many mails today.
    """
    if not (visitor and settings.PROMISE_LIMIT):
        return
    promise_ = throttle.Step("promise", visitor, 1, *throttle.hour_of(now))
    hold = throttle.Step("promise-packages", visitor, packages, *throttle.day_of(now))
    mail = mails_to(normalise_contact(giver.contact)[1], now)
    made, held, mailed = throttle.add_all(promise_, hold, mail)
    if made > settings.PROMISE_LIMIT:
        raise TooOften(until=promise_.until)
    if held - packages >= settings.PROMISE_LIMIT * PACKAGES_EACH:
        raise TooOften(until=hold.until)
    if mailed > MOST_MAILS:
        raise TooOften(until=mail.until, contact=True)


def _lines_of(commitment, needs, lines):
    return [CommitmentLine(commitment=commitment, need=need, quantity=lines[need.pk]) for need in needs]


def _reserved(rows):
    return [Fact(EntryKind.PROMISED, row.quantity, line=row) for row in rows]


def needs_of(lines, known=None):
    """Return the needs of `lines` in key order, each with its place (area, kind), package (programme) and version.

    Some may be `known` already. Refused when nothing is promised, a need does not exist, or they are of two programmes.
    """
    if not lines or any(quantity < 1 for quantity in lines.values()):
        raise Refused(_("Isi jumlah paket untuk sedikitnya satu kebutuhan."), field="lines")
    parts = ("location__area", "location__kind", "package__program", "package_version")
    known = Need.objects.filter(pk__in=lines).select_related(*parts) if known is None else known
    needs = sorted((need for need in known if need.pk in lines), key=lambda need: need.pk)
    if len(needs) != len(lines):
        raise closed()
    if len({need.package.program_id for need in needs}) > 1:
        raise Refused(_("Satu janji hanya untuk satu program. Buat janji lain untuk program lain."), field="lines")
    return needs


def enter_confirmed(*, lines, collaborator, scheduled_on, now, by, aggregator=None, at=None, key=""):
    """Staff or an import enter a promise that is already accepted (*terkonfirmasi*); returns the commitment.

    Capacity is guarded as for everybody: NotEnoughLeft names the lines that do not fit. A form's `key` makes a second
    click answer with the first one's commitment.
    """
    payload = _digest(sorted(lines.items()), collaborator.pk, scheduled_on, aggregator and aggregator.pk)
    needs = needs_of(lines)
    try:
        with transaction.atomic():
            code = public_code()
            if known := key and _claim(key, payload, code, now, by):
                return known
            check_open(needs)
            return _enter(code, needs, lines, collaborator, scheduled_on, now, by, aggregator, at)
    except CounterRefused:
        raise NotEnoughLeft(_short_lines(lines)) from None


def _enter(code, needs, lines, collaborator, scheduled_on, now, by, aggregator, at):
    commitment = Commitment(
        code=code,
        collaborator=collaborator,
        aggregator=aggregator,
        program_id=needs[0].package.program_id,
        state=CommitmentState.CONFIRMED,
        submitted_at=at or now,
        registered_at=at or now,
        confirmed_at=at or now,
        scheduled_on=scheduled_on,
        expires_at=last_moment(scheduled_on + timedelta(days=GRACE_DAYS)),
        link_hash=link_hash(private_link("commitment", code)),
    )
    insert([commitment])
    audit.record("commitment.entered", code, by=by, now=now, packages=sum(lines.values()))
    facts = _reserved(_lines_of(commitment, needs, lines))
    facts += [Fact(EntryKind.ACCEPTED, fact.quantity, line=fact.line) for fact in facts]
    ledger.write(facts, now=now, by=by)
    return commitment


def forget_keys(now):
    """Delete the idempotency keys older than thirty days; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=30)).delete()[0]
