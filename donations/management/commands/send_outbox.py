"""`manage.py send_outbox`: send the mails that are due."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ksbb.core.outbox import ServerAway, send_due


class Command(BaseCommand):
    help = "Send the messages waiting in the outbox (EMAIL_URL must be set)."

    def handle(self, **options):
        if not settings.EMAIL_URL:
            self.stdout.write("EMAIL_URL is not set: nothing is sent.")
            return
        try:
            self.stdout.write(f"{send_due(timezone.now())} messages sent.")
        except ServerAway as error:
            raise CommandError(f"The mail server does not answer: {error}") from error
