"""Building the whole demo city: in one transaction, so that a load that is stopped leaves an empty database."""

import contextlib
import gc
import random

from django.db import transaction
from django.utils import timezone

from donations import figures, ledger_check, summaries
from donations.actions.ledger import wib_day
from ksbb.core import audit, version
from ksbb.core.crypto import repeatable_codes
from locations.models import Location
from programs.models import Program

from . import accounts, complaints, families, givers, places, week
from .book import Book, moment
from .history import History
from .plan import published
from .store import Store

NINE = 9  # the hour of the day for which a dated city is made


class Mismatch(Exception):
    """The city that was built does not show the numbers that it must."""


def moment_of(day):
    """Return the moment for which the city is made: now, or nine o'clock of a date."""
    return moment(day, NINE) if day else timezone.now()


def exists():
    """Tell whether there are places already."""
    return Location.objects.exists()


def load(*, day=None, scale=1, say=print):
    """Build the city as of `day` (default: now) and prove its numbers; raises Mismatch, and then nothing is stored."""
    now = moment_of(day)
    chance = random.Random(f"KSBB {wib_day(now)} {scale}")
    with transaction.atomic(), repeatable_codes(random.Random(f"codes {wib_day(now)}")), without_collecting():
        _build(chance, scale, now, say)
        summaries.fold()
        say("Proving every number …")
        prove(scale)
    summaries.fold()
    version.fold()


@contextlib.contextmanager
def without_collecting():
    """Spare Python the search for garbage among rows that all stay until they are written (a fifth of the time)."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _build(chance, scale, now, say):
    say("Places, their contacts and verifications …")
    store, staff = Store(), accounts.build()
    everywhere = places.build(store, chance, scale, staff, now)
    everybody = givers.build(store, chance, wib_day(now))
    say("Promises and deliveries of 2020 …")
    book = Book(store, chance)
    History(book, everywhere, everybody, scale).write()
    say("Families and their receipts …")
    families.write(book, scale)
    say(f"Writing {store.count():,} rows …".replace(",", "."))
    store.flush()
    givers.link_partners(staff.officer)
    say("This week …")
    week.build(now)
    complaints.tell(now, staff)
    audit.record("demo.loaded", wib_day(now), now=now, scale=scale)


def prove(scale):
    """Raise Mismatch unless everything follows from the ledger and the published figures stand at their days."""
    version.forget()
    wrong = [str(difference) for difference in ledger_check.differences()]
    if scale == 1:
        wrong += [f"{name} as of {day}: {found} instead of {wanted}" for day, name, wanted, found in unpublished()]
    if wrong:
        raise Mismatch("\n".join(wrong[:20]))


def unpublished():
    """Yield (day, figure, published value, ours) wherever the city does not show what was published."""
    programs = {program.slug: program for program in Program.objects.all()}
    for (day, program, name), wanted in published().items():
        found = value_of(figures.totals(until=day, program=programs.get(program)), name)
        if found != wanted:
            yield day, name, wanted, found


def value_of(shown, name):
    """Return a figure by its name in the API, e.g. `komitmen.paket.sembako`."""
    first, *rest = name.split(".")
    bases = {"diajukan": shown.submitted, "komitmen": shown.committed, "tersalurkan": shown.delivered}
    if first in bases:
        return bases[first].by_package[rest[1]] if rest[0] == "paket" else bases[first].total
    if first == "kolaborator":
        return shown.collaborators.by_category[rest[1]] if rest[0] == "kategori" else shown.collaborators.total
    reach = {"kota": "cities", "kecamatan": "districts", "kelurahan": "villages", "rw": "neighbourhoods"}
    funds = {"diterima": "received", "terpakai": "used"}
    if first == "kolaborasi":
        return shown.collaborations
    return getattr(shown.reach, reach[rest[0]]) if first == "jangkauan" else getattr(shown.funds, funds[rest[0]])
