"""What the charts of `/transparansi/` found, said in a sentence: computed, and "" where nothing stands out.

A chart without a finding goes by its neutral name. Shares are rounded down, so that "all" means all.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from ksbb import charts
from ksbb.templatetags.formats import amid, day, day_range, number, percent


def arrived(totals):
    """Return how much of what was committed has arrived."""
    committed, delivered = totals.committed.total, totals.delivered.total
    if committed <= 0 and delivered <= 0:
        return _("Belum ada janji yang menjadi komitmen")
    if charts.steps_of(committed, delivered) is None:
        return ""
    if delivered == 0:
        return _("Komitmen sudah ada, tetapi belum ada yang tiba")
    if delivered == committed:
        return _("Semua paket yang dikomitmenkan sudah diterima")
    hundredth = 100 * delivered // committed
    if not hundredth:
        return _("Belum sampai 1 dari 100 paket yang dikomitmenkan sudah diterima")
    return _("%s dari 100 paket yang dikomitmenkan sudah diterima") % hundredth


def half(daily):
    """Return by which day half of all that arrived had arrived."""
    sums = charts.added_up(daily)
    total = sums[-1].delivered if sums else 0
    if total <= 0:
        return ""
    reached = next(one for one in sums if one.delivered * 2 >= total)
    return _("Separuh dari %(total)s paket sudah tiba pada %(day)s") % {
        "total": number(total),
        "day": day(reached.day),
    }


def busiest(moved, step):
    """Return when most arrived, in a day or in a week."""
    most = max(moved, key=lambda one: one.delivered, default=None)
    if most is None or most.delivered <= 0:
        return _("Belum ada yang tiba.")
    when = day_range(most.day, most.day + timedelta(days=step - 1))
    return _("Paling banyak tiba pada %(when)s: %(amount)s paket.") % {"when": when, "amount": number(most.delivered)}


def _top(rows, basis):
    """Return (name, share of all) of the row with most, or None where nothing or nobody stands out."""
    ordered = sorted(rows, key=lambda row: getattr(row, basis), reverse=True)
    amounts = [getattr(row, basis) for row in ordered]
    if len(rows) < 2 or amounts[0] <= 0 or amounts[0] == amounts[1] or amounts[-1] < 0:
        return None
    return ordered[0].name, percent(amounts[0] / sum(amounts))


def packages(rows):
    """Return which package makes up most of what was committed."""
    found = _top(rows, "committed")
    return _("%(share)s dari komitmen adalah %(name)s") % {"share": found[1], "name": amid(found[0])} if found else ""


def areas(rows):
    """Return where most arrived."""
    found = _top(rows, "delivered")
    return (
        _("%(name)s menerima paling banyak: %(share)s dari semua yang tiba") % {"name": found[0], "share": found[1]}
        if found
        else ""
    )


def categories(rows):
    """Return whose commitments are the largest part."""
    found = _top(rows, "committed")
    return _("%(name)s menanggung %(share)s dari komitmen") % {"name": found[0], "share": found[1]} if found else ""


def uneven(equity):
    """Return how many places are covered by less than half."""
    if not equity.places:
        return _("Tidak ada kebutuhan yang terbuka")
    few = sum(equity.classes[:5])
    if not few:
        return _("Semua tempat terpenuhi separuh atau lebih")
    words = {"few": number(few), "all": number(equity.places)}
    return _("%(few)s dari %(all)s tempat terpenuhi kurang dari separuh") % words


def least(equity):
    """Return which kecamatan is covered least."""
    if not equity.districts:
        return _("Tidak ada kebutuhan yang terbuka")
    if not equity.left:
        return _("Semua kecamatan sudah terpenuhi")
    worst = equity.districts[0]
    return _("%(name)s paling sedikit terpenuhi: %(share)s") % {
        "name": worst.name,
        "share": percent(worst.share / 10**9),
    }


def money(funds):
    """Return how much of the money has become packages."""
    if funds.received <= 0:
        return _("Belum ada dana yang diterima")
    return _("%s dari dana sudah menjadi paket") % percent(funds.used / funds.received)
