"""What may be promised, by whom, for how long it is held, and when staff look first."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donations.errors import Refused
from donations.models import Aggregator, Commitment
from donations.models.commitment import ARRIVED, HOLDING, ReviewReason
from ksbb.core.composed import Composed
from locations.models import Need
from programs.models import Statement

from .ledger import wib_day

HOLD = timedelta(hours=24)
SHORT_HOLD = timedelta(hours=2)
MOST_OPEN_PROMISES = 3
OPEN_NOW = Composed(
    lambda keys: (
        Need.objects.open()
        .filter(pk__in=keys)
        .annotate(paused_until=F("location__contact_person__paused_until"))
        .only("pk")
    )
)


@dataclass(frozen=True)
class PromiseTerms:
    """What a promise says besides its lines: dates, an equivalent's contents, statements, aggregator."""

    window_start: date | None = None
    window_end: date | None = None
    equivalent: str = ""
    statements: tuple[Statement, ...] = ()
    aggregator: Aggregator | None = None


def check_terms(needs, terms, now):
    """Refuse what cannot be promised now; note in each need until when its place is `paused_until`."""
    check_window(terms, now)
    check_open(needs)
    check_not_paused(needs, now)
    check_partner(terms, now)


def closed():
    """Return the refusal of a promise to a need that is not open."""
    return Refused(_("Salah satu kebutuhan ini sudah ditutup. Muat ulang halaman."), field="lines")


def check_open(needs):
    """Refuse when one of the needs cannot be promised now; note in each until when its place is `paused_until`."""
    now_open = {need.pk: need for need in OPEN_NOW([need.pk for need in needs])}
    if len(now_open) != len(needs) or not all(need.package.program.is_running for need in needs):
        raise closed()
    for need in needs:
        need.paused_until = now_open[need.pk].paused_until


def check_date(day, now, field="date"):
    """Raise Refused when a date lies in the past or more than sixty days ahead."""
    today = wib_day(now)
    if not today <= day <= today + timedelta(days=60):
        raise Refused(_("Pilih tanggal antara hari ini dan 60 hari ke depan."), field=field)


def check_window(terms, now):
    """Refuse dates that lie in the past, too far ahead, or end before they start."""
    for name in ("window_start", "window_end"):
        if getattr(terms, name):
            check_date(getattr(terms, name), now, field=name)
    if terms.window_start and terms.window_end and terms.window_end < terms.window_start:
        raise Refused(_("Tanggal akhir tidak boleh sebelum tanggal mulai."), field="window_end")


def check_not_paused(needs, now):
    """Refuse when the person in charge of one of the places said *cukup dulu*."""
    today = wib_day(now)
    until = next((need.paused_until for need in needs if need.paused_until and need.paused_until >= today), None)
    if until:
        raise Refused(
            _("Tempat ini meminta cukup dulu sampai %s. Pilih tempat lain yang masih kekurangan.")
            % date_format(until, "j F Y"),
            field="lines",
        )


def check_partner(terms, now):
    """Refuse a distribution partner whose licence is not valid today."""
    if terms.aggregator and not terms.aggregator.valid_licence(wib_day(now)):
        raise Refused(_("Izin mitra ini tidak berlaku. Pilih mitra lain, atau antar sendiri."), field="aggregator")


def largest_slow_promise(need):
    """Return how many packages of a need one promise may take and still be held for 24 h: max(25, a fifth)."""
    return max(25, need.quantity // 5)


def hold_time(needs, lines):
    """Return how long the promise is held unproved: 24 h, or 2 h when a line takes more than max(25, a fifth)."""
    large = any(lines[need.pk] > largest_slow_promise(need) for need in needs)
    return SHORT_HOLD if large else HOLD


def needs_review(needs, lines):
    """Tell whether staff look before the contact is shown."""
    return review_reason(needs, lines) is not None


def review_reason(needs, lines):
    """Return why staff look at what is promised: for children's institutions, many packages, much money; or None."""
    if any(need.location.kind.houses_children for need in needs):
        return ReviewReason.CHILDREN
    if sum(lines.values()) > settings.REVIEW_PACKAGES or worth(needs, lines) > settings.REVIEW_RUPIAH:
        return ReviewReason.LARGE
    return None


def explain_review(commitment):
    """Note in a commitment that `needs_review` its `review_reason`: what it promises, else how much its sender saw."""
    lines = list(commitment.lines.select_related("need__location__kind", "need__package_version"))
    promised = {line.need_id: line.quantity for line in lines}
    commitment.review_reason = review_reason([line.need for line in lines], promised) or ReviewReason.CONTACTS


def worth(needs, lines):
    """Return what a promise is worth in rupiah at the reference prices; a package without one counts nothing."""
    return sum(lines[need.pk] * (need.package_version.reference_price or 0) for need in needs)


def check_open_promises(giver):
    """Refuse a fourth open promise."""
    theirs = Commitment.objects.filter(collaborator__giver=giver)
    if theirs.filter(state__in=ARRIVED).exists():
        return
    if theirs.filter(state__in=HOLDING).count() >= MOST_OPEN_PROMISES:
        raise Refused(
            _("Kontak ini sudah punya tiga janji yang belum selesai. Selesaikan salah satu sebelum berjanji lagi."),
            field="contact",
        )
