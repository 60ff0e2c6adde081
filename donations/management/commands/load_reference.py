"""`manage.py load_reference`: the facts that every city begins with, and nothing that Pokja has changed since."""

from django.core.management.base import BaseCommand
from django.db import transaction

from donations.actions import staff
from locations import reference as places
from programs import reference as programs


class Command(BaseCommand):
    help = "Create what is missing of fixtures/: areas, kinds of places, programmes, packages, periods; lay the groups."

    @transaction.atomic
    def handle(self, *, verbosity, **options):
        count = programs.load() + places.load()
        staff.lay_groups()
        if verbosity:
            self.stdout.write(f"{count} rows of reference data are new.")
