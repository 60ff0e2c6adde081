"""Weeks: the current one is opened, the ended ones are closed. Nothing rolls over silently."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from donations.errors import NotPossible
from donations.models import Commitment, CommitmentState
from ksbb.core import audit
from programs.models import NeedPeriod
from programs.spans import span_name

from .commitments import expire
from .ledger import wib_day


def week_of(day):
    """Return (Monday, Sunday) of the week in which a date falls."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def open_week(*, now, by=None):
    """Close every period that has ended and open the running week; returns (period, whether it is new)."""
    today = wib_day(now)
    for period in NeedPeriod.objects.open().filter(ends_on__lt=today).order_by("starts_on"):
        close(period=period, now=now, by=by)
    monday, sunday = week_of(today)
    with transaction.atomic():
        period, new = NeedPeriod.objects.get_or_create(
            slug=monday.isoformat(),
            defaults={"name": span_name(monday, sunday), "starts_on": monday, "ends_on": sunday},
        )
        if new:
            audit.record("period.opened", period.slug, by=by, now=now)
    return period, new


def close(*, period, now, by=None):
    """Close a period: promises without an accepted date lapse, accepted ones run on to their delivery."""
    waiting = Commitment.objects.filter(
        lines__need__period=period, state__in=[CommitmentState.SUBMITTED, CommitmentState.REGISTERED]
    ).distinct()
    for commitment in waiting.order_by("pk"):
        try:
            expire(commitment=commitment, now=now)
        except NotPossible:
            continue
    with transaction.atomic():
        if not NeedPeriod.objects.filter(pk=period.pk, closed_at=None).update(closed_at=now):
            raise NotPossible(_("Periode ini sudah ditutup."))
        audit.record("period.closed", period.slug, by=by, now=now)
