"""Who gives, and how the gift shows it; the same questions for goods and for money."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.actions.givers import GiverDetails, normalise_contact
from donations.errors import Refused
from donations.models import Attribution, Category

from .inputs import Words, refuse


class GiverForm(forms.Form):
    category = forms.ChoiceField(label=gettext_lazy("Anda memberi sebagai"), choices=Category, initial=Category.PERSON)
    name = Words(
        label=gettext_lazy("Nama Anda atau lembaga"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Isi nama Anda atau nama lembaga.")},
    )
    attribution = forms.ChoiceField(
        label=gettext_lazy("Nama yang tampil di laporan publik"),
        help_text=gettext_lazy("Berlaku untuk bantuan ini saja. Jumlahnya selalu ikut dihitung."),
        choices=Attribution,
        initial=Attribution.NAMED,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih bagaimana nama Anda ditampilkan.")},
    )
    alias = Words(
        label=gettext_lazy("Nama samaran"),
        help_text=gettext_lazy("Isi hanya kalau Anda memilih nama samaran."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("Surel atau nomor WhatsApp"),
        help_text=gettext_lazy("Tidak pernah tampil di publik. Contoh: nama@contoh.id atau 0812 3456 7890."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Isi surel atau nomor WhatsApp, supaya kami dapat mengabari Anda.")},
    )

    def clean_contact(self):
        try:
            return normalise_contact(self.cleaned_data["contact"])[1]
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def clean(self):
        data = super().clean()
        if data.get("attribution") == Attribution.ALIAS and not data.get("alias"):
            self.add_error("alias", _("Isi nama samaran Anda, atau pilih cara tampil yang lain."))
        return data

    def details(self):
        """Return the cleaned answers as the actions take them."""
        names = ("contact", "name", "category", "attribution", "alias")
        return GiverDetails(**{name: self.cleaned_data[name] for name in names})

    def refuse(self, refusal):
        """Show a rule's refusal beside its field."""
        refuse(self, refusal)
