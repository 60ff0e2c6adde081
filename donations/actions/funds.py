"""Money given to an aggregator: pledged, received, used, refunded, spent on costs. Integer rupiah throughout."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.errors import CounterRefused, KeyReused, NotPossible, Refused, Stale, TooOften
from donations.models import Contribution, ContributionState, EntryKind
from ksbb.core import audit, throttle
from ksbb.core.crypto import decrypt, encrypt, link_hash, new_code, private_link

from . import ledger, messages
from .commitments import lines_of
from .givers import MOST_MAILS, face_of, giver_of, mails_to, normalise_contact
from .ledger import Fact

MOST_PLEDGES = 60  # from one visitor in an hour


def packages_for(rupiah, price):
    """Return (packages, remainder in rupiah) that an amount makes at a reference price; both exact integers.

    Rp 1.565.000.000 at Rp 200.000 is 7.825 sembako, remainder 0 (press release 1255/SP-HMS/05/2020).
    """
    return divmod(rupiah, price)


def check_takes_money(aggregator, day):
    """Refuse when the aggregator has no licence valid on `day` (rule 5)."""
    if not aggregator.valid_licence(day):
        raise Refused(_("Mitra ini tidak punya izin yang berlaku dan tidak menerima dana."), field="aggregator")


@transaction.atomic
def pledge(*, giver, aggregator, amount, contract, now, reference, program=None, location=None, by=None, visitor=None):
    """Note that somebody will give `amount` rupiah to an aggregator; returns the Contribution.

    `reference` is made by the form: sending it twice makes one pledge, sending it with another content raises
    KeyReused, too many from one `visitor` (the address it comes from) or for one contact TooOften. No figure moves
    before the money is received.
    """
    if amount < 1:
        raise Refused(_("Isi jumlah rupiah."), field="amount")
    check_takes_money(aggregator, ledger.wib_day(now))
    _channel, contact = normalise_contact(giver.contact)
    person, is_new = giver_of(contact, giver.name, now=now)  # a double click waits here for the first one
    known = Contribution.objects.filter(reference=reference).first()
    if known:
        return _same_pledge(known, contact, aggregator, amount)
    if visitor:
        _check_visitor(visitor, contact, now)
    contribution = Contribution.objects.create(
        reference=reference,
        collaborator=face_of(person, giver, is_new=is_new),
        aggregator=aggregator,
        contract=contract,
        program=program,
        location=location,
        amount=amount,
        pledged_at=now,
        contact_cipher=encrypt(contact),
        link_hash=link_hash(private_link("contribution", reference)),
    )
    audit.record("fund.pledged", reference, by=by, now=now, rupiah=amount)
    messages.fund_pledged(contribution, now=now)
    return contribution


def _same_pledge(known, contact, aggregator, amount):
    if (decrypt(known.contact_cipher), known.aggregator_id, known.amount) != (contact, aggregator.pk, amount):
        raise KeyReused(_("Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman dan coba lagi."))
    return known


def _check_visitor(visitor, contact, now):
    pledge, mail = throttle.Step("pledge", visitor, 1, *throttle.hour_of(now)), mails_to(contact, now)
    made, mailed = throttle.add_all(pledge, mail)
    if made > MOST_PLEDGES:
        raise TooOften(until=pledge.until)
    if mailed > MOST_MAILS:
        raise TooOften(until=mail.until, contact=True)


def new_reference():
    """Return a number that the donor writes into her transfer, e.g. `DANA-7F3K-Q2MD`."""
    return f"DANA-{new_code(4)}-{new_code(4)}"


@transaction.atomic
def receive(*, contribution, amount, now, by, day=None):
    """The aggregator's officer or Pokja saw the money arrive: `amount` rupiah, perhaps other than was promised, now or
    on a `day` since then.
    """
    if amount < 1:
        raise Refused(_("Isi jumlah rupiah yang diterima."), field="amount")
    at = _arrival(contribution, day, now) if day else now
    check_takes_money(contribution.aggregator, ledger.wib_day(at))
    rows = Contribution.objects.filter(
        pk=contribution.pk, state=ContributionState.PLEDGED, version=contribution.version
    )
    if not rows.update(state=ContributionState.RECEIVED, received_at=at, version=F("version") + 1):
        raise Stale(_("Dana ini sudah dicatat atau baru saja diubah orang lain."))
    audit.record("fund.received", contribution.reference, by=by, now=now, rupiah=amount)
    _write(contribution, EntryKind.FUND_RECEIVED, amount, now=now, by=by, at=at)
    messages.fund_received(contribution, now=now)


def _arrival(contribution, day, now):
    """Return the moment that stands for a day on which money arrived: its noon, within the pledge and now."""
    if not ledger.wib_day(contribution.pledged_at) <= day <= ledger.wib_day(now):
        raise Refused(_("Pilih hari antara hari dananya dijanjikan dan hari ini."), field="day")
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    return min(max(noon, contribution.pledged_at), now)


@transaction.atomic
def cancel_pledge(*, contribution, reason, now, by):
    """A pledge that never arrived is taken off the list."""
    rows = Contribution.objects.filter(pk=contribution.pk, state=ContributionState.PLEDGED)
    if not rows.update(state=ContributionState.CANCELLED, note=reason, version=F("version") + 1):
        raise NotPossible(_("Hanya dana yang belum diterima yang dapat dibatalkan."))
    audit.record("fund.cancelled", contribution.reference, by=by, now=now, reason=reason)


@transaction.atomic
def use(*, contribution, line, amount, now, by):
    """Use `amount` rupiah of a contribution for one line of a commitment that its aggregator carries out."""
    if line.commitment.aggregator_id != contribution.aggregator_id:
        raise Refused(_("Rincian ini bukan kolaborasi melalui mitra yang memegang dana."), field="line")
    if contribution.program_id and contribution.program_id != line.commitment.program_id:
        raise Refused(_("Dana ini diberikan untuk program lain."), field="line")
    line = next(known for known in lines_of(line.commitment) if known.pk == line.pk)
    audit.record("fund.used", contribution.reference, by=by, now=now, rupiah=amount, commitment=line.commitment.code)
    _write(contribution, EntryKind.FUND_USED, amount, now=now, by=by, line=line)


@transaction.atomic
def refund(*, contribution, amount, reason, now, by):
    """Give money back to the donor."""
    audit.record("fund.refunded", contribution.reference, by=by, now=now, rupiah=amount, reason=reason)
    _write(contribution, EntryKind.FUND_REFUNDED, amount, now=now, by=by, reason=reason)


def cost_limit(contribution, day):
    """Return how many rupiah of a contribution may become costs: the licence's share for its akad, rounded down."""
    licence = contribution.aggregator.valid_licence(day)
    limit = licence and licence.cost_limits.filter(contract=contribution.contract).first()
    return contribution.received * limit.basis_points // 10_000 if limit else 0


@transaction.atomic
def charge_cost(*, contribution, amount, reason, now, by):
    """Book costs of distribution, within the limit that the licence sets for the contribution's akad."""
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    limit = cost_limit(contribution, ledger.wib_day(now))
    if contribution.cost + amount > limit:
        raise Refused(_("Batas biaya dana ini %(limit)d rupiah.") % {"limit": limit}, field="amount")
    audit.record("fund.cost", contribution.reference, by=by, now=now, rupiah=amount, reason=reason)
    _write(contribution, EntryKind.FUND_COST, amount, now=now, by=by, reason=reason)


def _write(contribution, kind, amount, *, now, by, at=None, line=None, reason=""):
    if amount < 1:
        raise Refused(_("Isi jumlah rupiah."), field="amount")
    fact = Fact(kind, amount, contribution=contribution, line=line, at=at, reason=reason)
    try:
        with transaction.atomic():
            ledger.write([fact], now=now, by=by)
    except CounterRefused:
        contribution.refresh_from_db()
        raise Refused(_("Saldo dana ini tinggal Rp %d.") % contribution.balance, field="amount") from None
    contribution.refresh_from_db()
