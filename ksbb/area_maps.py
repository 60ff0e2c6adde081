"""Maps of areas drawn on the server as SVG: there with the page, in print and without scripts.

A map is the mapping that `{% area_map %}` takes. Areas come as rows of `locations.shown.sums_of_areas`. Soft fills say
how far an area is helped; a line is drawn only where somebody gave the real border.
"""

from bisect import bisect
from collections import Counter
from math import sqrt

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ksbb.map_frame import WIDTH, Frame, apart, around, legible, path, thinned
from ksbb.templatetags.formats import fulfilled, number, short
from locations import shapes
from locations.models import Area

STEPS = (0.2, 0.4, 0.6, 0.8)  # shares at which the next fill begins
LARGE, SMALL = (33, 37), (20, 24)  # least and greatest radius of circles: for a thumb, and where there is room
BEND = 6  # units²: twice the least bend of a border that is drawn
SKY = 64  # units above the land for what lies far off
MOST_NAMES = 8  # more names of kecamatan than this hide the pins
SHIFTS = (0, 18, -18, 36, -36, 60, -60)  # where else a name may stand, in units below its point
QUIET = ("#f7f4ee", "#f3efe7", "#fbf9f5", "#f0ebe1")  # tones of what lies around the areas that a map is about
NAME_ROOM = 48  # units around the point of an area that its name may take
REACH = 22  # radius of what a finger hits around a pin


def step(share):
    """Return which fill a share (0 to 1) has: 1 to 5, 0 without needs."""
    return 0 if share is None else 1 + bisect(STEPS, share)


# --- Maps -------------------------------------------------------------------------------------------------------------
def first_view(cities, address, within=""):
    """Return the map on which circles say what is lacking: per kota, where there is room per kecamatan.

    `cities`: rows of kota with their `districts`; `address(code)`: where a circle leads; `within`: show this area only.
    """
    districts = [row for city in cities for row in city["districts"]]
    if within:
        sheet = Sheet(cities, [within])
        rows = small = [row for row in districts if row["code"].startswith(within) or within.startswith(row["code"])]
    else:
        sheet = Sheet(cities)
        rows, small = sheet.near, [row for city in sheet.near for row in city["districts"]]
    narrow = sheet.circles(rows, LARGE, address)
    wide = sheet.circles(small, SMALL, address, named=bool(within))
    both = f'<g class="narrow" font-size="18">{narrow}</g><g class="wide" font-size="13">{wide}</g>'
    ground = sheet.fills(districts) + sheet.lines(districts)
    return sheet.map(ground, _marks(both, sheet.far_off(address)), legend=small)


def city_map(cities, rows, address):
    """Return a small map: fills of `rows` (kecamatan or kelurahan), circles and names of kota with what is lacking."""
    sheet = Sheet(cities)
    circles = sheet.circles(sheet.near, LARGE, address)
    ground = sheet.fills(rows) + sheet.lines(cities)
    return sheet.map(ground, _marks(circles, sheet.far_off(address)), legend=rows)


def children_map(code, children):
    """Return the map of an area whose children are coloured and lead to their pages."""
    sheet = Sheet(children, [code])
    return sheet.map(sheet.land(), *map(sheet.child, children), sheet.names(children), legend=children)


def places_map(places, districts):
    """Return the map of places: mappings with `name`, `words`, `url` ("" for none), `longitude`, `latitude`.

    Give the *shown* point, never a place's own: some places are public only as their kelurahan. `districts`: rows of
    the kecamatan in which they lie (`code`, `name`, `point`).
    """
    points = [(float(place["longitude"]), float(place["latitude"])) for place in places]
    sheet = Sheet(districts, [row["code"] for row in districts], points)
    pins = [sheet.pin(place, point) for place, point in zip(places, points, strict=True)]
    stems = [(x, y - 15, 14) for x, y in (sheet.frame.at(*point) for point in points)]
    beside = sheet.beside(districts)
    names = sheet.names(districts, stems) if len(districts) <= MOST_NAMES else ""
    quiet = sheet.quiet_names(beside, districts, stems)
    return sheet.map(sheet.quiet(beside), sheet.here(districts), quiet, names, *pins)


# --- What a map is made of --------------------------------------------------------------------------------------------
class Sheet:
    """A sheet that frames some areas: these rows and codes, or points (longitude, latitude)."""

    def __init__(self, rows, codes=(), points=()):
        self.outlines, self.runs = shapes.outlines(), {}
        self.near, self.far = (rows, []) if codes or points else self._near_and_far(rows)
        inside = [point for code in codes or [row["code"] for row in self.near] for point in self._edge(code)]
        inside = inside or [row["point"][::-1] for row in rows]
        box = around([*points, *inside] or [(0, 0)])
        self.frame = Frame(box, top=SKY if self.far else 0)

    def _near_and_far(self, rows):
        """Return (rows on the mainland, rows of islands far from it): a map that showed both would show neither."""
        mainland = self.outlines.mainland()
        near = [row for row in rows if not mainland or mainland & {*self.outlines.inside(row["code"])}]
        return near, [row for row in rows if row["needed"] and row not in near]

    def _edge(self, code):
        """Return the points (longitude, latitude) around an area."""
        rings = self.outlines.outline(self.outlines.inside(code))
        return [point for ring in rings for point in self.outlines.points(ring)]

    def _rings(self, codes):
        """Return the outlines around areas together, as units."""
        villages = [village for code in codes for village in self.outlines.inside(code)]
        return [[at for index in ring for at in self._run(index)] for ring in self.outlines.outline(villages)]

    def _run(self, index):
        """Return an arc in its direction, as units: thinned once, so that both its sides look alike."""
        arc = max(index, ~index)
        if arc not in self.runs:
            self.runs[arc] = thinned(self.frame, self.outlines.arcs[arc], BEND)
        return self.runs[arc] if index >= 0 else self.runs[arc][::-1]

    def map(self, *content, legend=()):
        """Return the mapping that `{% area_map %}` takes."""
        steps = Counter(step(row["share"]) for row in legend)
        shown = [village for row in legend for village in self.outlines.inside(row["code"])]
        return {
            "svg": mark_safe("".join(content)),
            "width": WIDTH,
            "height": self.frame.height,
            "box": " ".join(f"{edge:.5f}" for edge in self.frame.shown),
            "borders": border_words(self.outlines.properties, shown),
            "legend": [(each, words, steps[each]) for each, words in step_words() if steps],
        }

    # Ground
    def land(self):
        """Return all land in one tone."""
        return self._shape('fill="#f7f4ee"', self.outlines.areas)

    def beside(self, rows):
        """Return {code: tone} of the other kecamatan that the map shows: a quiet tone that no neighbour has."""
        mine = {row["code"] for row in rows}
        others = {code.rpartition(".")[0] for code in self.outlines.areas} - mine
        tones, sides = {}, {}
        for code in sorted(code for code in others if self._in_sight(code)):
            sides[code] = {max(arc, ~arc) for ring in self._around(code) for arc in ring}
            taken = {tone for other, tone in tones.items() if sides[other] & sides[code]}
            tones[code] = min(set(QUIET) - taken, key=QUIET.index, default=QUIET[0])
        return tones

    def _around(self, code):
        return self.outlines.outline(self.outlines.inside(code))

    def _in_sight(self, code):
        west, south, east, north = self.frame.shown
        x, y = zip(*self._edge(code), strict=True)
        return min(x) < east and max(x) > west and min(y) < north and max(y) > south

    def quiet(self, beside):
        """Return the ground of a map of places: see `beside`."""
        return "".join(self._shape(f'fill="{tone}"', [code]) for code, tone in beside.items())

    def quiet_names(self, beside, rows, circles):
        """Return the names of the kecamatan around, in small letters where those of `rows` and `circles` leave room."""
        taken = [*circles, *((*self._at(row), NAME_ROOM) for row in rows)]
        areas = Area.objects.filter(pk__in=beside).order_by("pk").values_list("name", "longitude", "latitude")
        points = ((name, *self.frame.at(float(east), float(north))) for name, east, north in areas)
        found = _names([(name, [(x, y)]) for name, x, y in points if self.frame.holds(x, y)], taken)
        return f'<g fill="#50525b" font-size="13" font-weight="500">{found}</g>' if found else ""

    def here(self, rows):
        """Return areas in another tone, with their real borders."""
        return self._shape('fill="#ecdfca"', [row["code"] for row in rows]) + self.lines(rows)

    def fills(self, rows):
        """Return the areas of rows, those with the same fill as one shape, on the land that they leave."""
        alike = {each: [row["code"] for row in rows if step(row["share"]) == each] for each, _words in step_words()}
        fills = "".join(self._shape(f'class="f f{each}"', codes) for each, codes in alike.items() if codes)
        covered = sum(len(self.outlines.inside(row["code"])) for row in rows) == len(self.outlines.areas)
        return fills if covered else self.land() + fills

    def _shape(self, look, codes):
        return f'<path {look} d="{path(self._rings(codes))}"/>'

    def lines(self, rows):
        """Return the real borders of rows."""
        rings = [ring for row in rows for ring in self.outlines.outline(self.outlines.inside(row["code"]))]
        drawn = {max(index, ~index) for ring in rings for index in ring} & self.outlines.lines
        found = path([self._run(index) for index in sorted(drawn)], closed=False)
        return f'<path fill="none" stroke="#fff" d="{found}"/>' if found else ""

    def child(self, row):
        """Return an area as a link to its page."""
        shape = self._shape(f'class="f f{step(row["share"])}"', [row["code"]])
        return _link(row["url"], "", lacking(row), shape + self.lines([row]))

    # Marks
    def circles(self, rows, radii, address, named=True):
        """Return a circle for each row, as large as what it lacks, with its name below; none covers another."""
        shown = [row for row in rows if row["needed"] and self.frame.holds(*self._at(row))]
        most = max([row["left"] for row in shown], default=0) or 1
        sizes = [round(radii[0] + (radii[1] - radii[0]) * sqrt(row["left"] / most)) for row in shown]
        places = apart([(*self._at(row), size + 1) for row, size in zip(shown, sizes, strict=True)])
        drawn = list(zip(shown, sizes, places, strict=True))
        names = [(row["name"], [(x, y + size + 16), (x, y - size - 6)]) for row, size, (x, y) in drawn if named]
        taken = [(x, y, size) for _row, size, (x, y) in drawn]
        return "".join(_circle(row, size, at, address) for row, size, at in drawn) + _names(names, taken)

    def _at(self, row):
        latitude, longitude = row["point"]
        return self.frame.at(longitude, latitude)

    def names(self, rows, circles=()):
        """Return the names of rows at their points, or a little below or above, where no circle is."""
        points = [(row["name"], *self._at(row)) for row in rows]
        return _names([(name, [(x, y + 5 + down) for down in SHIFTS]) for name, x, y in points], circles)

    def far_off(self, address):
        """Return a circle at the upper edge for each row that lies beyond it, with its name and an arrow."""
        return "".join(self._beyond(row, place, address) for place, row in enumerate(self.far))

    def _beyond(self, row, place, address):
        radius = LARGE[0]
        x, y = radius + 6 + 6 * place * radius, radius + 6
        arrow = f'<path fill="none" stroke="#17191f" stroke-width="2" d="M{x + radius + 13} {y + 7}v-14m-5 5 5-5 5 5"/>'
        name = f'<g text-anchor="start">{_text(x + radius + 24, y + 6, row["name"])}</g>'
        return _circle(row, radius, (x, y), address) + _halo([name]) + arrow

    def pin(self, place, point):
        """Return the pin of a place."""
        x, y = self.frame.at(*point)
        drop = f'<path class="s-need" stroke="#fff" d="M{x} {y}c-4-9-11-14-11-22a11 11 0 0 1 22 0c0 8-7 13-11 22z"/>'
        drop += f'<circle fill="#fff" cx="{x}" cy="{y - 22}" r="4"/>'
        hit = f'<circle fill="none" pointer-events="all" cx="{x}" cy="{y - 14}" r="{REACH}"/>'
        return _link(place["url"], "", f"{place['name']}: {place['words']}", hit + drop)


def _circle(row, radius, at, address):
    x, y = at
    amount = (number if row["left"] < (100_000 if radius >= LARGE[0] else 10_000) else short)(row["left"])
    mark = f'<circle cx="{x}" cy="{y}" r="{radius}"/>{_text(x, y + 5, amount)}'
    return _link(address(row["code"]), "spot", lacking(row), mark)


def _marks(*content):
    """Return what a map with a life of its own replaces by marks of its own."""
    return f'<g class="marks">{"".join(content)}</g>'


def _link(url, kind, title, content):
    """Return content as a link with a name; without an address just named."""
    content = format_html("<title>{}</title>{}", title, mark_safe(content))
    kind = format_html(' class="{}"', kind) if kind else ""
    return format_html('<a href="{}"{}>{}</a>', url, kind, content) if url else f"<g{kind}>{content}</g>"


def _text(x, y, words):
    return format_html('<text x="{}" y="{}">{}</text>', x, y, words)


def _names(names, circles=()):
    """Return names (words, spots), none over another or over a circle."""
    found = [_text(x, y, words) for words, x, y in legible(names, circles)]
    return _halo(found) if found else ""


def _halo(texts):
    """Return words that stay legible on any ground and let what lies beneath them be clicked."""
    look = 'paint-order="stroke" stroke="#fff" stroke-width="4" stroke-linejoin="round" pointer-events="none"'
    return f"<g {look}>{''.join(texts)}</g>"


# --- Words ------------------------------------------------------------------------------------------------------------
def lacking(row):
    """Return what an area lacks, in words."""
    if not row["needed"]:
        return _("%(name)s: tidak ada kebutuhan terbuka") % row
    if not row["left"]:
        return _("%(name)s: semua sudah ada yang menanggung") % row
    words = {"name": row["name"], "n": number(row["left"]), "share": fulfilled(row["share"])}
    return _("%(name)s: masih dibutuhkan %(n)s paket. %(share)s") % words


def border_words(properties, villages):
    """Return whether the borders of these kelurahan are guessed, "" when none is."""
    if properties["perkiraan"]:
        return _("Batas perkiraan")
    if some := len({*villages} & {*properties.get("perkiraan_di", ())}):
        return ngettext("Batas %(n)s kelurahan perkiraan", "Batas %(n)s kelurahan perkiraan", some) % {"n": some}
    return ""


def step_words():
    """Return (fill, words) of every step, from the least helped."""
    return [
        (1, _("di bawah 20 %")),
        (2, _("20–39 %")),
        (3, _("40–59 %")),
        (4, _("60–79 %")),
        (5, _("80 % atau lebih")),
        (0, _("tanpa kebutuhan")),
    ]
