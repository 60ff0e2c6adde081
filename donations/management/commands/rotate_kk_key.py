"""`manage.py rotate_kk_key`: bring all KK fingerprints under the newest key. How to add one: docs/operations.md."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from donations.actions.kk_keys import rotate


class Command(BaseCommand):
    help = "Bring the fingerprint of every family under the newest of KK_KEY, KK_KEY_2, …; can be broken off."

    def handle(self, **options):
        moved = rotate(now=timezone.now())
        self.stdout.write(f"{moved} families moved to key {len(settings.KK_KEYS)}.")
