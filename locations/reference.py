"""Reads the areas, their other spellings, the kinds of places and the RW register of `fixtures/`."""

from functools import cache

from programs.reference import create_missing, rows

from .models import Area, AreaAlias, LocationKind


def load():
    """Create the missing areas, aliases and kinds of places; what is there stays as it is. Returns how many."""
    return (
        create_missing(Area, ["code"], [area(row) for row in rows("areas")])
        + create_missing(AreaAlias, ["area_id", "name"], [alias(row) for row in rows("area_aliases")])
        + create_missing(LocationKind, ["slug"], [kind(row) for row in rows("location_kinds")])
    )


def area(row):
    return Area(
        code=row["code"],
        level=row["level"],
        name=row["name"],
        parent_id=row["parent"] or None,
        latitude=row["latitude"],
        longitude=row["longitude"],
        area_km2=row["area_km2"],
        population=row["population_2024"],
        rw_count=row["rw_2012"],
        postal_code=row["postal_code"],
    )


def alias(row):
    return AreaAlias(area_id=row["code"], name=row["name"])


def kind(row):
    return LocationKind(
        slug=row["slug"],
        name=row["name"],
        houses_children=row["houses_children"] == "ya",
        position=row["position"],
    )


@cache
def rw_register():
    """Return the RW numbers of each kelurahan ({Kemendagri code: set of int}), official register of 12 September 2012.

    An RW that is not on it is a warning, never an error: later totals are known only as totals.
    """
    return {row["code"]: frozenset(map(int, row["rw_numbers"].split())) for row in rows("rw")}


@cache
def rt_register():
    """Return the number of RT of each kelurahan ({Kemendagri code: int}), from the same register."""
    return {row["code"]: int(row["rt_count"]) for row in rows("rw")}
