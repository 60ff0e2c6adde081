"""Where points of the earth lie on a small drawn map: Web Mercator on a grid of whole units, so paths stay short."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from math import asinh, atan, degrees, hypot, radians, sinh, tan

WIDTH = 480  # units of every map's width: about the pixels of a phone
MARGIN = 10
LEAST_DEGREES = 0.02  # a map shows at least this much, about 2 km
TALLEST, LOWEST = 1.1, 0.6  # height to width
TRIES = 200
LETTER, LINE = 8.5, 17  # units of a label


@dataclass(frozen=True)
class Frame:
    """A box (west, south, east, north in degrees) laid on the grid, with `top` more units of room in the north."""

    box: tuple
    top: int = 0

    @cached_property
    def scale(self):
        """Units to a degree of longitude."""
        return (WIDTH - 2 * MARGIN) / (self.box[2] - self.box[0])

    @cached_property
    def height(self):
        return self.at(self.box[0], self.box[1])[1] + MARGIN

    def at(self, longitude, latitude):
        """Return the whole units (x, y) of a point."""
        x = MARGIN + (longitude - self.box[0]) * self.scale
        y = MARGIN + self.top + (northing(self.box[3]) - northing(latitude)) * self.scale
        return round(x), round(y)

    def holds(self, x, y):
        """Say whether a point of the grid is on the map."""
        return 0 <= x <= WIDTH and 0 <= y <= self.height

    @cached_property
    def shown(self):
        """The box of all that is drawn, margins too: what another map must show to lie exactly over this one."""
        side, above = MARGIN / self.scale, (MARGIN + self.top) / self.scale
        south, north = northing(self.box[1]) - side, northing(self.box[3]) + above
        return self.box[0] - side, latitude_of(south), self.box[2] + side, latitude_of(north)


def northing(latitude):
    """Return how far north a latitude lies on a Web Mercator map, in degrees of longitude."""
    return degrees(asinh(tan(radians(latitude))))


def latitude_of(north):
    return degrees(atan(sinh(radians(north))))


def around(points):
    """Return the box around points (longitude, latitude): at least LEAST_DEGREES wide, not too tall and not too low."""
    (west, east), (south, north) = (_wide(axis, LEAST_DEGREES) for axis in zip(*points, strict=True))
    low, high = northing(south), northing(north)
    west, east = _wide((west, east), (high - low) / TALLEST)
    low, high = _wide((low, high), (east - west) * LOWEST)
    return west, latitude_of(low), east, latitude_of(high)


def _wide(values, least):
    low, high = min(values), max(values)
    missing = max(0, least - (high - low)) / 2
    return low - missing, high + missing


def thinned(frame, line, bend):
    """Return a line of (longitude, latitude) as whole units, without bends that span less than half of `bend`."""
    units = [frame.at(*point) for point in line]
    kept = units[:1]
    for point, after in pairwise(units[1:]):
        if _bend(kept[-1], point, after) >= bend:
            kept.append(point)
    return kept + units[-1:]


def _bend(before, point, after):
    """Return twice the area of the triangle of three points."""
    across, down = point[0] - before[0], point[1] - before[1]
    return abs(across * (after[1] - before[1]) - down * (after[0] - before[0]))


def path(lines, closed=True):
    """Return the `d` of lines of whole units; what is too small to see is left out."""
    told = ([point for point, before in zip(line, [None, *line], strict=False) if point != before] for line in lines)
    return "".join(_steps(units, closed) for units in told if len(units) > 1 + closed)


def _steps(units, closed):
    x, y = units[0]
    drawn = [f"M{_pair(x, y).lstrip()}"]
    command = "l"
    for across, down in units[1:]:
        drawn.append((command + _pair(across - x, down - y).lstrip()) if command else _pair(across - x, down - y))
        x, y, command = across, down, ""
    return "".join(drawn) + ("z" if closed else "")


def _pair(x, y):
    """Return two numbers as a path wants them: a minus separates as well as a space."""
    return f"{'' if x < 0 else ' '}{x}{'' if y < 0 else ' '}{y}"


def apart(circles):
    """Return the middles of circles (x, y, radius) moved as little as it takes until none covers another."""
    places = [list(circle) for circle in circles]
    for _try in range(TRIES):
        moved = [_push(one, other) for one, other in combinations(places, 2)]
        if not any(moved):
            break
    return [(round(x), round(y)) for x, y, _radius in places]


def _push(one, other):
    across, down, distance = other[0] - one[0], other[1] - one[1], one[2] + other[2]
    length = hypot(across, down)
    if length >= distance - 0.5:
        return False
    across, length = (across, length) if length else (1, 1)
    share = (distance - length) / 2 / length
    one[0], one[1] = one[0] - across * share, one[1] - down * share
    other[0], other[1] = other[0] + across * share, other[1] + down * share
    return True


def legible(names, circles=()):
    """Return (words, x, y) of each name (words, spots) at its first spot free of others; without one it is left out."""
    taken = [(x, y, radius, radius) for x, y, radius in circles]
    found = []
    for words, spots in names:
        half = round(len(words) * LETTER / 2)
        inside = ((max(half, min(WIDTH - half, x)), y) for x, y in spots)
        spot = next((spot for spot in inside if not any(_covers(spot, half, other) for other in taken)), None)
        if spot:
            found.append((words, *spot))
            taken.append((spot[0], spot[1] - LINE // 3, half, LINE // 2))
    return found


def _covers(spot, half, other):
    x, y, wide, high = other
    return abs(spot[0] - x) < half + wide and abs(spot[1] - LINE // 3 - y) < LINE // 2 + high
