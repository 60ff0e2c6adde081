"""What time does to promises: holds that run out, reminders, and the question whether a late one has arrived."""

from datetime import timedelta

from django.db import transaction

from donations.errors import Refused
from donations.models import Commitment, CommitmentState
from ksbb.core import audit

from . import ledger, messages
from .commitments import expire

# `reminded` counts what was asked: the two reminders to get in touch, then once per date whether it has arrived.
ASKED_WHETHER_LATE = 3


def lapse_due(now, limit=500):
    """Expire every promise whose time has run out; return how many. One transaction each."""
    due = Commitment.objects.due_to_expire(now).order_by("expires_at")[:limit]
    count = 0
    for commitment in due:
        try:
            expire(commitment=commitment, now=now)
            count += 1
        except Refused:
            continue
    return count


def remind_due(now):
    """Remind donors of registered promises at 24 and 44 of their 48 hours; return how many messages were posted."""
    count = 0
    for hours_left, step in ((4, 2), (24, 1)):
        due = Commitment.objects.filter(
            state=CommitmentState.REGISTERED,
            needs_review=False,
            reminded__lt=step,
            expires_at__lte=now + timedelta(hours=hours_left),
            expires_at__gt=now,
        )
        count += sum(_remind(commitment, step, now) for commitment in due.order_by("pk"))
    return count


@transaction.atomic
def _remind(commitment, step, now):
    if not Commitment.objects.filter(pk=commitment.pk, reminded__lt=step).update(reminded=step):
        return 0
    messages.reminder(commitment, now=now)
    audit.record("commitment.reminded", commitment.code, now=now, step=step)
    return 1


def ask_late(now):
    """Ask both sides of each promise three days past its date whether it arrived, once per date; return how many."""
    late = Commitment.objects.late(ledger.wib_day(now)).filter(reminded__lt=ASKED_WHETHER_LATE)
    return sum(_ask_late(commitment, now) for commitment in late.order_by("pk")[:500])


@transaction.atomic
def _ask_late(commitment, now):
    unasked = Commitment.objects.filter(pk=commitment.pk, state=commitment.state, reminded__lt=ASKED_WHETHER_LATE)
    if not unasked.update(reminded=ASKED_WHETHER_LATE):
        return 0
    messages.late(commitment, now=now)
    audit.record("commitment.late", commitment.code, now=now, date=commitment.scheduled_on.isoformat())
    return 1
