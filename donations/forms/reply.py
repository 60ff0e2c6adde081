"""Short answers: a date, a reason, until when; and how a private link is asked for anew."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from .inputs import FARTHEST, Day, Words


class DateForm(forms.Form):
    """One day between today and sixty days ahead."""

    date = Day(label=_("Tanggal"))

    def __init__(self, *args, today, label=None, hint="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].between(today, today + FARTHEST)
        self.fields["date"].label = label or self.fields["date"].label
        self.fields["date"].help_text = hint


class ReasonForm(forms.Form):
    reason = Words(
        label=_("Alasan"),
        help_text=_("Singkat saja. Pihak lain akan membacanya."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis alasannya.")},
    )


class PauseForm(forms.Form):
    until = Day(label=_("Cukup dulu sampai"), help_text=_("Sampai hari itu tidak ada janji baru yang masuk."))

    def __init__(self, *args, today, **kwargs):
        self.today = today
        kwargs["initial"] = {"until": today + timedelta(days=7)}
        super().__init__(*args, **kwargs)
        self.fields["until"].between(today, today + FARTHEST)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if not self.today <= until <= self.today + FARTHEST:
            raise forms.ValidationError(_("Pilih tanggal antara hari ini dan 60 hari ke depan."))
        return until


CODE = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "size": 20})


class CodeForm(forms.Form):
    """The public code of a collaboration."""

    kode = forms.CharField(
        label=_("Kode kolaborasi"),
        help_text=_("Ada di surel dan di halaman janji Anda. Contoh: KSBB-7F3K-Q2MD."),
        max_length=40,
        widget=CODE,
        error_messages={"required": _("Isi kodenya, misalnya KSBB-7F3K-Q2MD.")},
    )

    def clean_kode(self):
        return normalise_code(self.cleaned_data["kode"])


class LinkForm(forms.Form):
    """A code (of a collaboration or of money) and the contact that was given with it."""

    code = forms.CharField(
        label=_("Kode kolaborasi atau nomor rujukan dana"),
        max_length=40,
        widget=CODE,
        error_messages={"required": _("Isi kodenya, misalnya KSBB-7F3K-Q2MD.")},
    )
    contact = forms.CharField(
        label=_("Surel atau nomor WhatsApp yang Anda pakai"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Isi surel atau nomor WhatsApp yang Anda pakai waktu berjanji.")},
    )

    def clean_code(self):
        return normalise_code(self.cleaned_data["code"])


def normalise_code(text):
    """Return a code as it is stored, however it was typed: "ksbb 7f3k q2md" → `KSBB-7F3K-Q2MD`."""
    plain = "".join(char for char in text.upper() if char.isalnum())
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}"
