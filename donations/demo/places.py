"""Every RW of the register, with vulnerable families scaled from the kelurahan's population, and its RT rows."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate

from donations.models import ContactPerson
from ksbb.core.crypto import encrypt, link_hash, private_link
from locations.models import Area, AreaLevel, Location, LocationKind, Precision, RtRow, Verification
from locations.reference import rt_register, rw_register

from . import names
from .institutions import institutions_of
from .points import spread

PRIORITY_RW = 2000  # CoHive webinar, May 2020
PERSONS_PER_FAMILY = 3.2
SETTLEMENT_RW = 68  # beritajakarta 87387: KSBB Penataan Permukiman, locations in 68 RW
RAGUNAN = ("31.74.04.1004", 5)
RAGUNAN_FAMILIES = 1016  # at least the 954 families that JNE's packages reached (beritajakarta 79842)
ITEMS = ("penghijauan gang", "sanitasi bersama", "lampu dan bak sampah gang", "saluran air")


@dataclass
class Places:
    """The city's places by what the demo does with them."""

    areas: dict
    rw: list = field(default_factory=list)
    institutions: list = field(default_factory=list)
    settlements: set = field(default_factory=set)

    @property
    def every(self):
        return [*self.rw, *self.institutions]

    def of_kind(self, *slugs):
        """Return the institutions of some kinds."""
        return [place for place in self.institutions if place.kind.slug in slugs]

    def find_rw(self, village, number):
        """Return one RW by its kelurahan's code and number."""
        return next(place for place in self.rw if place.area_id == village and place.rw == number)


def build(store, chance, scale, staff, now):
    """Return the Places of the city, waiting in `store` with contacts, RT rows and verifications."""
    kinds = {kind.slug: kind for kind in LocationKind.objects.all()}
    areas = {area.code: area for area in Area.objects.filter(level=AreaLevel.VILLAGE).order_by("code")}
    places = Places(areas)
    for area in areas.values():
        places.rw += _neighbourhoods(area, kinds["rw"], chance, scale)
    places.institutions = institutions_of(areas, kinds, chance, scale)
    _mark_priority(places.rw, chance, scale)
    _mark_settlements(places, chance, scale)
    _put_on_the_map(places, chance)
    for place in places.every:
        store.add(place)
        _verify(store, place, chance, staff, now)
        _contact(store, place, chance)
        if place.rw:
            _rt_rows(store, place, chance)
    return places


def _neighbourhoods(area, kind, chance, scale):
    """Return the RW of a kelurahan; at scale n each number comes n times, a hundred apart."""
    numbers = [number + 100 * turn for turn in range(scale) for number in sorted(rw_register()[area.code])]
    weights = [chance.uniform(0.6, 1.4) for _ in numbers]
    people_each = scale * area.population / sum(weights)
    sizes = [round(weight * people_each) for weight in weights]
    return [_rw(area, kind, number, size, chance) for number, size in zip(numbers, sizes, strict=True)]


def _rw(area, kind, number, people, chance):
    families = max(12, round(people / PERSONS_PER_FAMILY * chance.uniform(0.15, 0.42)))
    return Location(
        code=f"{area.code.replace('.', '')}-rw{number:02d}",
        kind=kind,
        name=f"RW {number:02d} {area.name}",
        area=area,
        rw=number,
        people=people,
        vulnerable_families=RAGUNAN_FAMILIES if (area.code, number) == RAGUNAN else families,
        precision=Precision.APPROXIMATE,
    )


def _mark_priority(neighbourhoods, chance, scale):
    """Mark the RW with the largest share of vulnerable families, two thousand in all."""
    ranked = sorted(
        neighbourhoods, key=lambda place: -place.vulnerable_families / (place.people + 50) * chance.uniform(0.9, 1.1)
    )
    ranked.sort(key=lambda place: (place.area_id, place.rw) != RAGUNAN)
    for place in ranked[: PRIORITY_RW * scale]:
        place.is_priority = True


def _mark_settlements(places, chance, scale):
    chosen = chance.sample([place for place in places.rw if place.is_priority], SETTLEMENT_RW * scale)
    for number, place in enumerate(chosen, start=1):
        place.document = "Community Action Plan 2019"
        place.document_item = f"Butir {number % 9 + 1}: {chance.choice(ITEMS)}"
    places.settlements = {place.code for place in chosen}


def _put_on_the_map(places, chance):
    by_area = {}
    for place in places.every:
        by_area.setdefault(place.area_id, []).append(place)
    for code, inside in by_area.items():
        chance.shuffle(inside)
        for place, (longitude, latitude) in zip(inside, spread(places.areas[code], len(inside)), strict=True):
            place.longitude, place.latitude = longitude, latitude


def _verify(store, place, chance, staff, now):
    """Let a place pass the levels, each checked by somebody else; a few still wait for Pokja."""
    steps = staff.steps(place.area_id)
    if place.note == "menunggu":
        steps, place.note = steps[: chance.randint(0, 1)], ""
    day = now - timedelta(days=chance.randint(3, 30), hours=chance.randint(0, 8))
    place.created_by = staff.proposer
    for level, person in steps:
        place.verified_level, place.verified_at = level, day
        store.add(Verification(location=place, level=level, at=day, by=person))
        day += timedelta(hours=chance.randint(4, 20))
    place.published = len(steps) == 3


def _rt_rows(store, place, chance):
    """Divide the RW's vulnerable families over its RT, as many as the register's average in the kelurahan."""
    count = max(2, round(rt_register()[place.area_id] / len(rw_register()[place.area_id])))
    weights = list(accumulate(chance.uniform(0.5, 1.5) for _ in range(count)))
    edges = [0, *(round(place.vulnerable_families * weight / weights[-1]) for weight in weights)]
    for rt in range(1, count + 1):
        store.add(RtRow(location=place, rt=rt, families=edges[rt] - edges[rt - 1]))


def _contact(store, place, chance):
    number = len(store.rows[ContactPerson])
    contact = store.add(
        ContactPerson(
            location=place,
            role="Ketua RW" if place.rw else "Pengurus",
            name_cipher=encrypt(names.person(chance)),
            phone_cipher=encrypt(f"62811000{number % 10_000:05d}"),
            email_cipher=encrypt(f"{place.code}@contoh.id"),
        )
    )
    contact.link_hash = link_hash(private_link("contact", contact.pk, contact.link_generation))
