"""The numbers shown to the public: computed from the ledger, as of any date, by basis (rule 3).

Definitions, version 1 (the contract's, in people's words on `/transparansi/definisi/`): up to and including a day
(WIB) by the entries' effective time, *submitted* (diajukan) is promised but not confirmed, lapsed or withdrawn;
*committed* (komitmen) is accepted, delivered or not, less what was withdrawn or fell short; *delivered* (tersalurkan)
is received well, less what was given back. All quantities are packages, money is integer rupiah.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donations.models import Category, EntryKind
from donations.summaries import FAMILIES, FUNDS, LINES, TOTALS
from ksbb.core.version import data_version
from locations.models import Area
from programs.models import PackageType, Program

DEFINITION_VERSION = 1
PERSONS_PER_FAMILY = 4  # source: reference packages of 30 April 2020, "1 KK = 4 persons assumed"


@dataclass(frozen=True)
class Quantity:
    """Packages of one basis, in all and by package slug (every package listed, zero included)."""

    total: int
    by_package: dict


@dataclass(frozen=True)
class Givers:
    """Distinct givers, in all and by category (every category listed)."""

    total: int
    by_category: dict


@dataclass(frozen=True)
class Reach:
    """Distinct areas, and places of kind RW, with komitmen above zero."""

    cities: int
    districts: int
    villages: int
    neighbourhoods: int


@dataclass(frozen=True)
class Recipients:
    """Families with a recorded receipt; persons counted, or four to a family (then `basis` is "perkiraan")."""

    families: int
    persons: int
    basis: str


@dataclass(frozen=True)
class Funds:
    """Contributions in rupiah: received = used + refunded + cost + balance (rule 5)."""

    received: int
    used: int
    refunded: int
    cost: int

    @property
    def balance(self):
        return self.received - self.used - self.refunded - self.cost


@dataclass(frozen=True)
class Figures:
    submitted: Quantity
    committed: Quantity
    delivered: Quantity
    collaborators: Givers
    collaborations: int
    reach: Reach
    recipients: Recipients
    funds: Funds


@dataclass(frozen=True)
class Row:
    """One line of a breakdown; the three bases sum to the totals."""

    key: str
    name: str
    submitted: int
    committed: int
    delivered: int


@dataclass(frozen=True)
class Scope:
    """What a figure counts: entries from `since` to `until` (both inclusive, WIB; None is open), of one programme."""

    until: date | None = None
    since: date | None = None
    program: Program | None = None

    def where(self, *, by="package"):
        """Return (SQL condition, parameters) over a flow's columns; `by` says which column knows the programme."""
        conditions, params = ["TRUE"], []
        if self.until:
            conditions.append("day <= %s")
            params.append(self.until)
        if self.since:
            conditions.append("day >= %s")
            params.append(self.since)
        if self.program and by == "package":
            conditions.append("package_id IN (SELECT id FROM programs_packagetype WHERE program_id = %s)")
            params.append(self.program.pk)
        elif self.program:
            conditions.append("program_id = %s")
            params.append(self.program.pk)
        return " AND ".join(conditions), params


def totals(until=None, since=None, program=None):
    """Return the Figures as of the end of `until` (default: now), optionally from `since` and of one programme."""
    scope = Scope(until, since, program)
    return _cached("totals", scope, lambda: _totals(scope))


def breakdown(per, until=None, since=None, program=None):
    """Return the Rows of the totals per `hari`, `minggu`, `kota`, `kecamatan`, `kelurahan`, `paket` or `kategori`.

    Raises KeyError for any other word.
    """
    scope = Scope(until, since, program)
    key, names = BREAKDOWNS[per]
    return _cached(f"per-{per}", scope, lambda: _breakdown(key, names, scope))


def _cached(name, scope, compute):
    program = scope.program.slug if scope.program else ""
    key = f"figures:{data_version()}:{name}:{scope.until}:{scope.since}:{program}"
    return cache.get_or_set(key, compute, 600)


def query(sql, params):
    """Return all rows of one reading statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _totals(scope):
    submitted, committed, delivered = _quantities(scope)
    collaborators, collaborations = _givers(scope)
    return Figures(
        submitted=submitted,
        committed=committed,
        delivered=delivered,
        collaborators=collaborators,
        collaborations=collaborations,
        reach=_reach(scope),
        recipients=_recipients(scope),
        funds=_funds(scope),
    )


def _packages(program):
    packages = PackageType.objects.order_by("program__position", "program_id", "position", "pk")
    packages = packages.filter(program=program) if program else packages
    return dict(packages.values_list("pk", "slug"))


def _quantities(scope):
    where, params = scope.where()
    rows = query(
        "SELECT package_id, SUM(reserved), SUM(committed), SUM(delivered) "  # noqa: S608 - names of ours only
        f"FROM {TOTALS.flow()} AS flow WHERE {where} GROUP BY package_id",
        params,
    )
    sums = {
        pk: (int(reserved - committed), int(committed), int(delivered)) for pk, reserved, committed, delivered in rows
    }
    slugs = _packages(scope.program)
    bases = [{slug: sums.get(pk, (0, 0, 0))[basis] for pk, slug in slugs.items()} for basis in range(3)]
    return [Quantity(sum(by_package.values()), by_package) for by_package in bases]


def _givers(scope):
    """Count distinct givers of a commitment with komitmen above zero or of a contribution not wholly refunded."""
    where, params = scope.where()
    giving = query(
        "SELECT flow.commitment_id, collaborator.giver_id, collaborator.category "  # noqa: S608
        f"FROM (SELECT commitment_id FROM {LINES.flow()} AS flow WHERE {where} "
        "GROUP BY commitment_id HAVING SUM(committed) > 0) AS flow "
        "JOIN donations_commitment AS commitment ON commitment.id = flow.commitment_id "
        "JOIN donations_collaborator AS collaborator ON collaborator.id = commitment.collaborator_id",
        params,
    )
    category_of = {giver: category for _commitment, giver, category in giving}
    category_of.update({giver: category_of.get(giver, category) for giver, category in _funders(scope)})
    by_category = dict.fromkeys(Category.values, 0)
    for category in category_of.values():
        by_category[category] += 1
    return Givers(len(category_of), by_category), len(giving)


def _fund_flow():
    """Return the fund flow with the programme its money was given for (null: where most needed)."""
    return (
        f"(SELECT fund.*, contribution.program_id, contribution.collaborator_id FROM {FUNDS.flow()} AS fund "  # noqa: S608
        "JOIN donations_contribution AS contribution ON contribution.id = fund.contribution_id)"
    )


def _funders(scope):
    where, params = scope.where(by="program")
    return query(
        "SELECT collaborator.giver_id, collaborator.category "  # noqa: S608
        f"FROM (SELECT collaborator_id FROM {_fund_flow()} AS flow WHERE {where} "
        "GROUP BY contribution_id, collaborator_id HAVING SUM(received) > SUM(refunded)) AS flow "
        "JOIN donations_collaborator AS collaborator ON collaborator.id = flow.collaborator_id",
        params,
    )


def _reach(scope):
    where, params = scope.where()
    rows = query(
        "SELECT flow.area_id, kind.slug "  # noqa: S608
        f"FROM (SELECT location_id, area_id FROM {LINES.flow()} AS flow WHERE {where} "
        "GROUP BY location_id, area_id HAVING SUM(committed) > 0) AS flow "
        "JOIN locations_location AS location ON location.id = flow.location_id "
        "JOIN locations_locationkind AS kind ON kind.id = location.kind_id",
        params,
    )
    return Reach(
        cities=len({area[:5] for area, _kind in rows}),
        districts=len({area[:8] for area, _kind in rows}),
        villages=len({area for area, _kind in rows}),
        neighbourhoods=sum(kind == "rw" for _area, kind in rows),
    )


def _recipients(scope):
    kind = EntryKind.FAMILY_RECORDED if scope.program else EntryKind.FAMILY_FIRST
    where, params = scope.where(by="program")
    [(families, persons, uncounted)] = query(
        "SELECT COALESCE(SUM(families), 0), COALESCE(SUM(persons), 0), COALESCE(SUM(uncounted), 0) "  # noqa: S608
        f"FROM {FAMILIES.flow()} AS flow WHERE {where} AND kind = %s",
        [*params, kind.value],
    )
    return Recipients(
        families=int(families),
        persons=int(persons + PERSONS_PER_FAMILY * uncounted),
        basis="perkiraan" if uncounted else "tercatat",
    )


def _funds(scope):
    where, params = scope.where(by="program")
    [sums] = query(
        "SELECT COALESCE(SUM(received), 0), COALESCE(SUM(used), 0), COALESCE(SUM(refunded), 0), "  # noqa: S608
        f"COALESCE(SUM(cost), 0) FROM {_fund_flow()} AS flow WHERE {where}",
        params,
    )
    return Funds(*map(int, sums))


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
    by_slug = {slug: sums.get(str(pk), (0, 0, 0)) for pk, slug in _packages(scope.program).items()}
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
