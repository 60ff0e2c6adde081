"""What places need: published, raised, lowered. Each is a fact like every other."""

from django.db import transaction
from django.utils.translation import gettext as _

from donations.errors import CounterRefused, Refused
from donations.models import EntryKind
from ksbb.core import audit
from locations.models import Need

from . import ledger
from .ledger import Fact


def current_version(package, day):
    """Return the version of a package that is valid on `day`; Refused when it has none."""
    version = package.versions.filter(valid_from__lte=day).order_by("-valid_from", "-number").first()
    if version is None:
        raise Refused(_("Paket ini belum punya versi yang berlaku."), field="package")
    return version


@transaction.atomic
def publish_need(*, location, package, period, quantity, now, by=None):
    """State that `location` lacks `quantity` of `package` in `period`; returns the Need. Stating it again raises it."""
    if quantity < 1:
        raise Refused(_("Jumlah kebutuhan harus lebih dari nol."), field="quantity")
    if not period.is_open:
        raise Refused(_("Periode ini sudah ditutup."), field="period")
    need, new = Need.objects.get_or_create(
        location=location,
        package=package,
        period=period,
        defaults={"package_version": current_version(package, ledger.wib_day(now))},
    )
    kind = EntryKind.NEED_PUBLISHED if new else EntryKind.NEED_RAISED
    audit.record(kind.value, location.code, by=by, now=now, package=package.slug, quantity=quantity)
    ledger.write([Fact(kind, quantity, need=need)], now=now, by=by)
    need.refresh_from_db()
    return need


@transaction.atomic
def change_need(*, need, quantity, reason, now, by=None):
    """Set what is needed to `quantity`, never below what is already promised; the difference is the fact."""
    difference = quantity - need.quantity
    if difference == 0:
        return need
    kind = EntryKind.NEED_RAISED if difference > 0 else EntryKind.NEED_LOWERED
    audit.record(kind.value, need.location.code, by=by, now=now, package=need.package.slug, reason=reason)
    try:
        with transaction.atomic():
            ledger.write([Fact(kind, abs(difference), need=need, reason=reason)], now=now, by=by)
    except CounterRefused:
        need.refresh_from_db()
        raise Refused(
            _("Sudah dijanjikan %d paket; kebutuhan tidak dapat lebih kecil.") % need.reserved, field="quantity"
        ) from None
    need.refresh_from_db()
    return need
