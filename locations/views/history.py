"""What happened at a place, period by period and day by day, as the ledger has it."""

from itertools import groupby
from operator import itemgetter

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from donations.models import EntryKind, LedgerEntry
from ksbb.templatetags.formats import amid, number
from locations.models import Need

K = EntryKind
IN_ORDER = ("need__period", "day", "package__program__position", "package__position", "package")
NEWEST = 26  # periods: half a year of weeks
_LAPSED = gettext_lazy("Tidak jadi, dibuka lagi: %(what)s")
# In the order in which things happen on one day. What is not here (money, families) is no business of this page.
WORDS = {
    K.NEED_PUBLISHED: gettext_lazy("Kebutuhan diumumkan: %(what)s"),
    K.NEED_RAISED: gettext_lazy("Kebutuhan ditambah: %(what)s"),
    K.NEED_LOWERED: gettext_lazy("Kebutuhan dikurangi: %(what)s"),
    K.PROMISED: gettext_lazy("Dijanjikan: %(what)s"),
    K.ACCEPTED: gettext_lazy("Menjadi komitmen: %(what)s"),
    K.DELIVERED: gettext_lazy("Tiba dengan baik: %(what)s"),
    K.DAMAGED: gettext_lazy("Tiba rusak: %(what)s"),
    K.SHORT: pgettext_lazy("delivery", "Kurang: %(what)s"),
    K.LOST: gettext_lazy("Hilang di jalan: %(what)s"),
    K.GIVEN_BACK: gettext_lazy("Dikembalikan: %(what)s"),
    **dict.fromkeys((K.LAPSED, K.REVOKED, K.REJECTED, K.WITHDRAWN, K.OVERDUE), _LAPSED),
}
ORDER = {kind: index for index, kind in enumerate(WORDS)}


def history(place):
    """Return the newest periods of a place: each with its sums, and what happened in it as steps of a timeline."""
    happened = _happened(place)
    return [
        {"name": needs[0].period.name, "period": needs[0].period, **_sums(needs), "steps": _steps(happened, needs)}
        for needs in _periods(place)
    ]


def _periods(place):
    """Return the needs of a place by period, the newest period first."""
    needs = Need.objects.filter(location=place).select_related("period").order_by("-period__starts_on", "-period", "pk")
    return [list(group) for _pk, group in groupby(needs, lambda need: need.period_id)][:NEWEST]


def _sums(needs):
    """Return what was needed, accepted and received well in a period, in packages, and what is still lacking."""
    return {
        "needed": sum(need.quantity for need in needs),
        "committed": sum(need.committed for need in needs),
        "delivered": sum(need.delivered for need in needs),
        "left": sum(need.still_needed for need in needs),
    }


def _happened(place):
    """Return {period: rows of (day, kind, package, sum)}: corrections are in the sums, what came to nothing is not."""
    entries = LedgerEntry.objects.filter(location=place, kind__in=list(WORDS), need__isnull=False)
    sums = entries.values_list("need__period", "day", "kind", "package__name").annotate(total=Sum("quantity"))
    rows = {}
    for period, *row in sums.exclude(total=0).order_by(*IN_ORDER):
        rows.setdefault(period, []).append(row)
    return rows


def _steps(happened, needs):
    """Return the days of a period as steps, and what is still lacking as the current one."""
    rows = happened.get(needs[0].period_id, [])
    rows.sort(key=lambda row: (row[0], ORDER[row[1]]))  # stable: the packages keep their order
    steps = [
        {"label": WORDS[kind] % {"what": _what(group)}, "state": "done", "at": day, "note": ""}
        for (day, kind), group in groupby(rows, itemgetter(0, 1))
    ]
    if left := sum(need.still_needed for need in needs):
        label = _("Masih dibutuhkan %(n)s paket") % {"n": number(left)}
        steps.append({"label": label, "state": "current", "at": None, "note": ""})
    return steps


def _what(rows):
    """Return "27 sembako, 66 makanan siap saji" of rows of one day and kind."""
    return ", ".join(f"{number(total)} {amid(package)}" for _day, _kind, package, total in rows)
