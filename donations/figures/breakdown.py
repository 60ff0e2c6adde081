"""The totals by day, week, area, package or category: rows that sum to them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donations.models import Category
from donations.summaries import TOTALS
from locations.models import Area
from programs.models import PackageType

from .scope import Scope, cached, package_slugs, query


@dataclass(frozen=True)
class Row:
    """One line of a breakdown; the three bases sum to the totals."""

    key: str
    name: str
    submitted: int
    committed: int
    delivered: int


def breakdown(per, until=None, since=None, program=None):
    """Return the Rows of the totals per `hari`, `minggu`, `kota`, `kecamatan`, `kelurahan`, `paket` or `kategori`.

    Raises KeyError for any other word.
    """
    scope = Scope(until, since, program)
    key, names = BREAKDOWNS[per]
    return cached(f"per-{per}", scope, lambda: _breakdown(key, names, scope))


def _breakdown(key, names, scope):
    where, params = scope.where()
    rows = query(
        f"SELECT {key}, SUM(reserved), SUM(committed), SUM(delivered) "  # noqa: S608
        f"FROM {TOTALS.flow()} AS flow WHERE {where} GROUP BY 1",
        params,
    )
    sums = {str(group): tuple(map(int, rest)) for group, *rest in rows}
    return [
        Row(key, name, reserved - committed, committed, delivered)
        for key, name, (reserved, committed, delivered) in names(scope, sums)
    ]


def delivered_by_city(until=None, since=None, program=None):
    """Return {kota's code: {day: packages delivered on it}}, days as ISO text: the trend of each kota."""
    scope = Scope(until, since, program)
    return cached("delivered-by-city", scope, lambda: _delivered_by_city(scope))


def _delivered_by_city(scope):
    where, params = scope.where()
    rows = query(
        "SELECT SUBSTR(area_id, 1, 5), day, SUM(delivered) "  # noqa: S608
        f"FROM {TOTALS.flow()} AS flow WHERE {where} GROUP BY 1, 2",
        params,
    )
    cities = {}
    for city, day, delivered in rows:
        cities.setdefault(city, {})[str(day)] = int(delivered)
    return cities


def _days(scope, sums):
    return [(day, date_format(date.fromisoformat(day), "j F Y"), sums[day]) for day in sorted(sums)]


def _weeks(scope, sums):
    weeks = {}
    for day, moved in sums.items():
        monday = date.fromisoformat(day)
        monday -= timedelta(days=monday.weekday())
        weeks[monday] = tuple(map(sum, zip(weeks.get(monday, (0, 0, 0)), moved, strict=True)))
    return [
        (monday.isoformat(), _("Minggu mulai %s") % date_format(monday, "j F Y"), weeks[monday])
        for monday in sorted(weeks)
    ]


def _areas(scope, sums):
    names = Area.objects.filter(pk__in=sums).order_by("pk").values_list("pk", "name")
    return [(code, name, sums[code]) for code, name in names]


def _package_rows(scope, sums):
    names = dict(PackageType.objects.values_list("slug", "name"))
    by_slug = {slug: sums.get(str(pk), (0, 0, 0)) for pk, slug in package_slugs(scope.program).items()}
    return [(slug, names[slug], moved) for slug, moved in by_slug.items()]


def _categories(scope, sums):
    return [(value, str(label), sums.get(value, (0, 0, 0))) for value, label in Category.choices]


# What the contract's word groups by (an SQL expression over the flow), and how the groups get names and order.
BREAKDOWNS = {
    "hari": ("day", _days),
    "minggu": ("day", _weeks),
    "kota": ("SUBSTR(area_id, 1, 5)", _areas),
    "kecamatan": ("SUBSTR(area_id, 1, 8)", _areas),
    "kelurahan": ("area_id", _areas),
    "paket": ("package_id", _package_rows),
    "kategori": ("category", _categories),
}
