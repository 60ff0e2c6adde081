"""From the borders that were given to the outlines that the map draws."""

import json

from shapely.geometry import shape

from . import cells, topology
from .models import Area, AreaLevel

MOST_BYTES = 50_000  # packed, with all lines: the map's budget for outlines is 60 kB


def drawn(given):
    """Return {code: parts} of all kelurahan, given {code: GeoJSON} of kelurahan and kecamatan; see `cells.simpler`."""
    rows = Area.objects.filter(level=AreaLevel.VILLAGE).order_by("pk")
    numbers = rows.values_list("pk", "longitude", "latitude", "area_km2")
    areas = [(code, float(east), float(north), float(size or 1)) for code, east, north, size in numbers]
    shapes = cells.outlines({code: shape(table) for code, table in given.items()}, areas, cells.approximate(areas))
    return cells.fitting(shapes, MOST_BYTES, _packed)


def _packed(parts):
    return json.dumps(topology.encode(parts, lines=lambda codes: True), separators=(",", ":")).encode()
