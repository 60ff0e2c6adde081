"""About 600 invented institutions of every kind, more of them where more people live."""

from django.utils.text import slugify

from locations.models import Location, Precision

from . import names

COUNTS = {
    "umkm": 220,
    "sekolah": 160,
    "pesantren": 48,
    "panti-asuhan": 52,
    "panti-jompo": 14,
    "panti-disabilitas": 14,
    "bank-sampah": 40,
    "komunitas": 38,
    "lainnya": 14,
}
SIZES = {
    "umkm": (2, 9),
    "sekolah": (180, 720),
    "pesantren": (60, 420),
    "panti-asuhan": (24, 110),
    "panti-jompo": (20, 80),
    "panti-disabilitas": (20, 70),
    "bank-sampah": (40, 160),
    "komunitas": (60, 300),
    "lainnya": (20, 90),
}
WAITING = 12  # institutions that no level has checked to the end: work for verifiers
LANE = "Gang Pasar Kedip"
LANE_VILLAGE = "31.74.05.1001"


def institutions_of(areas, kinds, chance, scale):
    """Return the unsaved institutions of the city, the lane of BBN's gift among them."""
    villages = list(areas.values())
    weights = [area.population for area in villages]
    made, taken = [_lane(areas[LANE_VILLAGE], kinds["komunitas"])], set()
    for slug, count in COUNTS.items():
        for area in chance.choices(villages, weights, k=count * scale):
            made.append(_institution(area, kinds[slug], chance, taken))
    _register_businesses(made)
    for place in chance.sample(made[1:], WAITING):
        place.note = "menunggu"
    return made


def _lane(area, kind):
    return Location(
        code=f"{area.code.replace('.', '')}-{slugify(LANE)}",
        kind=kind,
        name=LANE,
        area=area,
        people=2600,
        vulnerable_families=650,
        precision=Precision.APPROXIMATE,
        note="Sumber menyebut “Gang Pasar Kedip, Kebayoran Lama”; kelurahannya pilihan kami.",
    )


def _institution(area, kind, chance, taken):
    name, code = _free_name(area, kind, chance, taken)
    smallest, largest = SIZES[kind.slug]
    return Location(
        code=code,
        kind=kind,
        name=name,
        area=area,
        address=names.street(chance),
        people=chance.randint(smallest, largest),
        precision=Precision.VILLAGE if kind.houses_children else Precision.APPROXIMATE,
    )


def _free_name(area, kind, chance, taken):
    while True:
        name = names.institution(kind.slug, chance)
        code = f"{area.code.replace('.', '')}-{slugify(name)}"
        if code not in taken:
            taken.add(code)
            return name, code


def _register_businesses(places):
    for number, place in enumerate((place for place in places if place.kind.slug == "umkm"), start=1):
        place.register, place.register_id = "Jakpreneur", f"JKP-CONTOH-{number:05d}"
