"""What staff may do to a promise: each step asks its questions and calls one action."""

import hmac

from django import forms
from django.contrib.admin import site
from django.utils.translation import gettext_lazy as _

from donations.actions import commitments, contacts, deliveries
from donations.errors import Refused
from donations.models import CommitmentLine, CommitmentState
from donations.models.commitment import ON_ITS_WAY
from ksbb.admin_steps import DateInput, ReasonForm, Step, StepForm
from ksbb.core.crypto import decrypt
from locations.models import Need

from .commitment_entry import choose
from .delivery_form import DeliveryForm, record


class ProofForm(StepForm):
    proof_code = forms.CharField(
        label=_("Kode dari pesan WhatsApp"),
        max_length=12,
        help_text=_("Enam huruf atau angka terakhir dalam pesannya."),
    )
    sender_end = forms.CharField(label=_("Empat angka terakhir nomor pengirim"), min_length=4, max_length=4)


class AcceptForm(StepForm):
    date = forms.DateField(label=_("Tanggal pengantaran"), widget=DateInput())


class GiveBackForm(ReasonForm):
    quantity = forms.IntegerField(label=_("Jumlah yang dikembalikan"), min_value=1)
    field_order = ("quantity", "reason")


class RedirectForm(ReasonForm):
    quantity = forms.IntegerField(label=_("Jumlah yang dialihkan"), min_value=1)
    field_order = ("need", "quantity", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["need"] = choose(CommitmentLine, "need", site, _("Dialihkan ke kebutuhan"), required=True)
        self.fields["need"].queryset = Need.objects.open()
        self.order_fields(self.field_order)


def prove(row, data, *, by, now):
    """Staff read the donor's WhatsApp message: its code and its sender must be the promise's."""
    code_fits = hmac.compare_digest(row.proof_code.encode(), data["proof_code"].strip().upper().encode())
    if not (row.proof_code and code_fits):
        raise Refused(_("Kode ini bukan kode janji tersebut."), field="proof_code")
    if not decrypt(row.contact_cipher).endswith(data["sender_end"]):
        raise Refused(_("Nomor pengirim lain dari nomor yang ditulis saat berjanji."), field="sender_end")
    commitments.register(commitment=row, now=now, by=by)


def plain(action):
    """Return the run of an action that takes the commitment and the form's data as they are."""
    return lambda row, data, *, by, now: action(commitment=row, now=now, by=by, **data)


def about_line(action):
    """Return the run of an action about one line of a commitment."""
    return lambda row, data, *, by, now: (action(line=row, now=now, by=by, **data), None)[1]


def can(action):
    return lambda row: row.can(action)


CHANGE, COUNT = "donations.change_commitment", "donations.add_delivery"
STEPS = (
    Step(
        "bukti",
        _("Cocokkan bukti WhatsApp"),
        CHANGE,
        prove,
        form=ProofForm,
        possible=lambda row: row.state == CommitmentState.SUBMITTED and row.contact_channel == "whatsapp",
        hint=_("Bandingkan dengan pesan yang masuk. Sesudahnya donatur punya 2×24 jam untuk menghubungi lokasi."),
    ),
    Step(
        "periksa",
        _("Selesai diperiksa"),
        CHANGE,
        plain(commitments.review),
        possible=lambda row: row.state == CommitmentState.REGISTERED and row.needs_review,
        bulk=True,
        hint=_("Kontak lokasi dibuka untuk donatur, dan 2×24 jam dihitung dari sekarang."),
    ),
    Step(
        "terima", _("Terima dengan tanggal"), CHANGE, plain(commitments.accept), form=AcceptForm, possible=can("accept")
    ),
    Step(
        "tunda",
        _("Sepakati tanggal lain"),
        CHANGE,
        plain(commitments.postpone),
        form=AcceptForm,
        possible=can("postpone"),
    ),
    Step("kirim", _("Tandai dikirim"), COUNT, plain(commitments.send), possible=can("send")),
    Step(
        "penyaluran",
        _("Catat penyaluran"),
        COUNT,
        record,
        form=DeliveryForm,
        possible=lambda row: row.state in ON_ITS_WAY,
        hint=_("Yang rusak, kurang, atau hilang membuka kembali kebutuhan. Sisanya dianggap masih di jalan."),
    ),
    Step(
        "selesai", _("Tutup: laporan lengkap"), CHANGE, plain(commitments.complete), possible=can("complete"), bulk=True
    ),
    Step("kontak", _("Tampilkan kontak donatur"), CHANGE, plain(contacts.donor), hint=_("Dicatat siapa yang melihat.")),
    Step(
        "tolak",
        _("Tolak"),
        CHANGE,
        plain(commitments.reject),
        form=ReasonForm,
        possible=can("reject"),
        danger=True,
        hint=_("Alasan dikirim kepada donatur."),
    ),
    Step(
        "batalkan",
        _("Batalkan"),
        CHANGE,
        plain(commitments.cancel),
        form=ReasonForm,
        possible=can("cancel"),
        danger=True,
        hint=_("Yang belum diterima kembali menjadi kebutuhan. Alasan dikirim kepada donatur."),
    ),
)
LINE_STEPS = (
    Step(
        "alihkan",
        _("Alihkan ke lokasi lain"),
        CHANGE,
        about_line(deliveries.redirect),
        form=RedirectForm,
        possible=lambda row: row.commitment.state in ON_ITS_WAY and row.outstanding > 0,
        hint=_("Hanya untuk jenis paket yang sama."),
    ),
    Step(
        "kembalikan",
        _("Catat pengembalian"),
        CHANGE,
        about_line(deliveries.give_back),
        form=GiveBackForm,
        possible=lambda row: row.delivered > 0 and row.commitment.can("give_back"),
        danger=True,
        hint=_("Yang dikembalikan tidak lagi dihitung tersalurkan, dan kebutuhannya terbuka lagi."),
    ),
)
