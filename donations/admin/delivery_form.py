"""Counting what arrived: four numbers per line, who received, and photos."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations.actions import deliveries
from donations.actions.deliveries import OUTCOMES, Count
from donations.errors import Refused
from donations.photos import re_encode
from ksbb.admin_steps import StepForm
from locations.models import Location

LABELS = {"ok": _("diterima baik"), "damaged": _("rusak"), "short": _("kurang"), "lost": _("hilang")}
MOST_PHOTOS = 3


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to three photos at once."""

    def clean(self, data, initial=None):
        files = [super(PhotosField, self).clean(each, initial) for each in data or []]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("Paling banyak %d foto.") % MOST_PHOTOS)
        return files


class DeliveryForm(StepForm):
    """One hand-over at one place of a commitment; what is in none of the four numbers is still on its way."""

    location = forms.ModelChoiceField(Location.objects.none(), label=_("Lokasi"))
    delivered_at = forms.DateTimeField(
        label=_("Diterima pada"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    receiver = forms.CharField(label=_("Nama penerima"), max_length=120, required=False)
    receiver_role = forms.CharField(label=_("Jabatan penerima"), max_length=60, required=False)
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)
    photos = PhotosField(
        label=_("Foto"), required=False, widget=PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = [line for line in self._lines() if line.outstanding]
        places = Location.objects.filter(pk__in={line.need.location_id for line in self.lines}).order_by("code")
        self.fields["location"].queryset = places
        self.fields["location"].initial = places.first()
        self.fields["delivered_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
        for line in self.lines:
            self._ask(line)
        self.order_fields(["location", *[name for name in self.fields if "_line_" in name], *self.base_fields])

    def _lines(self):
        return self.row.lines.select_related("need__location", "need__package").order_by("need_id", "pk")

    def _ask(self, line):
        outcomes = LABELS if line.need.package.can_be_damaged else {"ok": LABELS["ok"], "short": LABELS["short"]}
        for name, label in outcomes.items():
            field = forms.IntegerField(label=label, min_value=0, max_value=1_000_000, required=False)
            self.fields[f"{name}_line_{line.pk}"] = field

    @property
    def groups(self):
        """Return the four numbers of each line under its name and what is still on its way."""
        return [
            (
                _("%(need)s: %(left)d di jalan") % {"need": line.need, "left": line.outstanding},
                [self[name] for name in self.fields if name.endswith(f"_line_{line.pk}")],
            )
            for line in self.lines
        ]

    def counts(self):
        """Return {line: Count} of the chosen place's lines of which something is counted."""
        here = [line for line in self.lines if line.need.location_id == self.cleaned_data["location"].pk]
        counted = {line.pk: Count(*(self._number(name, line) for name in OUTCOMES)) for line in here}
        return {pk: count for pk, count in counted.items() if count.sent}

    def _number(self, name, line):
        return self.cleaned_data.get(f"{name}_line_{line.pk}") or 0

    def _counted_elsewhere(self, data):
        keys = [name.rpartition("_")[2] for name, number in data.items() if "_line_" in name and number]
        return any(int(key) not in data["counts"] for key in keys)

    def clean(self):
        data = super().clean()
        if data.get("location"):
            data["counts"] = self.counts()
            if self._counted_elsewhere(data):
                self.add_error("location", _("Satu catatan untuk satu lokasi. Kosongkan jumlah lokasi lain."))
        if data.get("photos"):
            data["photos"] = self._pictures(data["photos"])
        return data

    def _pictures(self, uploads):
        try:
            return [re_encode(upload) for upload in uploads]
        except Refused as refusal:
            self.add_error("photos", refusal.message)
            return []


def record(row, data, *, by, now):
    """Record the hand-over that the form describes."""
    names = ("location", "counts", "delivered_at", "receiver", "receiver_role", "note", "photos")
    deliveries.record_delivery(commitment=row, now=now, by=by, **{name: data[name] for name in names})
