"""Families that received: known by fingerprint only, with a code printed on each receipt."""

import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count

from donations import kk
from donations.models import EntryKind
from donations.models.household import Household, HouseholdReceipt
from ksbb.core import audit
from ksbb.core.crypto import new_code

from . import kk_keys, ledger
from .ledger import Fact


@dataclass(frozen=True)
class Recipient:
    """A family on a list of recipients: its KK number (normalised), and how many persons, if counted."""

    kk: str
    members: int | None = None


def code_hash(code):
    """Return the 32-byte hash of a receipt's code, whatever its case. Its key outlives the rotation of the others."""
    return hmac.digest(settings.KK_KEYS[0].encode(), b"code:" + code.strip().upper().encode(), "sha256")


def household_of(recipient, *, location, program, at):
    """Return the unsaved row of a family on the list of recipients of an RW."""
    return Household(
        fingerprint=kk.fingerprint(recipient.kk, settings.KK_KEYS),
        layer=len(settings.KK_KEYS),
        area_id=location.area_id,
        location_id=location.pk,
        members=recipient.members,
        program_id=program.pk,
        registered_at=at,
    )


def receipt_of(household, *, delivery, need, code):
    """Return the unsaved receipt of one package of a delivery; `code` is printed on it."""
    return HouseholdReceipt(
        number=f"TT-{new_code(10)}",
        household_id=household.pk,
        delivery_id=delivery.pk,
        package_id=need.package_id,
        period_id=need.period_id,
        received_at=delivery.delivered_at,
        code_hash=code_hash(code),
    )


@transaction.atomic
def register(*, recipient, location, program, now, by=None):
    """Put a family on the list of recipients of an RW; returns (household, whether it is new)."""
    kk_keys.hold(shared=True)
    wanted = household_of(recipient, location=location, program=program, at=now)
    known = Household.objects.filter(fingerprint__in=kk.layers(recipient.kk, settings.KK_KEYS)).first()
    if known:
        return known, False
    try:
        with transaction.atomic():
            wanted.save()
    except IntegrityError:
        return Household.objects.get(fingerprint=wanted.fingerprint), False
    return wanted, True


@transaction.atomic
def record_receipt(*, recipient, delivery, line, now, by=None):
    """Record that a family got one package of a delivery; returns (receipt, the code to print on it).

    The first receipt of a family, in the programme and at all, is a fact in the ledger: the figure *penerima*.
    """
    program = line.need.package.program
    household, _new = register(recipient=recipient, location=delivery.location, program=program, now=now, by=by)
    before = household.receipts.select_related("package")
    in_program = any(receipt.package.program_id == program.pk for receipt in before)
    code = new_code(8)
    receipt = receipt_of(household, delivery=delivery, need=line.need, code=code)
    receipt.save()
    kinds = [] if in_program else [EntryKind.FAMILY_RECORDED]
    kinds += [] if before.exclude(pk=receipt.pk).exists() else [EntryKind.FAMILY_FIRST]
    ledger.write([_family_fact(kind, household, delivery, program) for kind in kinds], now=now, by=by)
    audit.record("receipt.recorded", receipt.number, by=by, now=now, delivery=delivery.number)
    return receipt, code


def _family_fact(kind, household, delivery, program):
    return Fact(
        kind,
        1,
        delivery=delivery,
        program_id=program.pk,
        area_id=household.area_id,
        persons=household.members,
        at=delivery.delivered_at,
    )


def receiving_families():
    """Return (families with a receipt, the same by programme pk), counted from the receipts themselves."""
    receipts = HouseholdReceipt.objects.order_by()
    by_program = receipts.values_list("package__program_id").annotate(Count("household", distinct=True))
    return receipts.aggregate(all=Count("household", distinct=True))["all"], dict(by_program)
