"""`manage.py erase_person`: forget a person by her contact, or a family by its KK number; every figure stays."""

import sys
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from donations import kk
from donations.actions.erasure import erase_household, erase_person
from donations.errors import Refused


class Command(BaseCommand):
    help = (
        "Forget the person behind an e-mail address or WhatsApp number, or (--keluarga) the family with a KK number. "
        "The contact or number is asked for, or read from standard input: never an argument, which others could see."
    )

    def add_arguments(self, parser):
        parser.add_argument("--keluarga", dest="household", action="store_true", help="the input is a KK number")
        parser.add_argument("--commit", action="store_true", help="do it; without, only say what would go")

    @sensitive_variables()
    def handle(self, *, household, commit, **options):
        asked = getpass("Contact or KK number: ") if sys.stdin.isatty() else sys.stdin.readline()
        with transaction.atomic():
            self.stdout.write(self._household(asked) if household else self._person(asked))
            transaction.set_rollback(not commit)
        if not commit:
            self.stdout.write("Nothing was changed; run again with --commit.")

    @staticmethod
    @sensitive_variables()
    def _household(asked):
        number = kk.normalise(asked)
        if number is None:
            raise CommandError("A KK number has 16 digits.")
        return "1 family." if erase_household(number=number, now=timezone.now()) else "No family has this number."

    @staticmethod
    @sensitive_variables()
    def _person(asked):
        try:
            erased = erase_person(contact=asked, now=timezone.now())
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        return ", ".join(f"{count} {name}" for name, count in vars(erased).items()) + "."
