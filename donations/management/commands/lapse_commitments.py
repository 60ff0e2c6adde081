"""`manage.py lapse_commitments`: give back the capacity of promises whose time has run out."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from donations.actions.deadlines import lapse_due


class Command(BaseCommand):
    help = "Expire every promise whose hold, time to reply or agreed date has run out; its packages are free again."

    def handle(self, **options):
        self.stdout.write(f"{lapse_due(timezone.now())} promises lapsed.")
