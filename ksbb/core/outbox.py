"""The outbox: messages are written in the transaction that causes them and sent afterwards by `run_jobs`."""

import contextvars
import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from .crypto import decrypt, encrypt
from .models import OutboxMessage
from .rows import insert

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
KEPT = timedelta(days=30)
SILENCE_SECONDS = 5
# What a server says about one message or its recipient, Python of an address or subject that no mail can have, or a
# cipher of a key that is lost; anything else is said about the server.
REFUSALS = (SMTPRecipientsRefused, SMTPResponseException, ValueError, InvalidToken)

# The visitor of the demo whose request is being served: her mails are shown on /demo/surel/.
demo_visitor = contextvars.ContextVar("demo_visitor", default="")


def post(recipient, subject, body, *, now):
    """Put one e-mail into the outbox, in the caller's transaction. Without a recipient nothing is written."""
    put(letter(recipient, subject, body, now=now))


def letter(recipient, subject, body, *, now):
    """Return an e-mail for `put`, or None without a recipient; nothing is written yet."""
    if not recipient:
        return None
    return OutboxMessage(
        recipient_cipher=encrypt(recipient),
        subject=subject[:160],
        body_cipher=encrypt(body),
        created_at=now,
        next_try_at=now,
        demo_visitor=demo_visitor.get() if settings.DEMO else "",
    )


def put(message):
    """Put a letter, if it is one, into the outbox, in the caller's transaction."""
    if message:
        insert([message])


class ServerAway(Exception):
    """The mail server cannot be reached: no message is to blame, and all of them keep waiting."""


def send_due(now, limit=100):
    """Send the messages that are due; return how many left the house. One that is refused is tried again, later and
    later; ServerAway when nobody answers.
    """
    if not settings.EMAIL_URL:
        return 0
    due = OutboxMessage.objects.filter(sent_at=None, next_try_at__lte=now, attempts__lt=MOST_ATTEMPTS)
    messages = list(due.order_by("pk")[:limit])
    return _send_all(messages, now) if messages else 0


def _send_all(messages, now):
    line = get_connection(timeout=SILENCE_SECONDS)
    try:
        line.open()
        return sum(_send(message, line, now) for message in messages)
    except OSError as error:
        raise ServerAway(type(error).__name__) from error
    finally:
        line.close()


def _send(message, line, now):
    try:
        _mail(message, line).send()
    except REFUSALS as error:
        logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
        OutboxMessage.objects.filter(pk=message.pk).update(
            attempts=F("attempts") + 1, next_try_at=now + timedelta(minutes=2**message.attempts)
        )
        return 0
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=now, attempts=F("attempts") + 1)
    return 1


def _mail(message, line):
    """Return a message as it leaves. Its Message-ID stays the same, so that one sent twice (we died before noting it)
    shows once.
    """
    headers = {"Message-ID": f"<{message.pk}.{message.created_at.timestamp()}@{urlsplit(settings.SITE_URL).hostname}>"}
    to = [decrypt(message.recipient_cipher)]
    return EmailMessage(message.subject, decrypt(message.body_cipher), to=to, headers=headers, connection=line)


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


def forget(now):
    """Delete the messages of more than thirty days ago, sent or not (by now they tell what is no longer so); return how
    many."""
    return OutboxMessage.objects.filter(created_at__lt=now - KEPT).delete()[0]
