"""Moving a row from state to state: by a table of transitions, by compare-and-swap, with a version."""

from django.utils.translation import gettext as _

from donations.errors import NotPossible, Stale


def move(row, action, transitions, *, version=None, **changes):
    """Move `row` by `action` as `transitions` says (compare-and-swap on state and version), setting `changes` with it.

    Raises NotPossible when the table has no such step or somebody else moved the row first, Stale when `version` is an
    older one than the row's.
    """
    after = transitions.get((row.state, action))
    if after is None:
        raise NotPossible(_("Langkah ini tidak mungkin lagi: statusnya sekarang “%s”.") % row.get_state_display())
    check_version(row, version)
    changes = {"state": after, "version": row.version + 1, **changes}
    rows = type(row).objects.filter(pk=row.pk, state=row.state, version=row.version)
    if not rows.update(**changes):
        raise NotPossible(_("Data ini baru saja berubah. Muat ulang halaman."))
    for name, value in changes.items():
        setattr(row, name, value)


def check_version(row, version):
    """Raise Stale when somebody changed the row since `version` was read (None: not asked)."""
    if version is not None and version != row.version:
        raise Stale(_("Data ini baru saja diubah orang lain. Muat ulang, lalu periksa perbedaannya."))
