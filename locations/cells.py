"""What a kelurahan's outline may look like where nobody gave its border: cells made of points and km² alone."""

from math import cos, pi, radians, sqrt

import shapely
from shapely import MultiPoint, Point

from .topology import GRID

REACH = 1.35  # a disc of the kelurahan's own area, this much wider: neighbours' discs must meet
CLOSING_KM = 1.2  # gaps between discs narrower than twice this are land
APART_KM = 3.5  # kelurahan whose discs lie further than this from all others are islands of their own
SIMPLER = 12 / GRID  # degrees: bends smaller than about 70 m go
KM_PER_DEGREE = 110.574


def approximate(areas):
    """Return {code: Polygon or MultiPolygon in degrees} of kelurahan given as (code, longitude, latitude, km²).

    Each is the part of a city nearest to its point (Voronoi); the city is the union of discs of each kelurahan's own
    area with REACH times its radius, closed by CLOSING_KM. Neighbours share their borders exactly.
    """
    metric = _Metric(areas)
    made = {}
    for group in _groups(areas, metric):
        made |= _cells(group, metric)
    degrees = [metric.degrees(made[code]) for code, *_rest in areas]
    return dict(zip((code for code, *_rest in areas), on_grid(degrees, SIMPLER), strict=True))


def on_grid(polygons, tolerance):
    """Return polygons that share borders, simplified together by `tolerance` (degrees), on the topology's grid."""
    return list(shapely.coverage_simplify(shapely.set_precision(polygons, 1 / GRID), tolerance))


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


def rings(polygon):
    """Return a polygon's parts as closed rings of whole grid steps, as `topology.encode` wants them."""
    return [
        [_steps(ring) for ring in (part.exterior, *part.interiors)] for part in getattr(polygon, "geoms", [polygon])
    ]


def _steps(ring):
    return [(round(x * GRID), round(y * GRID)) for x, y in ring.coords]
