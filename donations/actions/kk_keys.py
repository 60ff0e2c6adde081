"""Rotating the key of the KK fingerprints without any plain number: HMAC of the old HMAC, family by family."""

import hmac

from django.conf import settings
from django.db import connection, transaction

from donations.models.household import Household
from ksbb.core import audit

BATCH = 2_000
# A statement for each family would take PostgreSQL minutes.
MOVE = (
    "UPDATE donations_household SET layer = %s, fingerprint = moved.column2 FROM (VALUES ",
    ") AS moved WHERE donations_household.id = moved.column1",
)
LOCK = 7_301  # of PostgreSQL's advisory locks; SQLite has one writer anyway


def hold(shared):
    """Keep registration (shared) and rotation (alone) apart until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s)", [LOCK])


def rotate(*, now, keys=None):
    """Bring every family's fingerprint under the newest of `keys` (default: the settings'); return how many it moved.

    Each batch is a transaction of its own: look-ups, which ask for all layers at once, go on meanwhile, and a run that
    was broken off goes on where it stood.
    """
    keys = keys or settings.KK_KEYS
    moved, last = 0, 0
    while batch := _rotate_batch(keys, last):
        moved, last = moved + len(batch), batch[-1]
    if moved:
        audit.record("household_key.rotated", f"layer {len(keys)}", now=now, families=moved)
    return moved


@transaction.atomic
def _rotate_batch(keys, after):
    """Rotate the next families behind pk `after` that stand under an older key; return their pks."""
    hold(shared=False)
    rows = Household.objects.filter(pk__gt=after, layer__lt=len(keys)).order_by("pk")
    families = list(rows.values_list("pk", "fingerprint", "layer")[:BATCH])
    moved = [value for pk, old, layer in families for value in (pk, _newest(bytes(old), keys[layer:]))]
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(MOVE[0] + ", ".join(["(%s, %s)"] * len(families)) + MOVE[1], [len(keys), *moved])
    return [pk for pk, _old, _layer in families]


def _newest(digest, keys):
    for key in keys:
        digest = hmac.digest(key.encode(), digest, "sha256")
    return digest
