"""Neighbours that share their borders: TopoJSON written, read and merged. Pure arithmetic on a grid, no library."""

from collections import Counter, defaultdict
from itertools import accumulate, pairwise

GRID = 20_000  # steps to a degree: 0.00005 degree is about 5 m


def encode(areas, lines=lambda codes: False, **properties):
    """Return a quantized TopoJSON topology of areas that share vertices.

    `areas`: {code: polygons}, a polygon a list of closed rings of (x, y) in whole grid steps (longitude and latitude
    times GRID). Its object `kelurahan` holds them, each with its code as `id`. Its object `garis` holds the arcs that
    may be drawn as lines: those for which `lines` says so, asked with the codes (one or two) on their sides.
    """
    nodes, arcs, sides = _nodes(areas), {}, defaultdict(set)
    geometries = []
    for code, polygons in areas.items():
        found = [[_ring_arcs(_turned(ring, hole), nodes, arcs) for hole, ring in enumerate(each)] for each in polygons]
        for index in _flat(found):
            sides[max(index, ~index)].add(code)
        geometries.append({"type": "MultiPolygon", "id": code, "arcs": found})
    drawn = [[index] for index in range(len(arcs)) if lines(sides[index])]
    x, y = (min((point[axis] for arc in arcs for point in arc), default=0) for axis in (0, 1))
    return {
        "type": "Topology",
        "properties": properties,
        "transform": {"scale": [1 / GRID, 1 / GRID], "translate": [x / GRID, y / GRID]},
        "objects": {
            "kelurahan": {"type": "GeometryCollection", "geometries": geometries},
            "garis": {"type": "MultiLineString", "arcs": drawn},
        },
        "arcs": [_deltas(arc, x, y) for arc in arcs],
    }


def _flat(polygons):
    return (index for rings in polygons for ring in rings for index in ring)


def _turned(ring, hole):
    """Return a ring clockwise, a hole the other way round: then neighbours run along their border in opposite ways."""
    clockwise = sum((end[0] - start[0]) * (end[1] + start[1]) for start, end in pairwise(ring)) > 0
    return ring if clockwise != bool(hole) else ring[::-1]


def _nodes(areas):
    """Return the points at which borders meet: those with more than two neighbours."""
    beside = defaultdict(set)
    for polygons in areas.values():
        for rings in polygons:
            for ring in rings:
                for start, end in pairwise(ring):
                    beside[start].add(end)
                    beside[end].add(start)
    return {point for point, others in beside.items() if len(others) > 2}


def _ring_arcs(ring, nodes, arcs):
    """Return the ring as indices into `arcs` ({arc: index}, added to), `~index` for one that runs backwards."""
    open_ring = ring[:-1]
    start = next((at for at, point in enumerate(open_ring) if point in nodes), open_ring.index(min(open_ring)))
    turned = [*open_ring[start:], *open_ring[:start], open_ring[start]]
    cuts = [at for at, point in enumerate(turned) if point in nodes or at in (0, len(turned) - 1)]
    found = []
    for first, last in pairwise(cuts):
        arc = tuple(turned[first : last + 1])
        forth = min(arc, arc[::-1])
        index = arcs.setdefault(forth, len(arcs))
        found.append(index if arc == forth else ~index)
    return found


def _deltas(arc, x, y):
    first = (arc[0][0] - x, arc[0][1] - y)
    return [first, *((end[0] - start[0], end[1] - start[1]) for start, end in pairwise(arc))]


class Topology:
    """A topology read back: which arcs surround an area or a group of areas, and where they run."""

    def __init__(self, table):
        scale, shift = table["transform"]["scale"], table["transform"]["translate"]
        self.properties = table["properties"]
        self.arcs = [
            [(x * scale[0] + shift[0], y * scale[1] + shift[1]) for x, y in zip(*_running(arc), strict=True)]
            for arc in table["arcs"]
        ]
        self.areas = {each["id"]: each["arcs"] for each in table["objects"]["kelurahan"]["geometries"]}
        self.lines = {index for (index,) in table["objects"]["garis"]["arcs"]}
        self._inside = defaultdict(list)
        for code in self.areas:
            for parts in range(1, code.count(".") + 2):
                self._inside[".".join(code.split(".")[:parts])].append(code)

    def inside(self, code):
        """Return the codes of the areas that lie in an area of whatever level, itself too."""
        return self._inside.get(code, [])

    def mainland(self):
        """Return the codes of the largest group of areas that hang together by shared borders."""
        sides = defaultdict(list)
        for code, polygons in self.areas.items():
            for index in _flat(polygons):
                sides[max(index, ~index)].append(code)
        group = {code: {code} for code in self.areas}
        for one, *others in sides.values():
            for other in others:
                if group[one] is not group[other]:
                    less, more = sorted((group[one], group[other]), key=len)
                    more |= less
                    group.update(dict.fromkeys(less, more))
        return max(group.values(), key=len, default=set())

    def outline(self, codes):
        """Return closed rings (lists of arc indices) around these areas together; unknown codes add nothing."""
        used = Counter(index for code in codes for index in _flat(self.areas.get(code, ())))
        return self._joined([index for index in used if ~index not in used])

    def _joined(self, edges):
        """Return edges chained end to start into rings."""
        leaving = defaultdict(list)
        for index in edges:
            leaving[self.end(index, 0)].append(index)
        rings = []
        while any(leaving.values()):
            start = next(point for point, found in leaving.items() if found)
            ring, at = [], start
            while not ring or at != start:
                ring.append(leaving[at].pop())
                at = self.end(ring[-1], -1)
            rings.append(ring)
        return rings

    def end(self, index, which):
        """Return the first (0) or last (-1) point of an arc in its direction."""
        return self.arcs[index][which] if index >= 0 else self.arcs[~index][-1 - which]

    def points(self, ring):
        """Return a ring's points as (longitude, latitude), the first not repeated."""
        return [point for index in ring for point in self.run(index)[:-1]]

    def run(self, index):
        """Return an arc's points in its direction."""
        return self.arcs[index] if index >= 0 else self.arcs[~index][::-1]


def _running(arc):
    return (list(accumulate(axis)) for axis in zip(*arc, strict=True))
