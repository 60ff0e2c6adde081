"""The form in which somebody gives money through a distribution partner."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from donations.actions.funds import new_reference
from donations.models import Aggregator, ContractKind
from programs.models import Program, ProgramStatus

from .giver import GiverForm
from .inputs import WholeNumber

MOST_RUPIAH = 1_000_000_000_000
ANYWHERE, FOR_PROGRAM, FOR_PLACE = "terserah", "program", "lokasi"
_signer = signing.Signer(salt="contribution-reference")


class ContributionForm(GiverForm):
    """The reference is made and signed by the server, so that nobody can name another's."""

    amount = WholeNumber(
        label=_("Jumlah dana"),
        min_value=10_000,
        max_value=MOST_RUPIAH,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 16}),
        error_messages={
            "required": _("Isi jumlah rupiah."),
            "invalid": _("Isi jumlah rupiah dengan angka, misalnya 20.000.000."),
            "min_value": _("Isi paling sedikit Rp 10.000."),
            "max_value": _("Isi paling banyak Rp 1.000.000.000.000. Untuk lebih dari itu, hubungi mitra penyalur."),
        },
    )
    purpose = forms.ChoiceField(
        label=_("Untuk siapa"), widget=forms.RadioSelect, error_messages={"required": _("Pilih untuk siapa.")}
    )
    program = forms.ModelChoiceField(
        label=_("Program"),
        help_text=_("Isi hanya kalau Anda memilih satu program."),
        queryset=Program.objects.filter(status=ProgramStatus.RUNNING).order_by("position"),
        required=False,
        empty_label=_("Pilih program"),
        to_field_name="slug",
    )
    contract = forms.ChoiceField(
        label=_("Akad"),
        help_text=_("Menentukan batas biaya yang boleh dipakai mitra, sesuai izinnya."),
        choices=ContractKind,
        initial=ContractKind.GENERAL,
        widget=forms.RadioSelect,
    )
    aggregator = forms.ModelChoiceField(
        label=_("Mitra penyalur"),
        queryset=Aggregator.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih mitra penyalur."), "invalid_choice": _("Pilih mitra penyalur.")},
    )
    reference = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, partners, location=None, **kwargs):
        self.location = location
        kwargs["initial"] = {"reference": _signer.sign(new_reference()), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["aggregator"].queryset = partners
        self.fields["purpose"].choices = self._purposes()
        order = ("amount", "purpose", "program", "aggregator", "contract")
        self.order_fields(order)

    def _purposes(self):
        place = [(FOR_PLACE, self.location.name)] if self.location else []
        return [*place, (ANYWHERE, _("Di mana paling perlu")), (FOR_PROGRAM, _("Satu program"))]

    def clean_reference(self):
        try:
            return _signer.unsign(self.cleaned_data["reference"])
        except signing.BadSignature:
            return new_reference()

    def clean(self):
        data = super().clean()
        if data.get("purpose") == FOR_PROGRAM and not data.get("program"):
            self.add_error("program", _("Pilih programnya."))
        return data

    def chosen_program(self):
        """Return the programme the money is for, or None."""
        return self.cleaned_data.get("program") if self.cleaned_data.get("purpose") == FOR_PROGRAM else None

    def chosen_place(self):
        """Return the place the money is for, or None."""
        return self.location if self.cleaned_data.get("purpose") == FOR_PLACE else None
