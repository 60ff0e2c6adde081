"""Where invented places lie: spread over the disc that has a kelurahan's area, no two on the same point."""

from decimal import Decimal
from math import cos, pi, radians, sin, sqrt

GOLDEN_ANGLE = pi * (3 - sqrt(5))
KM_PER_DEGREE = 111.32
WITHIN = 0.85  # share of the disc's radius that is used: a kelurahan is no disc
ISLANDS = "31.01"


def spread(area, count):
    """Return `count` distinct (longitude, latitude) pairs over a kelurahan, like the seeds of a sunflower."""
    share = 0.35 if area.code.startswith(ISLANDS) else WITHIN
    radius = share * sqrt(float(area.area_km2) / pi)
    latitude, longitude = float(area.latitude), float(area.longitude)
    per_degree = KM_PER_DEGREE * cos(radians(latitude))
    return [
        (
            _degrees(longitude + radius * sqrt((n + 0.5) / count) * cos(n * GOLDEN_ANGLE) / per_degree),
            _degrees(latitude + radius * sqrt((n + 0.5) / count) * sin(n * GOLDEN_ANGLE) / KM_PER_DEGREE),
        )
        for n in range(count)
    ]


def _degrees(value):
    return Decimal(f"{value:.5f}")
