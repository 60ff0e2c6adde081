"""The whole tables of areas and kinds of places by key, for `ksbb.core.kept`: small, and needed everywhere."""

from ksbb.core.kept import join

from .models import Area, LocationKind


def areas():
    """Return every area with its name and those above it."""
    found = Area.objects.only("code", "level", "name", "parent").in_bulk()
    join(found.values(), "parent", found)
    return found


def kinds():
    """Return every kind of place."""
    return LocationKind.objects.in_bulk()
