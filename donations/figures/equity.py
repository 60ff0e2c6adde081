"""How evenly help is promised: the share of what places lack that somebody covers, as of any day.

Today the guarded counters of the needs answer, for an earlier day the ledger does; both count what was promised or
more (diajukan + komitmen). A need counts while its period is open and its place is public.
"""

from dataclasses import dataclass

from django.db.models import Case, F, Q, Sum, When
from django.utils import timezone

from donations.models import EntryKind
from locations.models import Area, Location, Need
from locations.queries import WHOLE
from programs.models import NeedPeriod

from .scope import Scope, cached

CLASSES = 11  # 0–9 %, 10–19 %, … 90–99 %, and those that lack nothing


@dataclass(slots=True)
class Standing:
    """The needs of one place or kecamatan on a day, in packages; of one programme where one is chosen.

    `share` is the mean share promised of its needs, each alike, in billionths: the rule of lists and areas. A place's
    share counts all its needs whatever programme is chosen, as every list does; a kecamatan's only those chosen.
    """

    key: str
    name: str = ""
    area: str = ""
    places: int = 0
    needed: int = 0
    promised: int = 0
    committed: int = 0
    delivered: int = 0
    shares: int = 0
    needs: int = 0

    @property
    def left(self):
        return self.needed - self.promised

    @property
    def share(self):
        return self.shares // self.needs

    def weigh(self, needed, promised):
        self.shares += promised * WHOLE // needed
        self.needs += 1

    def add(self, needed, promised, committed, delivered):
        self.needed += needed
        self.promised += promised
        self.committed += committed
        self.delivered += delivered


@dataclass(frozen=True)
class Equity:
    """Places by class of fulfilment (see CLASSES) and the kecamatan, least fulfilled first."""

    classes: tuple
    districts: tuple

    @property
    def places(self):
        return sum(self.classes)

    @property
    def left(self):
        return sum(district.left for district in self.districts)


def equity(until=None, program=None):
    """Return the Equity at the end of `until` (default: now), of the places with needs of a programme, or of all."""
    return cached("equity", Scope(until, None, program), lambda: _equity(_rows(until), program))


def standings(until=None, program=None):
    """Return the Standing of each place with open needs at the end of `until` (default: now), named, in their order."""
    found = _by_place(_rows(until), program)
    names = Location.objects.in_bulk(found)
    for pk, place in sorted(found.items()):
        place.key, place.name, place.area = names[pk].code, names[pk].name, names[pk].area_id
        yield place


def class_of(share):
    """Return which of CLASSES a share in billionths falls into: whole tens of percent, rounded down."""
    return min(CLASSES - 1, share * (CLASSES - 1) // WHOLE)


def _equity(rows, program):
    classes = [0] * CLASSES
    for place in _by_place(rows, program).values():
        classes[class_of(place.share)] += 1
    return Equity(tuple(classes), tuple(_districts(rows, program)))


def _by_place(rows, program):
    found = {}
    for place, _area, programme, *amounts in rows:
        standing = found.get(place) or found.setdefault(place, Standing(place))
        standing.weigh(*amounts[:2])
        if program is None or programme == program.pk:
            standing.places = 1
            standing.add(*amounts)
    return {place: standing for place, standing in found.items() if standing.places}


def _districts(rows, program):
    found, seen = {}, set()
    for place, area, programme, *amounts in rows:
        if program and programme != program.pk:
            continue
        district = found.get(area[:8]) or found.setdefault(area[:8], Standing(area[:8], area=area[:8]))
        district.weigh(*amounts[:2])
        district.add(*amounts)
        if place not in seen:
            seen.add(place)
            district.places += 1
    for code, name in Area.objects.filter(pk__in=found).values_list("pk", "name"):
        found[code].name = name
    return sorted(found.values(), key=lambda district: (district.share, -district.left, district.key))


COLUMNS = ("location_id", "location__area_id", "package__program_id")


def _rows(until):
    """Return (place, its kelurahan, programme, needed, promised, committed, delivered) of each open need."""
    if until is None or until >= timezone.localdate():
        found = Need.objects.open().filter(quantity__gt=0)
        return list(found.values_list(*COLUMNS, "quantity", "reserved", "committed", "delivered"))
    found = _as_of(until).filter(quantity_then__gt=0)
    return list(found.values_list(*COLUMNS, "quantity_then", "reserved_then", "committed_then", "delivered_then"))


def _as_of(until):
    """Return the needs of the periods that were open at the end of a day, with what the ledger said of them then."""
    told = Q(entries__day__lte=until)
    raised = Q(entries__kind__in=(EntryKind.NEED_PUBLISHED, EntryKind.NEED_RAISED))
    lowered = Q(entries__kind=EntryKind.NEED_LOWERED)
    moved = Case(When(raised, then=F("entries__quantity")), When(lowered, then=-F("entries__quantity")), default=0)
    return (
        Need.objects.of_public_places()
        .filter(period__in=NeedPeriod.objects.open_on(until).values("pk"))
        .annotate(
            quantity_then=Sum(moved, filter=told, default=0),
            reserved_then=Sum("entries__reserved", filter=told, default=0),
            committed_then=Sum("entries__committed", filter=told, default=0),
            delivered_then=Sum("entries__delivered", filter=told, default=0),
        )
    )
