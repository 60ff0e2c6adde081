"""What the map's three files hold: the places in columns, their codes and names, their open needs."""

from collections import defaultdict
from datetime import timedelta
from itertools import groupby, pairwise
from operator import itemgetter

from django.utils import timezone

from programs.models import NeedPeriod, PackageType

from .models import Area, AreaLevel, Location, LocationKind, Need
from .queries import WHOLE
from .shown import short_city

GRID = 20_000  # points are whole numbers of 0.00005 degree, about 5 m
AGES = "0123456789abcdefghijklmnopqrstuvwxyz"  # weeks, the last for everything older
NEVER = "-"
FIELDS = (
    "area_id code pk kind_id is_priority shown_longitude shown_latitude fulfilment lacking "
    "vulnerable_families verified_at name"
).split()


def tables():
    """Return {"markers", "names", "needs"}: three tables of all public places, sorted by kelurahan and alike in order.

    In `markers`, `sisa` has only the places that lack something (0 ≤ terpenuhi < 100); `rentan` and `banyak` are per
    kelurahan; `n` counts a place's open needs, which follow each other in `needs`.
    """
    rows = _rows()
    places = dict(zip(FIELDS, zip(*rows, strict=True) if rows else [()] * len(FIELDS), strict=True))
    needs = _needs()
    return {
        "markers": {**_areas(rows), **_points(places), **_figures(places, needs)},
        "names": _names(rows, places),
        "needs": _need_columns(places["pk"], needs),
    }


def steps(numbers):
    """Return the differences of a list of whole numbers, the first as it is: small numbers compress well."""
    return [number - before for before, number in pairwise([0, *numbers])]


def open_periods():
    """Return the keys of the open periods: when they change, every place's figures do."""
    return list(NeedPeriod.objects.open().order_by("pk").values_list("pk", flat=True))


def _rows():
    places = Location.objects.public().with_point().with_fulfilment().with_lacking(Need.objects.all())
    return list(places.order_by("area_id", "pk").values_list(*FIELDS))


def _needs():
    """Return {place: [(package, quantity, reserved), …]} of the open needs."""
    needs, rows = defaultdict(list), Need.objects.in_open_periods().filter(quantity__gt=0)
    for place, *need in rows.order_by("location", "package", "pk").values_list(
        "location", "package", "quantity", "reserved"
    ):
        needs[place].append(need)
    return needs


def _areas(rows):
    """Return the kelurahan with their numbers of places and vulnerable families, and the areas above them."""
    villages = [(code, list(places)) for code, places in groupby(rows, itemgetter(0))]
    families = FIELDS.index("vulnerable_families")
    above = Area.objects.filter(level__in=(AreaLevel.CITY, AreaLevel.DISTRICT)).order_by("pk")
    return {
        "wilayah": [
            [code, short_city(name), round(east * GRID), round(north * GRID)]
            for code, name, east, north in above.values_list("pk", "name", "longitude", "latitude")
        ],
        "kelurahan": [code for code, _places in villages],
        "banyak": [len(places) for _code, places in villages],
        "rentan": [sum(place[families] or 0 for place in places) for _code, places in villages],
    }


def _points(places):
    """Return where the places are and what they are."""
    kinds = list(LocationKind.objects.order_by("position", "pk").values_list("pk", "slug", "name"))
    position = {pk: index for index, (pk, _slug, _name) in enumerate(kinds)}
    return {
        "jenis": [{"slug": slug, "nama": name} for _pk, slug, name in kinds],
        "id": steps(places["pk"]),
        "j": [position[kind] for kind in places["kind_id"]],
        "p": "".join("01"[flag] for flag in places["is_priority"]),
        "x": steps([round(degrees * GRID) for degrees in places["shown_longitude"]]),
        "y": steps([round(degrees * GRID) for degrees in places["shown_latitude"]]),
    }


def _figures(places, needs):
    """Return what the places lack and when they were verified."""
    shares = [percent(share) for share in places["fulfilment"]]
    newest, ages = _ages(places["verified_at"])
    return {
        "terpenuhi": shares,
        "sisa": [left for left, share in zip(places["lacking"], shares, strict=True) if 0 <= share < 100],
        "n": [len(needs.get(pk, ())) for pk in places["pk"]],
        "diperiksa": newest,
        "usia": ages,
    }


def percent(fulfilment):
    """Return a place's fulfilment (billionths or None) as the file has it: whole percents rounded down, or -1."""
    return -1 if fulfilment is None else fulfilment * 100 // WHOLE


def _ages(moments):
    """Return (Monday of the newest verification or None, how many weeks before it each place was verified)."""
    mondays = [moment and _monday(moment) for moment in moments]
    newest = max(filter(None, mondays), default=None)
    ages = (NEVER if day is None else AGES[min((newest - day).days // 7, len(AGES) - 1)] for day in mondays)
    return newest and newest.isoformat(), "".join(ages)


def _monday(moment):
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def _names(rows, places):
    """Return the places' codes and names, and the kelurahan's names."""
    areas = dict(Area.objects.filter(level=AreaLevel.VILLAGE).values_list("pk", "name"))
    return {
        "kelurahan": [areas[code] for code, _places in groupby(rows, itemgetter(0))],
        "kode": [short_code(area, code) for area, code in zip(places["area_id"], places["code"], strict=True)],
        "nama": list(places["name"]),
    }


def short_code(area, code):
    """Return what a place's code says beyond its kelurahan; "=" and all of it when it does not start with that."""
    before = area.replace(".", "") + "-"
    return code.removeprefix(before) if code.startswith(before) else f"={code}"


def _need_columns(keys, needs):
    slugs = dict(PackageType.objects.order_by("pk").values_list("pk", "slug"))
    position = {pk: index for index, pk in enumerate(slugs)}
    found = [need for pk in keys for need in needs.get(pk, ())]
    return {
        "paket": list(slugs.values()),
        "k": [position[package] for package, _quantity, _reserved in found],
        "butuh": [quantity for _package, quantity, _reserved in found],
        "janji": [reserved for _package, _quantity, reserved in found],
    }
