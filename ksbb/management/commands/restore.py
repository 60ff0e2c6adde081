"""`manage.py restore COPY`: bring a copy back into an empty database, and prove it by the ledger."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from donations import summaries
from ksbb import copies
from ksbb.core import version


class Command(BaseCommand):
    help = "Bring a copy back into an empty database and state folder, then prove every number by the ledger."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("copy", type=Path)

    def handle(self, *, copy, **options):
        try:
            copies.restore(copy)
        except copies.Unusable as error:
            raise CommandError(str(error)) from None
        summaries.refold()
        version.refold()
        call_command("verify_ledger")
        self.stdout.write(f"{copy} is back, and all its numbers follow from the ledger.")
