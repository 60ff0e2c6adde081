"""Making a promise: all lines or none, once per key, never more than is left."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donations.errors import CounterRefused, KeyReused, NotEnoughLeft, Refused
from donations.models import (
    Aggregator,
    Commitment,
    CommitmentLine,
    CommitmentState,
    ContactPerson,
    EntryKind,
    Giver,
    IdempotencyKey,
)
from donations.models.commitment import ARRIVED, HOLDING
from ksbb.core import audit
from ksbb.core.crypto import encrypt, link_hash, new_code, private_link, public_code
from locations.models import Need
from programs.models import Statement

from . import ledger, messages
from .commitments import GRACE_DAYS, check_date, last_moment
from .givers import EMAIL, GiverDetails, face_of, giver_of, normalise_contact
from .ledger import Fact

HOLD = timedelta(hours=24)
SHORT_HOLD = timedelta(hours=2)
MOST_OPEN_PROMISES = 3


@dataclass(frozen=True)
class PromiseTerms:
    """What a promise says besides its lines: dates, an equivalent's contents, statements, aggregator."""

    window_start: date | None = None
    window_end: date | None = None
    equivalent: str = ""
    statements: tuple[Statement, ...] = ()
    aggregator: Aggregator | None = None


def promise(*, lines, giver: GiverDetails, terms: PromiseTerms, key, now, by=None):
    """Promise `lines` (a dict of need pk → packages) for a giver: all are reserved, or none.

    The same `key` with the same payload returns the same commitment again; with another payload KeyReused is raised.
    Raises NotEnoughLeft (which lines, and what is left now) when somebody was quicker, Refused for bad input.
    """
    payload = _payload(lines, giver, terms)
    try:
        return _promise_once(lines, giver, terms, key, payload, now, by)
    except IntegrityError:
        # The same key came twice at once, or two new givers of one name: by now the other one has committed.
        return _promise_once(lines, giver, terms, key, payload, now, by)


def _promise_once(lines, giver, terms, key, payload, now, by):
    known = _known(key, payload)
    if known:
        return known
    try:
        with transaction.atomic():
            return _promise(lines, giver, terms, key, payload, now, by)
    except CounterRefused:
        raise NotEnoughLeft(_short_lines(lines)) from None


def _payload(lines, giver, terms):
    return _digest(sorted(lines.items()), vars(giver), vars(terms))


def _digest(*parts):
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).digest()


def _key_hash(key):
    return hashlib.sha256(f"promise:{key}".encode()).digest()


def _known(key, payload):
    row = IdempotencyKey.objects.filter(key_hash=_key_hash(key)).first()
    if row is None:
        return None
    if bytes(row.payload_hash) != payload:
        raise KeyReused(_("Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman dan coba lagi."))
    return Commitment.objects.get(code=row.result)


def _short_lines(lines):
    needs = Need.objects.filter(pk__in=lines).select_related("location", "package").order_by("pk")
    return [(need, lines[need.pk], need.remaining) for need in needs if need.remaining < lines[need.pk]]


def _promise(lines, giver, terms, key, payload, now, by):
    channel, contact = normalise_contact(giver.contact)
    check_window(terms, now)
    needs = open_needs(lines)
    check_not_paused(needs, now)
    check_partner(terms, now)
    code = public_code()
    # The key first: a double click waits here for the first one, before it could count as one promise too many.
    IdempotencyKey.objects.create(key_hash=_key_hash(key), payload_hash=payload, result=code, created_at=now)
    person = giver_of(contact, giver.name, now=now)
    _check_open_promises(person, by)
    commitment = Commitment.objects.create(
        code=code,
        collaborator=face_of(person, giver),
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
    declared = [f"{statement.slug} v{statement.version}" for statement in terms.statements]
    audit.record("commitment.submitted", code, by=by, now=now, packages=sum(lines.values()), statements=declared)
    facts = _reserve(commitment, needs, lines)
    messages.submitted(commitment, now=now)
    ledger.write(facts, now=now, by=by)
    return commitment


def _reserve(commitment, needs, lines):
    rows = CommitmentLine.objects.bulk_create(
        [CommitmentLine(commitment=commitment, need=need, quantity=lines[need.pk]) for need in needs]
    )
    return [Fact(EntryKind.PROMISED, row.quantity, line=row) for row in rows]


def open_needs(lines):
    """Return the needs of `lines` in key order; Refused when one is closed, missing or of another programme."""
    if not lines or any(quantity < 1 for quantity in lines.values()):
        raise Refused(_("Isi jumlah paket untuk sedikitnya satu kebutuhan."), field="lines")
    needs = list(
        Need.objects.open()
        .filter(pk__in=lines)
        .select_related("location__area", "location__kind", "package__program", "package_version", "period")
        .order_by("pk")
    )
    if len(needs) != len(lines) or not all(need.package.program.is_running for need in needs):
        raise Refused(_("Salah satu kebutuhan ini sudah ditutup. Muat ulang halaman."), field="lines")
    if len({need.package.program_id for need in needs}) > 1:
        raise Refused(_("Satu janji hanya untuk satu program. Buat janji lain untuk program lain."), field="lines")
    return needs


def check_window(terms, now):
    """Refuse dates that lie in the past, too far ahead, or end before they start."""
    for name in ("window_start", "window_end"):
        if getattr(terms, name):
            check_date(getattr(terms, name), now, field=name)
    if terms.window_start and terms.window_end and terms.window_end < terms.window_start:
        raise Refused(_("Tanggal akhir tidak boleh sebelum tanggal mulai."), field="window_end")


def check_not_paused(needs, now):
    """Refuse when the person in charge of one of the places said *cukup dulu*."""
    places = {need.location_id for need in needs}
    paused = ContactPerson.objects.paused(ledger.wib_day(now)).filter(location__in=places).first()
    if paused:
        raise Refused(
            _("Tempat ini meminta cukup dulu sampai %s. Pilih tempat lain yang masih kekurangan.")
            % date_format(paused.paused_until, "j F Y"),
            field="lines",
        )


def check_partner(terms, now):
    """Refuse a distribution partner whose licence is not valid today."""
    if terms.aggregator and not terms.aggregator.valid_licence(ledger.wib_day(now)):
        raise Refused(_("Izin mitra ini tidak berlaku. Pilih mitra lain, atau antar sendiri."), field="aggregator")


def largest_slow_promise(need):
    """Return how many packages of a need one promise may take and still be held for 24 h: max(25, a fifth)."""
    return max(25, need.quantity // 5)


def hold_time(needs, lines):
    """Return how long the promise is held unproved: 24 h, or 2 h when a line takes more than max(25, a fifth)."""
    large = any(lines[need.pk] > largest_slow_promise(need) for need in needs)
    return SHORT_HOLD if large else HOLD


def needs_review(needs, lines):
    """Tell whether staff look before the contact is shown: children's institutions, many packages, much money."""
    return (
        sum(lines.values()) > settings.REVIEW_PACKAGES
        or worth(needs, lines) > settings.REVIEW_RUPIAH
        or any(need.location.kind.houses_children for need in needs)
    )


def worth(needs, lines):
    """Return what a promise is worth in rupiah at the reference prices; a package without one counts nothing."""
    return sum(lines[need.pk] * (need.package_version.reference_price or 0) for need in needs)


def _check_open_promises(giver, by):
    """Refuse a fourth open promise; the lock on the giver makes it hold however fast she clicks."""
    Giver.objects.select_for_update().get(pk=giver.pk)
    theirs = Commitment.objects.filter(collaborator__giver=giver)
    if by or theirs.filter(state__in=ARRIVED).exists():
        return
    if theirs.filter(state__in=HOLDING).count() >= MOST_OPEN_PROMISES:
        raise Refused(
            _("Kontak ini sudah punya tiga janji yang belum selesai. Selesaikan salah satu sebelum berjanji lagi."),
            field="contact",
        )


def enter_confirmed(*, lines, collaborator, scheduled_on, now, by, aggregator=None, at=None, key=""):
    """Staff or an import enter a promise that is already accepted (*terkonfirmasi*); returns the commitment.

    Capacity is guarded as for everybody: NotEnoughLeft names the lines that do not fit. A form's `key` makes a second
    click answer with the first one's commitment.
    """
    payload = _digest(sorted(lines.items()), collaborator.pk, scheduled_on, aggregator and aggregator.pk)
    known = key and _known(key, payload)
    if known:
        return known
    try:
        with transaction.atomic():
            commitment = _enter(lines, collaborator, scheduled_on, now, by, aggregator, at)
            if key:
                row = {"key_hash": _key_hash(key), "payload_hash": payload, "result": commitment.code}
                IdempotencyKey.objects.create(created_at=now, created_by=by, **row)
    except CounterRefused:
        raise NotEnoughLeft(_short_lines(lines)) from None
    except IntegrityError:
        known = key and _known(key, payload)
        if not known:
            raise
        return known
    return commitment


def _enter(lines, collaborator, scheduled_on, now, by, aggregator, at):
    needs = open_needs(lines)
    code = public_code()
    commitment = Commitment.objects.create(
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
    audit.record("commitment.entered", code, by=by, now=now, packages=sum(lines.values()))
    facts = _reserve(commitment, needs, lines)
    facts += [Fact(EntryKind.ACCEPTED, fact.quantity, line=fact.line) for fact in facts]
    ledger.write(facts, now=now, by=by)
    return commitment


def forget_keys(now):
    """Delete the idempotency keys older than thirty days; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=30)).delete()[0]
