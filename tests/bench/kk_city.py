"""`python -m tests.bench.kk_city`: what many families cost the status check, on the database of this environment.

Prints as JSON: the median milliseconds of processor of a check among 120,000 and among 1,200,000 families, and how long
rotating the key of 200,000 takes while others look families up, with how many look-ups came back meanwhile and how many
in vain.
"""

import itertools
import json
import statistics
import threading
import time

import django

django.setup()

from django.conf import settings  # noqa: E402 - settings first
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from donations.actions import households, kk_checks, kk_keys  # noqa: E402
from donations.actions.households import Recipient  # noqa: E402
from donations.models.household import Household  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench.reader import milliseconds, server_process  # noqa: E402
from tests.kk_numbers import kk  # noqa: E402

SMALL, ROTATED, LARGE = 120_000, 200_000, 1_200_000
ASKED, READERS = 600, 2
KNOWN = range(1, 301)
# By engine: so many rows, 32 bytes of chance, and what a table that stands for long has behind it.
SERIES = {
    "sqlite": (
        "(WITH RECURSIVE counted(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < %s) "
        "SELECT n FROM counted)",
        "randomblob(32)",
        "ANALYZE donations_household",
    ),
    "postgresql": (
        "generate_series(1, %s) AS n",
        "sha256((n::text || random()::text)::bytea)",
        "VACUUM ANALYZE donations_household",
    ),
}
NEW_KEY = "kunci-bench-baru-".ljust(32, "x")


def lay():
    """Register the families that are asked for."""
    need = factories.need(5)
    for serial in KNOWN:
        family = Recipient(kk(serial))
        households.register(recipient=family, location=need.location, program=need.package.program, now=timezone.now())


def fill(size):
    """Add families with fingerprints of chance until there are so many, each like the first but for it."""
    numbers, chance, tidy = SERIES[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO donations_household (fingerprint, layer, area_id, location_id, program_id, registered_at) "
            f"SELECT {chance}, layer, area_id, location_id, program_id, registered_at "
            f"FROM (SELECT * FROM donations_household ORDER BY id LIMIT 1) AS first, {numbers}",
            [size - Household.objects.count()],
        )
        cursor.execute(tidy)


def keep(size):
    """Take the newest families away until there are so many."""
    newer = Household.objects.order_by("pk").values_list("pk", flat=True)[size]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM donations_household WHERE id >= %s", [newer])


def check(serial):
    """Ask for a family; tell whether it is known."""
    return kk_checks.check(number=kk(serial), code="", now=timezone.now()).state == kk_checks.RECORDED


def cost():
    """Return the median milliseconds of processor of a check, known and unknown families in turn.

    Not by the clock: a check counts itself, and how long the disk takes for that is no matter of how many families
    there are.
    """
    times, server = [], server_process()
    for turn in range(ASKED):
        began = milliseconds(server)
        check(KNOWN[turn // 2 % len(KNOWN)] if turn % 2 else 5_000 + turn)
        times.append(milliseconds(server) - began)
    return statistics.median(times)


class Reader(threading.Thread):
    """Looks known families up until told to stop."""

    def __init__(self):
        super().__init__()
        self.stop, self.found, self.missed = threading.Event(), 0, 0

    def run(self):
        for serial in itertools.cycle(KNOWN):
            if self.stop.is_set():
                break
            self.found, self.missed = (self.found + 1, self.missed) if check(serial) else (self.found, self.missed + 1)
        connection.close()


def rotate():
    """Return what rotating the key of all families took, and what others found meanwhile."""
    settings.KK_KEYS = [*settings.KK_KEYS, NEW_KEY]
    readers = [Reader() for _ in range(READERS)]
    for reader in readers:
        reader.start()
    began = time.perf_counter()
    moved = kk_keys.rotate(now=timezone.now())
    seconds = time.perf_counter() - began
    for reader in readers:
        reader.stop.set()
        reader.join()
    counted = {name: sum(getattr(reader, name) for reader in readers) for name in ("found", "missed")}
    return {"rotated": moved, "seconds": seconds, **counted}


def main():
    lay()
    fill(SMALL)
    cost()  # what a process does the first time is no matter of how many families there are
    found = {"small": cost()}
    fill(LARGE)
    found["large"] = cost()
    keep(ROTATED)
    print(json.dumps({**found, **rotate()}))


if __name__ == "__main__":
    main()
