"""`manage.py load_demo`: the reconstructed city, into an empty database."""

from datetime import date

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from donations.demo import city


class Command(BaseCommand):
    help = "Build the demo city: published totals of 2020, invented details, and this week."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=1, help="how many times as large as Jakarta (for benchmarks)")
        parser.add_argument("--hari-ini", type=date.fromisoformat, help="the day to build for (default: now)")

    def handle(self, *, scale, hari_ini, verbosity, **options):
        if scale < 1:
            raise CommandError("--scale must be 1 or more.")
        if city.exists():
            raise CommandError("The database has places already; the demo city is only built into an empty one.")
        call_command("load_reference", verbosity=0)
        try:
            city.load(day=hari_ini, scale=scale, say=self.say if verbosity else lambda text: None)
        except city.Mismatch as error:
            raise CommandError(f"The city does not add up; nothing was stored.\n{error}") from None

    def say(self, text):
        self.stdout.write(f"  {text}")
        self.stdout.flush()
