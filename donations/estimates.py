"""What an amount of money would become at the reference prices: an estimate, never a figure."""

from dataclasses import dataclass

from donations.actions.funds import packages_for
from programs.models import PackageType, PackageVersion, ProgramStatus


@dataclass(frozen=True)
class Estimate:
    """So many packages at a reference price (rupiah), and what is left over."""

    package: PackageType
    price: int
    packages: int
    remainder: int


def estimates(rupiah, *, today, program=None, location=None):
    """Return one Estimate per priced package: of a programme, of what a place needs now, or of all that run."""
    versions = PackageVersion.objects.filter(
        package__program__status=ProgramStatus.RUNNING, valid_from__lte=today, reference_price__gt=0
    )
    if program:
        versions = versions.filter(package__program=program)
    if location:
        versions = versions.filter(package__needs__location=location, package__needs__period__closed_at=None).distinct()
    versions = versions.select_related("package__program")
    ordered = versions.order_by("package__program__position", "package__position", "package_id", "valid_from", "number")
    newest = {version.package_id: version for version in ordered}
    return [_estimate(rupiah, version) for version in newest.values()]


def _estimate(rupiah, version):
    packages, remainder = packages_for(rupiah, version.reference_price)
    return Estimate(version.package, version.reference_price, packages, remainder)
