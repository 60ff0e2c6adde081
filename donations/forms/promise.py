"""The form in which somebody promises packages to a place."""

import secrets
from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from donations.actions.promises import PromiseTerms, largest_slow_promise

from .giver import GiverForm
from .inputs import FARTHEST, Day, WholeNumber

MOST_PACKAGES = 1_000_000
SAME, EQUIVALENT = "acuan", "setara"


class PromiseForm(GiverForm):
    """One box per need of a place in one programme, one statement per kind of package."""

    contents = forms.ChoiceField(
        label=gettext_lazy("Isi paket"),
        choices=[
            (SAME, gettext_lazy("Sama dengan isi acuan")),
            (EQUIVALENT, gettext_lazy("Setara: isinya lain, nilainya sama")),
        ],
        initial=SAME,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih isi paketnya.")},
    )
    equivalent = forms.CharField(
        label=gettext_lazy("Isi yang setara"),
        help_text=gettext_lazy("Isi hanya kalau Anda memilih setara. Contoh: beras 10 kg dan telur 2 kg."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    window_start = Day(label=gettext_lazy("Paling awal"))
    window_end = Day(label=gettext_lazy("Paling lambat"))
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, needs, today, **kwargs):
        self.needs = needs
        self.statements = {need.package.statement_id: need.package.statement for need in needs}
        days = {"window_start": today + timedelta(days=1), "window_end": today + timedelta(days=7)}
        kwargs["initial"] = {"key": secrets.token_urlsafe(16), **days, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name in days:
            self.fields[name].between(today, today + FARTHEST)
        packages = {f"need_{need.pk}": self._quantity(need) for need in needs}
        declared = {f"statement_{pk}": self._statement(each) for pk, each in self.statements.items()}
        self.fields = {**packages, **self.fields, **declared}
        self.order_fields([*packages, "contents", "equivalent", *days])

    @staticmethod
    def _quantity(need):
        words = {"n": largest_slow_promise(need)}
        words["unit"] = ngettext(need.package.unit, need.package.unit, words["n"])
        all_day = words["n"] >= need.remaining
        both = _("Sampai %(n)d %(unit)s kami simpan 24 jam; lebih dari itu 2 jam.") % words
        return WholeNumber(
            label=_("Jumlah %(package)s") % {"package": need.package.name},
            help_text=_("Kami simpan 24 jam untuk Anda.") if all_day else both,
            required=False,
            max_value=MOST_PACKAGES,
        )

    @staticmethod
    def _statement(statement):
        return forms.BooleanField(
            label=_("Saya menyatakan semua butir di atas benar (%(title)s, versi %(version)d).")
            % {"title": statement.title, "version": statement.version},
            required=False,
        )

    def rows(self):
        """Return (need, its box) pairs for the page."""
        return [(need, self[f"need_{need.pk}"]) for need in self.needs]

    def declarations(self):
        """Return (statement, its tick box) pairs for the page."""
        return [(statement, self[f"statement_{pk}"]) for pk, statement in self.statements.items()]

    def lines(self):
        """Return what is promised: need pk → packages."""
        wanted = {need.pk: self.cleaned_data.get(f"need_{need.pk}") for need in self.needs}
        return {pk: quantity for pk, quantity in wanted.items() if quantity}

    def clean(self):
        data = super().clean()
        lines = self.lines()
        first = f"need_{self.needs[0].pk}"
        if not lines and not any(f"need_{need.pk}" in self.errors for need in self.needs):
            self.add_error(first, _("Isi jumlah untuk sedikitnya satu paket."))
        for pk in self._statements_of(lines):
            if not data.get(f"statement_{pk}"):
                self.add_error(f"statement_{pk}", _("Centang pernyataan ini supaya bantuan Anda dapat diterima."))
        if data.get("contents") == EQUIVALENT and not data.get("equivalent"):
            self.add_error("equivalent", _("Tulis isi yang setara, atau pilih isi acuan."))
        return data

    def _statements_of(self, lines):
        return sorted({need.package.statement_id for need in self.needs if need.pk in lines})

    def terms(self):
        """Return the cleaned answers about contents, dates and statements."""
        data = self.cleaned_data
        return PromiseTerms(
            window_start=data["window_start"],
            window_end=data["window_end"],
            equivalent=data["equivalent"] if data["contents"] == EQUIVALENT else "",
            statements=tuple(self.statements[pk] for pk in self._statements_of(self.lines())),
        )

    def refuse(self, refusal):
        if refusal.field == "lines":
            self.add_error(f"need_{self.needs[0].pk}", refusal.message)
        else:
            super().refuse(refusal)
