"""What arrived: counted by the person in charge or recorded by staff; every outcome is a fact."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from donations.errors import CounterRefused, NotEnoughLeft, NotPossible, Refused
from donations.models import CommitmentLine, CommitmentState, Delivery, DeliveryLine, DeliveryPhoto, EntryKind
from donations.models.commitment import ON_ITS_WAY
from ksbb.core import audit
from ksbb.core.crypto import encrypt, new_code

from . import ledger, messages
from .commitments import lines_of, transition
from .ledger import Fact
from .states import check_version

OUTCOMES = {
    "ok": EntryKind.DELIVERED,
    "damaged": EntryKind.DAMAGED,
    "short": EntryKind.SHORT,
    "lost": EntryKind.LOST,
}


@dataclass(frozen=True)
class Count:
    """How one line fared, in packages. What is in none of the four is still on its way."""

    ok: int = 0
    damaged: int = 0
    short: int = 0
    lost: int = 0

    @property
    def sent(self):
        return self.ok + self.damaged + self.short + self.lost


@transaction.atomic
def record_delivery(
    *,
    commitment,
    location,
    counts,
    delivered_at,
    now,
    by=None,
    receiver="",
    receiver_role="",
    note="",
    thanks="",
    photos=(),
    version=None,
):
    """Record a hand-over at one place: `counts` maps line pk → Count. Returns the Delivery.

    What arrived well becomes *tersalurkan*; what was damaged, short or lost reopens the need. More than promised is
    taken as a new line through the same guard. Raises Refused for impossible counts, NotEnoughLeft when a surplus does
    not fit the need, Stale when the commitment changed since `version` (a double click counts once).
    """
    check_version(commitment, version)
    lines = [line for line in lines_of(commitment) if line.need.location_id == location.pk and line.pk in counts]
    _check_counts(commitment, lines, counts, delivered_at, now)
    surplus = {line.pk: max(0, counts[line.pk].ok - line.outstanding) for line in lines}
    delivery = Delivery.objects.create(
        number=f"BAST-{new_code(8)}",
        commitment=commitment,
        location=location,
        delivered_at=delivered_at,
        receiver_role=receiver_role,
        receiver_cipher=encrypt(receiver),
        note=note,
        thanks=thanks,
        recorded_by=by,
        recorded_at=now,
    )
    DeliveryPhoto.objects.bulk_create([DeliveryPhoto(delivery=delivery, file=f, uploaded_at=now) for f in photos])
    facts = [fact for line in lines for fact in _outcomes(delivery, line, counts[line.pk], surplus[line.pk])]
    _advance(commitment, lines, counts)
    audit.record("delivery.recorded", delivery.number, by=by, now=now, commitment=commitment.code)
    messages.received(commitment, delivery, now=now)
    try:
        with transaction.atomic():
            ledger.write(facts, now=now, by=by)
    except CounterRefused as refusal:
        raise NotEnoughLeft([(line.need, surplus[line.pk], line.need.remaining) for line in lines]) from refusal
    return delivery


def _check_counts(commitment, lines, counts, delivered_at, now):
    if commitment.state not in ON_ITS_WAY:
        raise NotPossible(_("Penerimaan hanya dapat dicatat untuk kolaborasi yang sudah dikonfirmasi."))
    if len(lines) != len(counts) or not any(count.sent for count in counts.values()):
        raise Refused(_("Isi jumlah yang tiba untuk sedikitnya satu paket."), field="counts")
    if delivered_at > now:
        raise Refused(_("Tanggal terima tidak boleh di masa depan."), field="delivered_at")
    if ledger.wib_day(delivered_at) < ledger.wib_day(commitment.confirmed_at):
        raise Refused(_("Tanggal terima tidak boleh sebelum bantuan ini dikonfirmasi."), field="delivered_at")
    for line in lines:
        count = counts[line.pk]
        if min(count.ok, count.damaged, count.short, count.lost) < 0:
            raise Refused(_("Jumlah tidak boleh kurang dari nol."), field="counts")
        if count.damaged + count.short + count.lost > max(0, line.outstanding - count.ok):
            raise Refused(
                _("Jumlah rusak, kurang, dan hilang melebihi %(left)d paket yang dijanjikan.")
                % {"left": line.outstanding},
                field="counts",
            )
        if (count.damaged or count.lost) and not line.need.package.can_be_damaged:
            raise Refused(_("Bantuan jenis ini tidak dapat rusak atau hilang."), field="counts")


def _outcomes(delivery, line, count, surplus):
    """Return the facts of one line's count; the surplus becomes a line of its own."""
    facts = []
    promised = Count(count.ok - surplus, count.damaged, count.short, count.lost)
    if promised.sent:
        facts += _line_facts(delivery, line, promised)
    if surplus:
        extra = CommitmentLine.objects.create(commitment=line.commitment, need=line.need, quantity=surplus)
        extra.commitment, extra.need = line.commitment, line.need
        facts += [Fact(kind, surplus, line=extra) for kind in (EntryKind.PROMISED, EntryKind.ACCEPTED)]
        facts += _line_facts(delivery, extra, Count(ok=surplus))
    return facts


def _line_facts(delivery, line, count):
    DeliveryLine.objects.create(
        delivery=delivery,
        line=line,
        sent=count.sent,
        ok=count.ok,
        damaged=count.damaged,
        short=count.short,
        lost=count.lost,
    )
    return [
        Fact(kind, getattr(count, name), line=line, delivery=delivery, at=delivery.delivered_at)
        for name, kind in OUTCOMES.items()
        if getattr(count, name)
    ]


def _advance(commitment, lines, counts):
    """Move the commitment: sent while something is still on its way, else received, wholly or partly."""
    counted = {line.pk: counts[line.pk] for line in lines}
    every = lines_of(commitment)
    open_after = sum(
        max(0, line.outstanding - counted[line.pk].sent) if line.pk in counted else line.outstanding for line in every
    )
    if open_after:
        transition(commitment, "send" if commitment.state == CommitmentState.CONFIRMED else "receive_more")
        return
    well = all(line.delivered + (counted[line.pk].ok if line.pk in counted else 0) >= line.quantity for line in every)
    transition(commitment, "receive" if well else "receive_partly", expires_at=None)


@transaction.atomic
def give_back(*, line, quantity, reason, now, by):
    """Packages that had arrived well came back (or were never really there): they no longer count, the need reopens."""
    if not 0 < quantity <= line.delivered:
        raise Refused(_("Yang dapat dikembalikan paling banyak %d paket.") % line.delivered, field="quantity")
    commitment = line.commitment
    transition(commitment, "give_back")
    line = next(known for known in lines_of(commitment) if known.pk == line.pk)
    audit.record("delivery.given_back", commitment.code, by=by, now=now, packages=quantity, reason=reason)
    ledger.write([Fact(EntryKind.GIVEN_BACK, quantity, line=line, reason=reason)], now=now, by=by)


@transaction.atomic
def redirect(*, line, quantity, need, reason, now, by):
    """Accepted packages that are still on their way go to another place's need of the same package instead."""
    if not 0 < quantity <= line.outstanding:
        raise Refused(_("Yang dapat dialihkan paling banyak %d paket.") % line.outstanding, field="quantity")
    if need.package_id != line.need.package_id:
        raise Refused(_("Pilih lokasi yang membutuhkan paket yang sama."), field="need")
    if line.commitment.state not in ON_ITS_WAY:
        raise NotPossible(_("Hanya kolaborasi yang sedang berjalan yang dapat dialihkan."))
    line = next(known for known in lines_of(line.commitment) if known.pk == line.pk)
    other = CommitmentLine.objects.create(commitment=line.commitment, need=need, quantity=quantity)
    other.commitment, other.need = line.commitment, need
    audit.record("commitment.redirected", line.commitment.code, by=by, now=now, packages=quantity, reason=reason)
    facts = [Fact(EntryKind.WITHDRAWN, quantity, line=line, reason=reason)]
    facts += [Fact(kind, quantity, line=other, reason=reason) for kind in (EntryKind.PROMISED, EntryKind.ACCEPTED)]
    ledger.write(facts, now=now, by=by)
    return other


@transaction.atomic
def check_photo(*, photo, now, by):
    """Staff looked at a photo: it may be shown."""
    photo.checked_by, photo.checked_at = by, now
    photo.save(update_fields=["checked_by", "checked_at"])
    audit.record("photo.checked", photo.delivery.number, by=by, now=now, photo=photo.pk)
