"""Reads the programmes, packages and periods of `fixtures/` and creates those that are missing."""

import csv
import tomllib
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from .models import NeedPeriod, PackageType, PackageVersion, Program, Statement
from .spans import span_name

FIXTURES = settings.BASE_DIR / "fixtures"


def rows(name):
    """Return the rows of a CSV file in `fixtures/` as dicts."""
    with open(FIXTURES / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def create_missing(model, key, wanted):
    """Create the rows whose `key` (field names) no row has yet; what is there stays as it is. Returns how many."""
    known = set(model.objects.values_list(*key))
    new = [row for row in wanted if tuple(getattr(row, name) for name in key) not in known]
    return len(model.objects.bulk_create(new))


def load():
    """Create the missing statements, programmes, packages with their first version, and periods; return how many."""
    data = tomllib.loads((FIXTURES / "programs.toml").read_text(encoding="utf-8"))
    return (
        create_missing(Statement, ["slug"], [statement(each) for each in data["statement"]])
        + create_missing(Program, ["slug"], [program(*each) for each in enumerate(data["program"], start=1)])
        + _load_packages(data["program"])
        + create_missing(NeedPeriod, ["slug"], [period(each) for each in rows("periods")])
    )


def statement(data):
    return Statement(slug=data["slug"], title=data["title"], points="\n".join(data["points"]))


def program(position, data):
    plain = {name: value for name, value in data.items() if name not in ("package", "description")}
    return Program(**plain, description=data.get("description", "").strip(), position=10 * position)


def _load_packages(programs):
    statements = {each.slug: each for each in Statement.objects.order_by("version")}
    owners = {each.slug: each for each in Program.objects.all()}
    listed = [
        (owners[owner["slug"]], 10 * position, data)
        for owner in programs
        for position, data in enumerate(owner.get("package", []), start=1)
    ]
    new = create_missing(PackageType, ["slug"], [package(*each, statements) for each in listed])
    packages = {each.slug: each for each in PackageType.objects.all()}
    without = PackageType.objects.filter(versions=None)
    unpriced = set(without.values_list("slug", flat=True))
    versions = [version(packages[data["slug"]], data) for _, _, data in listed if data["slug"] in unpriced]
    return new + len(PackageVersion.objects.bulk_create(versions))


def package(owner, position, data, statements):
    plain = {name: data[name] for name in ("slug", "name", "kind", "recipient", "unit", "summary") if name in data}
    return PackageType(program=owner, position=position, statement=statements[data["statement"]], **plain)


def version(package, data):
    return PackageVersion(
        package=package,
        valid_from=data["valid_from"],
        reference_price=data["reference_price"],
        unit_rule=data["unit_rule"],
        contents="\n".join(data["contents"]),
        addons="\n".join(data.get("addons", [])),
        source=data["source"],
    )


def period(row):
    """Return a period of 2020: its days are long over, so it is closed since the moment after its last day."""
    first, last = date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"])
    return NeedPeriod(
        slug=row["starts_on"],
        name=span_name(first, last),
        starts_on=first,
        ends_on=last,
        closed_at=timezone.make_aware(datetime.combine(last + timedelta(days=1), time())),
    )
