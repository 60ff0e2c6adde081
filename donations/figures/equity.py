"""How evenly help is promised: the share of what places lack that somebody covers, as of any day.

Today the guarded counters of the needs answer, for an earlier day the ledger does; both count what was promised or
more (diajukan + komitmen). A need counts while its period is open and its place is public.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, F, Q, Sum, When
from django.utils import timezone

from donations.models import EntryKind
from locations.models import Area, Location, Need
from locations.queries import WHOLE
from programs.models import NeedPeriod

from .scope import Scope, cached

CLASSES = 11  # 0–9 %, 10–19 %, … 90–99 %, and those that lack nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """The needs of one place or kecamatan on a day, in packages; of one programme where one is chosen.

    `share` is the mean share promised of its needs, each alike, in billionths: the rule of lists and areas. A place's
    share counts all its needs whatever programme is chosen, as every list does; a kecamatan's only those chosen.
    """

    key: str
    name: str
    area: str
    places: int
    share: int
    needed: int
    promised: int
    committed: int
    delivered: int

    @property
    def left(self):
        return self.needed - self.promised


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
    places = _grouped(_rows(until), lambda need: need[0])
    found = {pk: needs for pk, needs in sorted(places.items()) if _chosen(needs, program)}
    named = Location.objects.in_bulk(found)
    for pk, needs in found.items():
        about = (named[pk].code, named[pk].name, named[pk].area_id, 1)
        yield Standing(*about, _mean(needs), *_sums(_chosen(needs, program)))


def class_of(share):
    """Return which of CLASSES a share in billionths falls into: whole tens of percent, rounded down."""
    return min(CLASSES - 1, share * (CLASSES - 1) // WHOLE)


def _equity(rows, program):
    classes = [0] * CLASSES
    for needs in _grouped(rows, lambda need: need[0]).values():
        if _chosen(needs, program):
            classes[class_of(_mean(needs))] += 1
    return Equity(tuple(classes), tuple(_districts(_chosen(rows, program))))


def _districts(rows):
    districts = _grouped(rows, lambda need: need[1][:8])
    names = dict(Area.objects.filter(pk__in=districts).values_list("pk", "name"))
    found = [
        Standing(code, names[code], code, len({need[0] for need in needs}), _mean(needs), *_sums(needs))
        for code, needs in districts.items()
    ]
    return sorted(found, key=lambda district: (district.share, -district.left, district.key))


def _grouped(rows, key):
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _chosen(rows, program):
    return [row for row in rows if row[2] == program.pk] if program else rows


def _mean(rows):
    """Return the mean of promised ÷ needed, each need alike, in billionths."""
    return sum(row[4] * WHOLE // row[3] for row in rows) // len(rows)


def _sums(rows):
    """Return needed, promised, committed and delivered of some needs together."""
    return [sum(column) for column in list(zip(*rows, strict=True))[3:]]


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
