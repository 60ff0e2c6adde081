"""Staff: the groups they belong to, and the turn a member of staff takes on a row."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from donations.errors import Stale

ROOMS = ("core", "programs", "locations", "donations")
TASK_FORCE, VERIFIER, OFFICER, AUDITOR = "Pokja", "Verifikator", "Petugas agregator", "Auditor"
VERIFIER_MAY = (
    "view_area view_locationkind view_location view_rtrow view_verification view_need add_verification"
).split()
OFFICER_MAY = (
    "view_commitment view_commitmentline view_contribution view_delivery view_deliveryline view_deliveryphoto "
    "view_aggregator view_licence view_costlimit view_collaborator add_delivery change_contribution"
).split()
GROUPS = {
    TASK_FORCE: lambda codename: True,
    VERIFIER: lambda codename: codename in VERIFIER_MAY,
    OFFICER: lambda codename: codename in OFFICER_MAY,
    AUDITOR: lambda codename: codename.startswith("view_"),
}


@transaction.atomic
def lay_groups():
    """Make the four groups of staff, or bring what each may do up to date; running it again changes nothing.

    What nobody may do (edit a ledger entry, a counter, an audit row) is no matter of groups: the admin offers no way.
    """
    known = list(Permission.objects.filter(content_type__app_label__in=ROOMS))
    for name, may in GROUPS.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.set([permission for permission in known if may(permission.codename)])


def claim(row, version):
    """Take a versioned row for one step of a member of staff; the caller holds the transaction.

    Raises Stale when the row was changed since it was seen with `version`, so that a second click does nothing.
    """
    claimed = type(row).objects.filter(pk=row.pk, version=version).update(version=F("version") + 1)
    if not claimed:
        raise Stale(_("Data ini baru saja diubah orang lain. Periksa perbedaannya, lalu muat ulang halaman."))
    row.refresh_from_db()
