"""The totals as of a day: three bases, givers, reach, recipients, money."""

from dataclasses import dataclass
from datetime import date
from operator import add

from donations.models import Category, EntryKind
from donations.summaries import FAMILIES, FUNDS, LINES, TOTALS
from locations.privacy import FEWEST

from .scope import Scope, cached, package_slugs, query

PERSONS_PER_FAMILY = 4  # source: reference packages of 30 April 2020, "1 KK = 4 persons assumed"


@dataclass(frozen=True)
class Quantity:
    """Packages of one basis, in all and by package slug (every package listed, zero included)."""

    total: int
    by_package: dict


@dataclass(frozen=True)
class Givers:
    """Givers as the public may tell them apart, in all and by category (every category listed).

    Each name, alias and anonymous gift is one: counting the persons behind them would tell, day by day, whose an
    anonymous gift is.
    """

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
    """Families with a recorded receipt; persons counted, or four to a family (then `basis` is "perkiraan").

    They grow in steps of whole days, each about at least five families in more than one kelurahan (rule 10): no two
    dates differ by what one place, or a handful of families, received.
    """

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


def totals(until=None, since=None, program=None):
    """Return the Figures as of the end of `until` (default: now), optionally from `since` and of one programme."""
    scope = Scope(until, since, program)
    return cached("totals", scope, lambda: _totals(scope))


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
    slugs = package_slugs(scope.program)
    bases = [{slug: sums.get(pk, (0, 0, 0))[basis] for pk, slug in slugs.items()} for basis in range(3)]
    return [Quantity(sum(by_package.values()), by_package) for by_package in bases]


def _givers(scope):
    """Count the faces of a commitment with komitmen above zero or of a contribution not wholly refunded."""
    where, params = scope.where()
    giving = query(
        "SELECT flow.commitment_id, collaborator.id, collaborator.category "  # noqa: S608
        f"FROM (SELECT commitment_id FROM {LINES.flow()} AS flow WHERE {where} "
        "GROUP BY commitment_id HAVING SUM(committed) > 0) AS flow "
        "JOIN donations_commitment AS commitment ON commitment.id = flow.commitment_id "
        "JOIN donations_collaborator AS collaborator ON collaborator.id = commitment.collaborator_id",
        params,
    )
    category_of = {face: category for _commitment, face, category in giving} | dict(_funders(scope))
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
        "SELECT collaborator.id, collaborator.category "  # noqa: S608
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
    where, params = Scope(program=scope.program).where(by="program")
    days = query(
        "SELECT day, MIN(area_id), MAX(area_id), SUM(families), SUM(persons), SUM(uncounted) "  # noqa: S608
        f"FROM {FAMILIES.flow()} AS flow WHERE {where} AND kind = %s GROUP BY day ORDER BY day",
        [*params, kind.value],
    )
    before = told(days, str(scope.since), earlier=True) if scope.since else (0, 0, 0)
    upto = told(days, str(scope.until or date.max))
    families, persons, uncounted = (now - then for now, then in zip(upto, before, strict=True))
    return Recipients(
        families=families,
        persons=persons + PERSONS_PER_FAMILY * uncounted,
        basis="perkiraan" if uncounted else "tercatat",
    )


def told(days, until, *, earlier=False):
    """Return what is told of (day, first and last kelurahan, *counts) up to a day, or up to the day before it.

    Days wait until they tell together of at least five families in more than one kelurahan, and are told at once.
    """
    sums, waiting, villages = (0, 0, 0), (0, 0, 0), set()
    for day, first, last, *counts in days:
        if str(day) > until or (earlier and str(day) == until):
            break
        waiting, villages = tuple(map(add, waiting, map(int, counts))), villages | {first, last}
        if waiting[0] >= FEWEST and len(villages) > 1:
            sums, waiting, villages = tuple(map(add, sums, waiting)), (0, 0, 0), set()
    return sums


def _funds(scope):
    where, params = scope.where(by="program")
    [sums] = query(
        "SELECT COALESCE(SUM(received), 0), COALESCE(SUM(used), 0), COALESCE(SUM(refunded), 0), "  # noqa: S608
        f"COALESCE(SUM(cost), 0) FROM {_fund_flow()} AS flow WHERE {where}",
        params,
    )
    return Funds(*map(int, sums))
