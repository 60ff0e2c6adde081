"""The form by which staff enter a promise that is already agreed."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from donations.models import Aggregator, Collaborator, Commitment, CommitmentLine
from ksbb.admin_steps import DateInput
from ksbb.core.crypto import new_code

LINES = range(1, 7)


def choose(model, name, site, label, *, required):
    """Return a field that finds a row by typing, as the foreign key `name` of `model` would."""
    field = model._meta.get_field(name)
    rows = field.remote_field.model._default_manager.all()
    return forms.ModelChoiceField(rows, label=label, required=required, widget=AutocompleteSelect(field, site))


class EntryForm(forms.Form):
    """Who gives, through whom, when, and up to six needs. `key` makes a double click enter one promise."""

    required_css_class = "required"
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    collaborator = forms.ModelChoiceField(Collaborator.objects.none())
    aggregator = forms.ModelChoiceField(Aggregator.objects.none())
    scheduled_on = forms.DateField(label=_("Tanggal yang disepakati"), widget=DateInput())

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["key"] = new_code(20)
        self.fields["collaborator"] = choose(Commitment, "collaborator", site, _("Kolaborator"), required=True)
        self.fields["aggregator"] = choose(Commitment, "aggregator", site, _("Melalui mitra penyalur"), required=False)
        for n in LINES:
            label = _("Kebutuhan %d") % n
            self.fields[f"need_{n}"] = choose(CommitmentLine, "need", site, label, required=n == 1)
            self.fields[f"quantity_{n}"] = forms.IntegerField(
                label=_("Jumlah"), min_value=1, max_value=1_000_000, required=n == 1
            )

    def clean(self):
        data = super().clean()
        chosen = [data[f"need_{n}"].pk for n in LINES if data.get(f"need_{n}")]
        if len(chosen) != len(set(chosen)):
            self.add_error(None, _("Satu kebutuhan disebut dua kali. Gabungkan jumlahnya."))
        for n in LINES:
            if bool(data.get(f"need_{n}")) != bool(data.get(f"quantity_{n}")) and not self.errors:
                self.add_error(f"quantity_{n}", _("Isi kebutuhan beserta jumlahnya."))
        return data

    def arguments(self):
        """Return what `promises.enter_confirmed` wants to know."""
        data = self.cleaned_data
        needs = {data[f"need_{n}"].pk: data[f"quantity_{n}"] for n in LINES if data.get(f"need_{n}")}
        names = ("collaborator", "aggregator", "scheduled_on", "key")
        return {"lines": needs, **{name: data[name] for name in names}}

    @property
    def pairs(self):
        """Yield each need with its quantity, for the template."""
        return [(self[f"need_{n}"], self[f"quantity_{n}"]) for n in LINES]
