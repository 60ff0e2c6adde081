"""Which places a promise goes to: an endless round over those that may get a package, each need taken once."""

from datetime import date
from itertools import cycle

from .institutions import LANE, LANE_VILLAGE

FIRST_DAY = date(2020, 5, 2)
FIRST_VILLAGES, FIRST_RW = 69, 118  # press release 1255/SP-HMS/05/2020, as of 2 May 2020
FIRST_CITIES = ("31.71", "31.72", "31.73", "31.74", "31.75")
FOOD_KINDS = ("pesantren", "panti-asuhan", "panti-jompo", "panti-disabilitas", "komunitas", "lainnya")
HOMES = {
    "sarana": "umkm",
    "pinjaman-modal": "umkm",
    "pelatihan": "umkm",
    "smartphone": "sekolah",
    "tablet": "sekolah",
    "komputer": "sekolah",
    "laptop": "sekolah",
}


class Pools:
    """Remembers for every package whose turn it is, and which needs are taken."""

    def __init__(self, places, chance, scale):
        self.places, self.chance, self.scale = places, chance, scale
        self.used, self.rounds = set(), {}
        self.first = self._first()

    def take(self, package, batch):
        """Return the next place whose need of this package in the batch's period nobody took."""
        for place in self._round(package, batch):
            if self.claim(place, package, batch.period):
                return place
        raise LookupError(package)

    def claim(self, place, package, period):
        """Take one need; False when it is taken."""
        key = (place.pk, package, period)
        free = key not in self.used
        self.used.add(key)
        return free

    def _round(self, package, batch):
        early = batch.last <= FIRST_DAY
        key = (package, batch.period if early else "")
        if key not in self.rounds:
            self.rounds[key] = cycle(self._early(batch) if early else self._order(package))
        return self.rounds[key]

    def _early(self, batch):
        """The second period begins at the other end, so that both together reach all."""
        return self.first if batch.period == "2020-04-24" else self.first[::-1]

    def _order(self, package):
        """Return the places that may get a package, kelurahan by kelurahan in a random order."""
        turn = {code: self.chance.random() for code in self.places.areas}
        some = self.places.of_kind(HOMES[package]) if package in HOMES else self._hungry(package)
        return sorted((place for place in some if place.published), key=lambda place: (turn[place.area_id], place.code))

    def _hungry(self, package):
        institutions = [] if package == "thr" else self.places.of_kind(*FOOD_KINDS)
        return [place for place in self.places.rw if place.is_priority] + institutions

    def _first(self):
        """Return the places reached by 2 May: 118 RW in 69 kelurahan of five kota, and a few institutions there."""
        by_village = {}
        for place in self.places.rw:
            if place.is_priority:
                by_village.setdefault(place.area_id, []).append(place)
        chosen = self._first_villages(by_village)
        firsts = [by_village[code][0] for code in chosen]
        others = [place for code in chosen for place in by_village[code][1:]]
        pool = firsts + self.chance.sample(others, FIRST_RW * self.scale - len(firsts))
        homes = self.places.of_kind(*FOOD_KINDS)
        pool += [place for place in homes if place.area_id in chosen and place.published and place.name != LANE]
        self.chance.shuffle(pool)
        return pool

    def _first_villages(self, by_village):
        codes = sorted(by_village, key=lambda code: (code != LANE_VILLAGE, self.chance.random()))
        by_city = [[code for code in codes if code.startswith(city)] for city in FIRST_CITIES]
        return [code for each in zip(*by_city, strict=False) for code in each][:FIRST_VILLAGES]
