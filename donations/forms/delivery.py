"""The form in which the person in charge counts what arrived."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.actions.deliveries import Count
from donations.actions.ledger import wib_day
from donations.errors import Refused
from donations.photos import re_encode

from .inputs import Day, WholeNumber, Words, refuse

OUTCOMES = {
    "ok": gettext_lazy("Tiba dengan baik"),
    "damaged": gettext_lazy("Rusak"),
    "short": gettext_lazy("Kurang"),
    "lost": gettext_lazy("Hilang"),
}
MOST = 1_000_000


class CountForm(forms.Form):
    """Four counts per line of one commitment at one place; what stays empty counts as none."""

    date = Day(label=gettext_lazy("Tanggal tiba"))
    receiver = Words(
        label=gettext_lazy("Diterima oleh"),
        help_text=gettext_lazy("Tidak tampil di publik."),
        max_length=120,
        required=False,
    )
    photo = forms.FileField(
        label=gettext_lazy("Foto serah terima"),
        help_text=gettext_lazy("JPEG atau PNG, paling besar 8 MB. Tampil di publik setelah diperiksa staf."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    thanks = Words(
        label=gettext_lazy("Ucapan terima kasih"),
        help_text=gettext_lazy("Tampil di publik. Jangan tulis nama atau nomor warga."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, lines, commitment, now, receiver="", **kwargs):
        self.lines, self.now = lines, now
        kwargs["initial"] = {"date": wib_day(now), "version": commitment.version, "receiver": receiver}
        super().__init__(*args, **kwargs)
        self.fields["date"].between(wib_day(commitment.confirmed_at or now), wib_day(now))
        counts = {name: field for line in lines for name, field in self._counts(line).items()}
        self.fields = {**counts, **self.fields}

    @staticmethod
    def _counts(line):
        package = line.need.package
        names = OUTCOMES if package.can_be_damaged else {name: OUTCOMES[name] for name in ("ok", "short")}
        initial = {"ok": line.outstanding}
        return {
            f"{name}_{line.pk}": WholeNumber(label=label, required=False, max_value=MOST, initial=initial.get(name))
            for name, label in names.items()
        }

    def rows(self):
        """Return (line, box for what is well, boxes for what is not) for the page."""
        boxes = [[self[name] for name in self._counts(line)] for line in self.lines]
        return [(line, first, rest) for line, (first, *rest) in zip(self.lines, boxes, strict=True)]

    def has_trouble(self):
        """Tell whether the boxes for what went wrong must stand open."""
        names = [f"{name}_{line.pk}" for line in self.lines for name in ("damaged", "short", "lost")]
        return any(self[name].value() or self[name].errors for name in names if name in self.fields)

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        try:
            return re_encode(photo, field="photo") if photo else None
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def counts(self):
        """Return line pk → Count, without the lines of which nothing was counted."""
        every = {
            line.pk: Count(**{name: self.cleaned_data.get(f"{name}_{line.pk}") or 0 for name in OUTCOMES})
            for line in self.lines
        }
        return {pk: count for pk, count in every.items() if count.sent}

    def delivered_at(self):
        """Return the moment of arrival: now, or noon (WIB) of an earlier day."""
        day = self.cleaned_data["date"]
        return self.now if day == wib_day(self.now) else timezone.make_aware(datetime.combine(day, time(12)))

    def refuse(self, refusal):
        """Show a rule's refusal beside its field."""
        if refusal.field == "counts":
            self.add_error(f"ok_{self.lines[0].pk}", refusal.message)
        elif refusal.field == "delivered_at":
            self.add_error("date", refusal.message)
        else:
            refuse(self, refusal)

    def refuse_surplus(self, short):
        """Say of which line more arrived than the place still needs."""
        for need, _wanted, left in short:
            line = next(line for line in self.lines if line.need_id == need.pk)
            self.add_error(
                f"ok_{line.pk}",
                _("Lebih dari yang dijanjikan, dan kebutuhannya tinggal %(left)d. Catat paling banyak %(most)d.")
                % {"left": left, "most": line.outstanding + left},
            )
