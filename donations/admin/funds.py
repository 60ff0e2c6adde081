"""Money given to aggregators: read here, moved by steps; its sums are the ledger's."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from donations.actions import funds
from donations.models import Contribution, ContributionState, LedgerEntry
from ksbb.admin_base import ReadOnlyAdmin, ReadOnlyInline
from ksbb.admin_steps import DateInput, ReasonForm, Step, StepAdmin, StepForm
from ksbb.admin_todo import TaskFilter
from ksbb.templatetags.formats import rupiah

from .commitment_entry import choose

LARGEST = 10**13


def rupiah_field(label):
    return forms.IntegerField(label=label, min_value=1, max_value=LARGEST)


class ReceiveForm(StepForm):
    amount = rupiah_field(_("Jumlah yang masuk (rupiah)"))
    day = forms.DateField(label=_("Tanggal masuk"), widget=DateInput(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.row.amount


class UseForm(StepForm):
    amount = rupiah_field(_("Jumlah yang dipakai (rupiah)"))
    field_order = ("line", "amount")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label = _("Untuk rincian kolaborasi")
        self.fields["line"] = choose(LedgerEntry, "line", admin.site, label, required=True)
        own = self.fields["line"].queryset.filter(commitment__aggregator=self.row.aggregator_id)
        self.fields["line"].queryset = own.select_related("need__location", "need__package")
        self.order_fields(self.field_order)


class AmountForm(ReasonForm):
    amount = rupiah_field(_("Jumlah (rupiah)"))
    field_order = ("amount", "reason")


def plain(action):
    return lambda row, data, *, by, now: action(contribution=row, now=now, by=by, **data)


def is_pledged(row):
    return row.state == ContributionState.PLEDGED


def has_balance(row):
    return row.balance > 0


CHANGE = "donations.change_contribution"


class EntryInline(ReadOnlyInline):
    """What the ledger says about a contribution."""

    model = LedgerEntry
    fk_name = "contribution"
    related = ("recorded_by", "line__need__location", "line__need__package")
    fields = ("kind", "quantity", "line", "effective_at", "recorded_by", "reason")
    ordering = ("pk",)


@admin.register(Contribution)
class ContributionAdmin(StepAdmin, ReadOnlyAdmin):
    owner = "aggregator"
    list_display = (
        "reference",
        "collaborator",
        "aggregator",
        "state",
        "contract",
        "given",
        "arrived",
        "left",
        "pledged_at",
    )
    list_filter = (TaskFilter, "state", "contract", "program", ("aggregator", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("collaborator", "aggregator__collaborator")
    search_fields = ("reference", "collaborator__name")
    date_hierarchy = "pledged_at"
    ordering = ("-pledged_at", "-pk")
    inlines = (EntryInline,)
    fieldsets = (
        (
            None,
            {"fields": ("reference", "state", "collaborator", "aggregator", "contract", "program", "location", "note")},
        ),
        (_("Rupiah"), {"fields": ("given", "arrived", "spent", "returned", "charged", "left")}),
        (_("Waktu"), {"fields": ("pledged_at", "received_at")}),
    )
    readonly_fields = ("given", "arrived", "spent", "returned", "charged", "left")
    facts = ("reference", "state", "aggregator", "given", "arrived", "spent", "returned", "charged", "left")
    steps = (
        Step("terima", _("Tandai dana masuk"), CHANGE, plain(funds.receive), form=ReceiveForm, possible=is_pledged),
        Step(
            "pakai",
            _("Pakai untuk kolaborasi"),
            CHANGE,
            plain(funds.use),
            form=UseForm,
            possible=has_balance,
            hint=_("Ketik kode kolaborasi atau nama lokasi, lalu pilih rinciannya."),
        ),
        Step(
            "biaya",
            _("Catat biaya penyaluran"),
            CHANGE,
            plain(funds.charge_cost),
            form=AmountForm,
            possible=has_balance,
        ),
        Step(
            "kembalikan",
            _("Kembalikan ke donatur"),
            CHANGE,
            plain(funds.refund),
            form=AmountForm,
            possible=has_balance,
            danger=True,
        ),
        Step(
            "batalkan",
            _("Batalkan janji dana"),
            CHANGE,
            plain(funds.cancel_pledge),
            form=ReasonForm,
            possible=is_pledged,
            danger=True,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("collaborator", "aggregator__collaborator")

    @admin.display(description=_("dijanjikan"), ordering="amount")
    def given(self, row):
        return rupiah(row.amount)

    @admin.display(description=_("diterima"), ordering="received")
    def arrived(self, row):
        return rupiah(row.received)

    @admin.display(description=_("terpakai"))
    def spent(self, row):
        return rupiah(row.used)

    @admin.display(description=_("dikembalikan"))
    def returned(self, row):
        return rupiah(row.refunded)

    @admin.display(description=_("biaya"))
    def charged(self, row):
        return rupiah(row.cost)

    @admin.display(description=_("saldo"))
    def left(self, row):
        return rupiah(row.balance)
