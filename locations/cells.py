"""The outlines of kelurahan: real borders where they are given, else cells made of points and km² alone."""

from math import cos, pi, radians, sqrt

import brotli
import shapely
from shapely import MultiPoint, Point

from .topology import GRID

REACH = 1.35  # a disc of the kelurahan's own area, this much wider: neighbours' discs must meet
CLOSING_KM = 1.2  # gaps between discs narrower than twice this are land
APART_KM = 3.5  # kelurahan whose discs lie further than this from all others are islands of their own
CALM = 12 / GRID  # degrees: bends of an approximate cell smaller than about 70 m mean nothing
FINEST, COARSEST, COARSER = 1 / GRID, 40 / GRID, 1.3  # degrees: by how much real borders are simplified
GAP = 10 / GRID  # degrees: gaps between given borders narrower than about 50 m are nobody's land, and close
KM_PER_DEGREE = 110.574


def approximate(areas):
    """Return {code: Polygon or MultiPolygon in degrees} of kelurahan given as (code, longitude, latitude, km²).

    Each is the part of a city nearest to its point (Voronoi); the city is the union of discs of each kelurahan's own
    area with REACH times its radius, closed by CLOSING_KM.
    """
    metric = _Metric(areas)
    made = {}
    for group in _groups(areas, metric):
        made |= _cells(group, metric)
    return {code: metric.degrees(made[code]) for code, *_rest in areas}


def simpler(shapes, tolerance):
    """Return {code: parts} of {code: polygon}, simplified together by `tolerance` degrees: shared borders stay shared.

    A part is a list of closed rings of whole grid steps, as `topology.encode` wants them.
    """
    found = shapely.coverage_simplify(list(shapes.values()), tolerance)
    parts = {code: _parts(polygon) for code, polygon in zip(shapes, found, strict=True)}
    return {code: each for code, each in parts.items() if each}


def _parts(polygon):
    rings = ([_steps(ring) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(polygon))
    return [[outer, *filter(_has_room, inner)] for outer, *inner in rings if _has_room(outer)]


def _steps(ring):
    """Return a ring's points on the grid, none twice in a row: rounded alike on both sides of a border."""
    points = [(round(x * GRID), round(y * GRID)) for x, y in ring.coords]
    return [point for point, before in zip(points, [None, *points], strict=False) if point != before]


def _has_room(ring):
    return len(ring) > 3


def fitting(shapes, most, encode):
    """Return the parts of shapes (see `simpler`), as fine as may be while `encode(parts)` packs into `most` bytes."""
    tolerance = FINEST
    while True:
        parts = simpler(shapes, tolerance)
        if len(brotli.compress(encode(parts))) <= most or tolerance > COARSEST:
            return parts
        tolerance *= COARSER


def outlines(given, areas, cells):
    """Return {code: polygon} of all kelurahan, made to share their borders.

    `given`: {code: polygon in degrees} of kelurahan and kecamatan; `areas`: (code, longitude, latitude, km²) of all
    kelurahan; `cells`: their approximate cells. A kelurahan without a border takes what its cell, or in a given
    kecamatan its part of that (the nearest to its point), leaves beside the given ones.
    """
    real = {code: given[code] for code, *_rest in areas if code in given}
    taken = shapely.union_all(list(real.values()))
    found = {**cells, **_nearest(given, areas)}
    rest = {code: shapely.difference(found[code], taken) for code in found if code not in real}
    districts = shapely.union_all([given[code] for code in given if code not in real])
    rest = {
        code: part if code.rpartition(".")[0] in given else shapely.difference(part, districts)
        for code, part in rest.items()
    }
    whole = {**real, **{code: part for code, part in rest.items() if not part.is_empty}}
    return dict(zip(whole, shapely.coverage_clean(list(whole.values()), gap_width=GAP), strict=True))


def _nearest(given, areas):
    """Return {code: part} of the kelurahan in given kecamatan, each the part nearest to its point."""
    found = {}
    for district, border in given.items():
        points = {code: (east, north) for code, east, north, _size in areas if code.rpartition(".")[0] == district}
        if len(points) > 1:
            whole = MultiPoint(list(points.values()))
            parts = shapely.voronoi_polygons(whole, extend_to=border, ordered=True).geoms
            found |= {code: part.intersection(border) for code, part in zip(points, parts, strict=True)}
        else:
            found |= dict.fromkeys(points, border)
    return found


class _Metric:
    """Degrees to kilometres around the middle of some areas, and back."""

    def __init__(self, areas):
        middle = sum(latitude for _code, _longitude, latitude, _size in areas) / len(areas)
        self.scale = [KM_PER_DEGREE * cos(radians(middle)), KM_PER_DEGREE]

    def point(self, longitude, latitude):
        return Point(longitude * self.scale[0], latitude * self.scale[1])

    def degrees(self, polygon):
        return shapely.transform(polygon, lambda pairs: pairs / self.scale)


def _groups(areas, metric):
    """Return areas in groups that lie together: a city and, far from it, its islands."""
    points = [metric.point(longitude, latitude) for _code, longitude, latitude, _size in areas]
    near = shapely.union_all(
        [_disc(point, area[3]).buffer(APART_KM / 2) for point, area in zip(points, areas, strict=True)]
    )
    return [
        [area for point, area in zip(points, areas, strict=True) if part.covers(point)]
        for part in getattr(near, "geoms", [near])
    ]


def _disc(point, square_km):
    return point.buffer(REACH * sqrt(square_km / pi), quad_segs=16)


def _cells(areas, metric):
    points = [metric.point(longitude, latitude) for _code, longitude, latitude, _size in areas]
    discs = [_disc(point, square_km) for point, (*_rest, square_km) in zip(points, areas, strict=True)]
    city = shapely.union_all(discs).buffer(CLOSING_KM).buffer(-CLOSING_KM)
    if len(areas) == 1:
        return {areas[0][0]: city}
    parts = shapely.voronoi_polygons(MultiPoint(points), extend_to=city.buffer(CLOSING_KM), ordered=True)
    return {area[0]: part.intersection(city) for area, part in zip(areas, parts.geoms, strict=True)}
