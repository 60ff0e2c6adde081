"""Whole tables by key, for `ksbb.core.kept`: packages, their versions and periods; small, and needed everywhere."""

from .models import NeedPeriod, PackageType, PackageVersion


def packages():
    """Return every package with its programme and statement."""
    return PackageType.objects.select_related("program", "statement").in_bulk()


def versions():
    """Return every version of a package."""
    return PackageVersion.objects.in_bulk()


def periods():
    """Return every period."""
    return NeedPeriod.objects.in_bulk()
