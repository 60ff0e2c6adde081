"""From promise to receipt, and where the money is."""

from django.utils.translation import gettext as _

from donations.views import figure_findings as findings
from ksbb import charts
from ksbb.charts import Bar, Entry
from ksbb.templatetags.formats import number, percent, rupiah, unit


def funnel(board):
    """Return the steps from what is promised to what is committed to what has arrived."""
    totals, rows = board.totals, board.rows()
    amounts = {
        "submitted": totals.submitted.total,
        "committed": totals.committed.total,
        "delivered": totals.delivered.total,
    }
    says = _("Diajukan %(submitted)s, komitmen %(committed)s, di antaranya tersalurkan %(delivered)s paket.")
    return board.chart(
        "tahap",
        _("Dari janji sampai diterima"),
        unit("paket"),
        [_("Tahap"), (None, unit("paket"))],
        [
            Entry(_("Diajukan, belum menjadi komitmen"), rows, (amounts["submitted"],)),
            Entry(_("Komitmen"), rows, (amounts["committed"],)),
            Entry(_("Tersalurkan (bagian dari komitmen)"), rows, (amounts["delivered"],)),
        ],
        finding=findings.arrived(totals),
        says=says % {name: number(amount) for name, amount in amounts.items()},
        template="donations/figure_funnel.html",
        steps=_steps(**amounts),
        per="paket",
        about="komitmen",
    )


def _steps(submitted, committed, delivered):
    """Return name, amount, note, share and drawing of each step."""
    waiting = _("%s paket masih diajukan, menunggu jawaban tempatnya") % number(max(0, submitted))
    coming = _("%s paket masih di jalan") % number(max(0, committed - delivered))
    parts = (("promised", committed), ("submitted", submitted)), (("promised", committed),), (("delivered", delivered),)
    words = [
        (_("Dijanjikan"), submitted + committed, waiting, ""),
        (_("Komitmen"), committed, _("diterima oleh tempatnya atau oleh Pokja"), _("%s dari yang dijanjikan")),
        (_("Tersalurkan"), delivered, coming, _("%s dari komitmen")),
    ]
    return [
        {
            "name": name,
            "amount": amount,
            "note": note,
            "share": "" if step.share is None else share % percent(step.share),
            "step": step,
        }
        for (name, amount, note, share), step in zip(words, charts.funnel(map(Bar, parts)), strict=True)
    ]


def money(board):
    """Return where the money is that distribution partners received: diterima = the four rows below it."""
    funds = board.totals.funds
    rows = [
        (_("Terpakai untuk paket"), funds.used),
        (_("Dikembalikan kepada pemberi"), funds.refunded),
        (_("Biaya penyaluran"), funds.cost),
        (_("Saldo, belum terpakai"), funds.balance),
    ]
    csv = board.address("dataset", "dana", "csv")
    return board.chart(
        "dana",
        _("Dana yang diterima mitra penyalur"),
        _("rupiah"),
        [_("Dana"), (None, _("Rupiah"))],
        [
            Entry(name, csv, (rupiah(amount),), charts.length(Bar((("delivered", amount),)), funds.received))
            for name, amount in rows
        ],
        total=(rupiah(funds.received),),
        total_name=_("Diterima"),
        finding=findings.money(funds),
        says=_("Diterima %(received)s, terpakai %(used)s, saldo %(balance)s.")
        % {"received": rupiah(funds.received), "used": rupiah(funds.used), "balance": rupiah(funds.balance)},
        bars=True,
        csv=csv,
        about="dana",
    )
