"""The whole tables of areas and kinds of places by key, for `ksbb.core.kept`: small, and needed everywhere."""

from functools import lru_cache

from ksbb.core.kept import join

from .models import Area, LocationKind

NAMES = ["code", "level", "name", "parent_id"]


def areas():
    """Return every area with its name and those above it: the same objects as long as the rows say the same."""
    return _areas(tuple(Area.objects.values_list(*NAMES)))


@lru_cache(maxsize=1)
def _areas(rows):
    found = {row[0]: Area.from_db(Area.objects.db, NAMES, row) for row in rows}
    join(found.values(), "parent", found)
    return found


def kinds():
    """Return every kind of place."""
    return LocationKind.objects.in_bulk()
