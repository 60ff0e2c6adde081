"""`manage.py backup FOLDER [--keep N]`: a copy of database and photographs, and away with the oldest."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ksbb import copies


class Command(BaseCommand):
    help = "Write a copy of the database and the photographs into a folder and keep the newest ones."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=14, help="how many copies stay (default: 14)")

    def handle(self, *, folder, keep, **options):
        if keep < 1:
            raise CommandError("--keep must be 1 or more: the copy just made is one of them.")
        try:
            copy = copies.make(folder, timezone.now())
        except copies.Unusable as error:
            raise CommandError(str(error)) from None
        for old in copies.thin_out(folder, keep):
            self.stdout.write(f"Removed {old}")
        self.stdout.write(str(copy))
