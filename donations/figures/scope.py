"""What a figure counts, and how it is asked for: one reading statement, remembered until the data change."""

from dataclasses import dataclass
from datetime import date

from django.db import connections

from ksbb.core.source import source
from ksbb.core.version import remembered
from programs.models import PackageType, Program


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


def query(sql, params):
    """Return all rows of one reading statement."""
    with connections[source()].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def cached(name, scope, compute):
    """Return what `compute` says of a scope, remembered until the data change."""
    program = scope.program.slug if scope.program else ""
    return remembered(f"figures:{name}:{scope.until}:{scope.since}:{program}", compute)


def package_slugs(program):
    """Return {pk: slug} of the packages, of one programme or of all, in their order on the pages."""
    packages = PackageType.objects.order_by("program__position", "program_id", "position", "pk")
    packages = packages.filter(program=program) if program else packages
    return dict(packages.values_list("pk", "slug"))
