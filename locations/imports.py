"""What files about areas look like: borders as GeoJSON, found by their Kemendagri code."""

import json
import re
from dataclasses import dataclass

import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from shapely.geometry import shape

from ksbb.core.imports import FileRefused

from .filters import area_code
from .models import Area, AreaLevel

# What registers call the column with the ministry's code, letters only; the first that is there is taken.
CODE_NAMES = (
    "kodekemendagri kemendagri kdepum kdcpum kodekelurahan kodedesa kodekel kelurahancode villagecode kodekecamatan "
    "kodekec kecamatancode districtcode kodewilayah kode code kd id"
).split()
NAMES = ("nama", "name", "namakelurahan", "kelurahan", "wadmkd", "namobj", "namakecamatan", "kecamatan", "wadmkc")
CODE = re.compile(r"\d{2}\.?\d{2}\.?\d{2,3}(\.?\d{3,4})?")  # also the shapes of BPS, to refuse them by name
FEATURES = re.compile(r'"features"\s*:\s*\[')
LEVELS = (AreaLevel.VILLAGE, AreaLevel.DISTRICT)
FAR_DEGREES = 0.05  # about 5 km: a border that lies further from its area's point is another area's
METRE = 0.00001  # degrees


@dataclass
class Feature:
    """One feature of the file: the line where it begins, its number, and what it says."""

    line: int
    number: int
    properties: dict
    geometry: object
    key: object = None

    @property
    def label(self):
        """Return what to call it when something is wrong."""
        name = next((value for name in NAMES if (value := self.named(name))), "")
        return _("fitur ke-%(number)s (%(name)s)") % {"number": self.number, "name": name or "?"}

    def named(self, wanted):
        """Return the value of a property, whatever the case and dashes of its name."""
        return next((value for name, value in self.properties.items() if letters(name) == wanted), None)

    def code(self):
        """Return (name of the property that holds the code, its text): the first that looks like one, if any does."""
        named = [
            (name, digits(value))
            for wanted in CODE_NAMES
            for name, value in self.properties.items()
            if letters(name) == wanted and value not in (None, "")
        ]
        named = [*named, ("id", digits(self.key))]
        return next((pair for pair in named if CODE.fullmatch(pair[1])), named[0])


def letters(name):
    return re.sub(r"[^a-z]", "", str(name).lower())


def digits(value):
    """Return a code as text: sheets and scripts like to make numbers of it."""
    return f"{value:.0f}" if isinstance(value, float) else str("" if value is None else value).strip()


# --- The file ---------------------------------------------------------------------------------------------------------
def read_boundaries(path, report):
    """Return {Kemendagri code: GeoJSON Polygon or MultiPolygon in degrees} of a file of borders; see `Kind.read`.

    None for an area whose feature says `"geometry": null`: its border is withdrawn.
    """
    areas = Area.objects.filter(level__in=LEVELS).in_bulk()
    found = {}
    for feature in features(path):
        area, geometry = _checked(feature, areas, report)
        if area is None:
            continue
        if geometry is None:
            report.warn(feature.line, "geometry", _("%s: batasnya ditarik; peta memakai batas perkiraan.") % area)
        if area.pk in found:
            report.warn(feature.line, "geometry", _("%s: wilayah ini sudah ada di atas; keduanya digabung.") % area)
            geometry = _together(found[area.pk], geometry)
        found[area.pk] = geometry
    return {code: each and _table(each) for code, each in found.items()}


def _table(geometry):
    return json.loads(shapely.to_geojson(shapely.set_precision(geometry, METRE)))


def _together(*parts):
    given = [part for part in parts if part is not None]
    return shapely.union_all(given) if given else None


def features(path):
    """Return the features of a GeoJSON file; FileRefused for anything else."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = json.loads(text)
    except OSError:
        raise FileRefused(1, "", _("Berkas ini tidak dapat dibuka.")) from None
    except UnicodeDecodeError:
        raise FileRefused(1, "", _("Berkas ini bukan teks UTF-8.")) from None
    except json.JSONDecodeError as error:
        raise FileRefused(error.lineno, "", _("Berkas ini bukan JSON yang utuh.")) from None
    if not isinstance(table, dict) or table.get("type") != "FeatureCollection" or not table.get("features"):
        raise FileRefused(1, "type", _("Berkas ini bukan GeoJSON FeatureCollection dengan sedikitnya satu fitur."))
    rows = table["features"]
    places = zip(rows, _lines(text, len(rows)), strict=True)
    return [_feature(row, line, number) for number, (row, line) in enumerate(places, 1)]


def _feature(row, line, number):
    row = row if isinstance(row, dict) else {}
    properties = row.get("properties")
    return Feature(
        line, number, properties if isinstance(properties, dict) else {}, row.get("geometry", {}), row.get("id")
    )


def _lines(text, count):
    """Return the line on which each of the features begins."""
    decoder, at, lines = json.JSONDecoder(), FEATURES.search(text).end(), []
    for _number in range(count):
        at = re.compile(r"[\s,]*").match(text, at).end()
        lines.append(text.count("\n", 0, at) + 1)
        _value, at = decoder.raw_decode(text, at)
    return lines


# --- One feature ------------------------------------------------------------------------------------------------------
def _checked(feature, areas, report):
    """Return (Area, geometry or None to withdraw it) of a feature, (None, None) for what is refused."""
    name, text = feature.code()
    try:
        area = _area(text, areas)
        return area, None if feature.geometry is None else _geometry(feature.geometry, area)
    except ValidationError as refusal:
        column = name if refusal.code == "code" else "geometry"
        report.refuse(feature.line, column, f"{feature.label}: {refusal.message}")
        return None, None


def _area(text, areas):
    if not text:
        raise ValidationError(_("kode wilayahnya tidak ditemukan. Beri kolom “kode”."), "code")
    try:
        code = area_code(text)
    except ValidationError as refusal:
        raise ValidationError(refusal.message, "code") from refusal
    if code not in areas:
        raise ValidationError(_("kode %s bukan kelurahan atau kecamatan dalam daftar wilayah.") % code, "code")
    return areas[code]


def _geometry(table, area):
    """Return a valid Polygon or MultiPolygon; ValidationError with what is wrong."""
    _check_rings(table)
    geometry = shapely.make_valid(shapely.force_2d(shape(table)), method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    geometry = shapely.union_all(parts)
    if geometry.is_empty:
        raise ValidationError(_("batasnya tidak melingkupi apa pun."))
    away = geometry.distance(shapely.Point(float(area.longitude), float(area.latitude)))
    if away > FAR_DEGREES:
        words = _("batasnya %(km)s km dari %(area)s. Kodenya mungkin kode BPS, atau bujur dan lintangnya tertukar.")
        raise ValidationError(words % {"km": round(away * 111), "area": area})
    return geometry


def _check_rings(table):
    if not isinstance(table, dict) or table.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValidationError(_("batas harus berupa Polygon atau MultiPolygon."))
    polygons = table.get("coordinates")
    for polygon in [polygons] if table["type"] == "Polygon" else _list(polygons):
        for ring in _list(polygon):
            _check_ring(_list(ring))


def _check_ring(ring):
    if not all(_is_point(point) for point in ring):
        raise ValidationError(_("ada titik yang bukan bujur dan lintang dalam derajat (WGS 84)."))
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValidationError(_("garisnya tidak tertutup: titik pertama dan terakhir harus sama."))


def _is_point(point):
    numbers = isinstance(point, list) and len(point) >= 2 and all(type(edge) in (int, float) for edge in point[:2])
    return numbers and -180 <= point[0] <= 180 and -90 <= point[1] <= 90


def _list(value):
    if not isinstance(value, list) or not value:
        raise ValidationError(_("koordinatnya kosong atau bukan daftar."))
    return value
