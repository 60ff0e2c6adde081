"""What is forgotten by itself, and when (docs/privacy.md)."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from donations import jobs
from donations.models import Complaint, IdempotencyKey
from ksbb.core import throttle
from ksbb.core.models import OutboxMessage, Throttle
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def left(model, **after):
    """Return how many rows of a model are there after a purge so much later."""
    jobs.purge(NOW + timedelta(**after))
    return model.objects.count()


def test_a_visitors_count_is_kept_two_hours():
    throttle.hit("kk", "a", NOW)
    assert left(Throttle, hours=1) == 1
    assert left(Throttle, hours=2, minutes=1) == 0


def test_keys_of_forms_are_kept_thirty_days():
    factories.promise(factories.need(), now=NOW)
    assert left(IdempotencyKey, days=29) == 1
    assert left(IdempotencyKey, days=31) == 0


@pytest.mark.parametrize("sent_at", [NOW, None], ids=["sent", "given up"])
def test_messages_are_kept_thirty_days(sent_at):
    factories.promise(factories.need(), now=NOW)
    OutboxMessage.objects.update(sent_at=sent_at)
    assert left(OutboxMessage, days=29) == 1
    assert left(OutboxMessage, days=31) == 0


def test_sessions_go_when_they_have_ended(client):
    client.force_login(factories.user())
    assert left(Session, hours=1) == 1
    assert left(Session, hours=9) == 0


def test_a_complaints_contact_is_kept_ninety_days_after_closing():
    made = factories.answered(contact="081299990000", now=NOW)
    Complaint.objects.filter(pk=made.pk).update(state="ditutup", answered_at=NOW)
    assert Complaint.objects.exclude(contact_cipher=b"").count() == 1
    jobs.purge(NOW + timedelta(days=365))
    assert Complaint.objects.exclude(contact_cipher=b"").count() == 0
