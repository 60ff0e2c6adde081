"""Which places changed since a file of the map was made: told by the ledger, in figures as they are now."""

from donations.models import LedgerEntry
from ksbb.core.version import remembered
from ksbb.core.watermark import final_position, position_column
from locations import snapshot
from locations.models import Location, Need
from locations.snapshot_tables import percent

MOST = 2_000  # entries, most of them of places already told: beyond, the new file is the smaller answer


def position():
    """Return how far the ledger is final: what a file made from now on certainly holds."""
    return final_position(LedgerEntry._meta.db_table)


def since(digest):
    """Return [(place's key, terpenuhi in percent or -1, sisa in packages), …] of the public places that changed since
    the map's file with this digest was made; None when that cannot be told or is too much.

    Entries at or after the file's position may be in it already: what is told is never less than what changed.
    """
    if not snapshot.is_digest(digest):
        return None
    return remembered(f"changes:{snapshot.current().digest}:{digest}", lambda: _since(digest), 60)


def _since(digest):
    start = snapshot.mark(digest)
    if start is None:
        return [] if snapshot.current().digest == digest else None
    order = position_column()
    entries = LedgerEntry.objects.filter(**{f"{order}__gte": start}).order_by(order)
    keys = list(entries.values_list("location", flat=True)[: MOST + 1])
    return _figures(set(keys)) if len(keys) <= MOST else None


def _figures(keys):
    places = Location.objects.public().filter(pk__in=keys).with_fulfilment().with_lacking(Need.objects.all())
    rows = places.order_by("pk").values_list("pk", "fulfilment", "lacking")
    return [(pk, percent(share), left) for pk, share, left in rows]
