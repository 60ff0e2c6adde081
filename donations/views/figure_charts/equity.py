"""How evenly help is promised: places by class of fulfilment, and the kecamatan covered least."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from donations.views import figure_findings as findings
from ksbb import charts
from ksbb.charts import Bar, Entry
from ksbb.templatetags.formats import number, percent, unit
from locations.queries import WHOLE

LEAST = 10  # so many of the least fulfilled kecamatan are shown
NAMED = 3  # so many of them are named in the sentence to quote


def histogram(board):
    """Return how many places are how far covered, in classes of ten percent."""
    equity = board.equity
    names = [_class_name(index) for index in range(len(equity.classes))]
    few = sum(equity.classes[:5])
    says = _("Terpenuhi kurang dari separuh: %(few)s dari %(all)s tempat; terpenuhi semua: %(full)s.") % {
        "few": number(few),
        "all": number(equity.places),
        "full": number(equity.classes[-1]),
    }
    ticks = [(index, percent(index / 10)) for index in (0, 2, 4, 6, 8, 10)]
    return board.chart(
        "pemerataan",
        _("Seberapa terpenuhi tiap tempat"),
        _("tempat dengan kebutuhan yang terbuka"),
        [_("Terpenuhi"), (None, pgettext("number of places", "Tempat"))],
        [
            Entry(name, board.places_in_class(index), (many,))
            for index, (name, many) in enumerate(zip(names, equity.classes, strict=True))
        ],
        total=(equity.places,),
        finding=findings.uneven(equity),
        note=_("Dari kiri ke kanan: dari yang belum dijanjikan apa-apa sampai yang sudah dijanjikan semua."),
        says=says,
        drawing=charts.histogram(equity.classes, ticks, says) if equity.places else "",
        csv=board.address("dataset", "pemerataan", "csv"),
        about="terpenuhi",
    )


def _class_name(index):
    return percent(1) if index == 10 else f"{10 * index}–{percent((10 * index + 9) / 100)}"


def least(board):
    """Return the ten kecamatan covered least, what they still lack, and the others together."""
    equity = board.equity
    shown, others = equity.districts[:LEAST], equity.districts[LEAST:]
    entries = [
        Entry(
            district.name,
            board.places(wilayah=district.key),
            (percent(district.share / WHOLE), district.needed, district.left),
            charts.length(Bar((("promised", district.share),)), WHOLE),
        )
        for district in shown
    ]
    if others:
        needed, left = sum(each.needed for each in others), sum(each.left for each in others)
        entries.append(Entry(_("%s kecamatan lain") % number(len(others)), "", ("", needed, left)))
    says = "; ".join(f"{each.name} {percent(each.share / WHOLE)}" for each in shown[:NAMED])
    return board.chart(
        "kecamatan",
        _("Kecamatan yang paling sedikit terpenuhi"),
        unit("paket"),
        [_("Kecamatan"), (None, _("Rata-rata")), (None, _("Dibutuhkan")), (None, _("Masih kurang"))],
        entries,
        total=("", sum(each.needed for each in equity.districts), equity.left),
        finding=findings.least(equity),
        note=_("Panjang batang: rata-rata bagian yang sudah dijanjikan dari setiap kebutuhan, besar maupun kecil."),
        says=_("Terpenuhi paling sedikit: %(least)s. Masih kurang di semua kecamatan: %(left)s paket.")
        % {"least": says or _("tidak ada"), "left": number(equity.left)},
        bars=True,
        csv=board.address("dataset", "pemerataan", "csv"),
        about="terpenuhi",
    )
