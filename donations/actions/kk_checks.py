"""What a family is told when it asks with its KK number. Every outcome asks the database the same things (rule 9)."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from donations import kk
from donations.actions.households import code_hash
from donations.models.household import Household, HouseholdReceipt
from ksbb.core import alerts, outbox, throttle
from ksbb.core.composed import Composed

from . import messages

UNKNOWN, RECORDED, DELIVERED, DETAILS, MISMATCH, CODE_NEEDED = (
    "unknown",
    "recorded",
    "delivered",
    "details",
    "mismatch",
    "code-needed",
)
GUARD = "kk_check"
MOST_WRONG_CODES = 5  # for one household and day; then its codes read like wrong ones until midnight (WIB)
CALM = timedelta(hours=2)  # the guard is kept at least so long, and until an hour has half the budget's misses

FAMILIES = Composed(
    lambda fingerprints: (
        Household.objects.only("registered_at")
        .annotate(program_name=F("program__name"))
        .filter(fingerprint__in=fingerprints)
    )
)
RECEIPTS = Composed(
    lambda families: (
        HouseholdReceipt.objects.only("code_hash", "received_at")
        .annotate(program_name=F("package__program__name"))
        .filter(household__in=families)
        .order_by("-received_at", "-pk")
    )
)
# All that a receipt tells. So many tables are joined only for a code.
DETAILED = Composed(
    lambda receipts: (
        HouseholdReceipt.objects.only("number", "received_at")
        .annotate(
            package_name=F("package__name"),
            program_name=F("package__program__name"),
            place=F("delivery__location__name"),
            area_level=F("delivery__location__area__level"),
            area_name=F("delivery__location__area__name"),
            aggregator_name=F("delivery__commitment__aggregator__collaborator__name"),
        )
        .filter(pk__in=receipts)
    )
)


@dataclass(frozen=True)
class Answer:
    """A coarse `state`; programme and moment where the family is known; the receipt when its code fits."""

    state: str
    program: str = ""
    at: datetime | None = None
    receipt: HouseholdReceipt | None = None


@sensitive_variables()
def check(*, number, code, now):
    """Return the Answer for a normalised KK number and a receipt's code ("" for none); counts wrong codes and misses.

    An unknown number, a wrong code and a locked household are one answer, after the same statements.
    """
    fingerprints = kk.layers(number, settings.KK_KEYS)
    household = next(iter(FAMILIES(fingerprints)), None)
    receipts = RECEIPTS([household.pk if household else 0])
    fitting = _fitting(receipts, code) if code else None
    wrong, misses = _count(fingerprints[0].hex(), bool(code) and fitting is None, household is None, now)
    on_guard = alerts.is_on(GUARD)
    if misses > settings.KK_MISSES_AN_HOUR and not on_guard:
        _begin_guard(misses, now)
    if code:
        return _details(fitting) if fitting and wrong < MOST_WRONG_CODES else Answer(MISMATCH)
    return Answer(CODE_NEEDED) if on_guard else _coarse(household, receipts)


def _fitting(receipts, code):
    """Return the newest receipt with this code, and all that it tells, or None, after one statement either way."""
    wanted = code_hash(code)
    pks = [receipt.pk for receipt in receipts if hmac.compare_digest(bytes(receipt.code_hash), wanted)]
    return next(iter(DETAILED([pks[0] if pks else 0])), None)


def _coarse(household, receipts):
    if receipts:
        return Answer(DELIVERED, receipts[0].program_name, receipts[0].received_at)
    if household:
        return Answer(RECORDED, household.program_name, household.registered_at)
    return Answer(UNKNOWN)


def _details(receipt):
    return Answer(DETAILS, receipt.program_name, receipt.received_at, receipt)


# --- Counting ---------------------------------------------------------------------------------------------------------
def _count(subject, is_wrong, is_miss, now):
    """Return how many wrong codes a number was tried with today, and how many different unknown ones this hour saw.

    Each statement is a transaction of its own: everybody counts misses in one row, which nobody may hold.
    """
    since, until = throttle.hour_of(now)
    wrong, missed = throttle.add_all(
        throttle.Step("kk-code", subject, int(is_wrong), *throttle.day_of(now)),
        throttle.Step("kk-miss", subject, int(is_miss), since, until),
    )
    return wrong, throttle.add("kk-misses", "", int(is_miss and missed == 1), since=since, until=until)


# --- Siaga ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def _begin_guard(misses, now):
    if alerts.begin(GUARD, now=now, misses=misses):
        _tell_staff("messages/staff_guard_began.txt", now)


@transaction.atomic
def calm_down(now):
    """End the guard once it stood for CALM and neither this hour nor the last had half the budget's misses."""
    if not alerts.is_on(GUARD):
        return False
    hours = (throttle.hour_of(now), throttle.hour_of(now - timedelta(hours=1)))
    most = max(throttle.add("kk-misses", "", 0, since=since, until=until) for since, until in hours)
    if most * 2 > settings.KK_MISSES_AN_HOUR or not alerts.end(GUARD, now=now, began_before=now - CALM):
        return False
    _tell_staff("messages/staff_guard_ended.txt", now)
    return True


def _tell_staff(template, now):
    subject, body = messages.compose(template, budget=settings.KK_MISSES_AN_HOUR)
    for address in settings.STAFF_EMAIL:
        outbox.post(address, subject, body, now=now)
