"""`manage.py open_week`: opens the running week and closes what has ended; on the demo it fills the week with life."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from donations.actions import periods
from donations.demo import accounts, week


class Command(BaseCommand):
    help = "Open the current week (Monday to Sunday, WIB) and close the periods that have ended."

    stealth_options = ("now",)

    def handle(self, now=None, **options):
        now = now or timezone.now()
        if settings.DEMO and accounts.are_known():
            new = week.build(now)
        else:
            _period, new = periods.open_week(now=now)
        self.stdout.write("The week is open." if new else "The week was open already.")
