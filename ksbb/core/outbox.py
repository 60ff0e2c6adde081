"""The outbox: messages are written in the transaction that causes them and sent afterwards by `run_jobs`."""

import contextvars
import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from .crypto import decrypt, encrypt
from .models import OutboxMessage

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 8

# The visitor of the demo whose request is being served: her mails are shown on /demo/surel/.
demo_visitor = contextvars.ContextVar("demo_visitor", default="")


def post(recipient, subject, body, *, now):
    """Put one e-mail into the outbox, in the caller's transaction. Without a recipient nothing is written."""
    if not recipient:
        return None
    return OutboxMessage.objects.create(
        recipient_cipher=encrypt(recipient),
        subject=subject[:160],
        body_cipher=encrypt(body),
        created_at=now,
        next_try_at=now,
        demo_visitor=demo_visitor.get() if settings.DEMO else "",
    )


def send_due(now, limit=100):
    """Send the messages that are due; return how many left the house. A failure is tried again, later and later."""
    if not settings.EMAIL_URL:
        return 0
    due = OutboxMessage.objects.filter(sent_at=None, next_try_at__lte=now, attempts__lt=MOST_ATTEMPTS)
    return sum(_send(message, now) for message in due.order_by("pk")[:limit])


def _send(message, now):
    try:
        EmailMessage(
            message.subject,
            decrypt(message.body_cipher),
            to=[decrypt(message.recipient_cipher)],
            connection=get_connection(timeout=10),
        ).send()
    except OSError as error:
        logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
        OutboxMessage.objects.filter(pk=message.pk).update(
            attempts=F("attempts") + 1, next_try_at=now + timedelta(minutes=2**message.attempts)
        )
        return 0
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=now, attempts=F("attempts") + 1)
    return 1


def shown_to(visitor):
    """Return the messages (subject, text, when) that a visitor of the demo caused, newest first."""
    messages = OutboxMessage.objects.filter(demo_visitor=visitor).order_by("-pk")[:50] if visitor else []
    return [
        {
            "to": decrypt(message.recipient_cipher),
            "subject": message.subject,
            "body": decrypt(message.body_cipher),
            "at": message.created_at,
        }
        for message in messages
    ]
