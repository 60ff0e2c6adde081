"""`manage.py verify_ledger`: recompute every counter, summary and figure from the ledger; silent when all agree."""

from django.core.management.base import BaseCommand, CommandError

from donations.ledger_check import differences
from ksbb.core import version


class Command(BaseCommand):
    help = "Recompute every counter, summary and figure from the ledger and name the first difference."

    def handle(self, **options):
        version.forget()
        first = next(differences(), None)
        if first:
            raise CommandError(str(first))
