"""The form in which somebody promises packages to one place or to several, in three steps."""

import secrets
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from donations.actions.promise_rules import PromiseTerms, check_window, largest_slow_promise
from donations.errors import Refused

from .giver import GiverForm
from .inputs import FARTHEST, Day, WholeNumber, Words

MOST_PACKAGES = 1_000_000
SAME, EQUIVALENT = "acuan", "setara"
PACKAGES, GIVER, REVIEW = STEPS = 1, 2, 3
# How the first step's answers stand in an address; boxes are `jumlah-<need>`. Nothing about the giver ever does.
IN_ADDRESS = {
    "window_start": "mulai",
    "window_end": "selesai",
    "contents": "isi",
    "equivalent": "setara",
    "aggregator": "mitra",
}


class PromiseForm(GiverForm):
    """One box per need of the places in one programme, and one statement per kind of package.

    Every step shows its own fields and carries the others hidden, so that nothing is kept anywhere between two steps;
    whatever comes back is checked like everything else that is typed.
    """

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
    equivalent = Words(
        label=gettext_lazy("Isi yang setara"),
        help_text=gettext_lazy("Isi hanya kalau Anda memilih setara. Contoh: beras 10 kg dan telur 2 kg."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    window_start = Day(label=gettext_lazy("Paling awal"))
    window_end = Day(label=gettext_lazy("Paling lambat"))
    aggregator = forms.ModelChoiceField(
        label=gettext_lazy("Siapa yang menyalurkan"),
        help_text=gettext_lazy("Kalau lewat mitra, sepakati dulu dengan mereka."),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Saya atau lembaga saya sendiri"),
        error_messages={"invalid_choice": gettext_lazy("Pilih mitra dari daftar, atau antar sendiri.")},
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, asked, program, partners, now, initial=None):
        self.asked, self.now = asked, now
        self.needs = asked.needs_of(program)
        self.statements = {need.package.statement_id: need.package.statement for need in self.needs}
        days = {"window_start": asked.today + timedelta(days=1), "window_end": asked.today + timedelta(days=7)}
        super().__init__(data, initial={"key": new_key(), **days, **(initial or {})})
        for name in days:
            self.fields[name].between(asked.today, asked.today + FARTHEST)
        self.fields["aggregator"].queryset = partners
        giver = [*GiverForm.base_fields]
        packages = {box_of(need): self._quantity() for need in self.needs}
        declared = {f"statement_{pk}": self._statement(each) for pk, each in self.statements.items()}
        # What was typed for another programme waits here until she comes back to it.
        waiting = {box_of(need): forms.CharField(required=False) for need in asked.needs if need not in self.needs}
        self.fields = {**packages, **self.fields, **declared, **waiting}
        how = ["window_start", "window_end", "contents", "equivalent", "aggregator"]
        self.steps = {PACKAGES: [*packages, *how], GIVER: giver, REVIEW: [*declared]}
        self.order_fields([*packages, *how, *giver, *declared])

    @staticmethod
    def _quantity():
        return WholeNumber(
            required=False,
            max_value=MOST_PACKAGES,
            # Without "autocomplete=off", so that the browser's back button brings the number back.
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
        )

    def _label_boxes(self):
        """Say what each box is for; who only sends the form needs no words."""
        for need in self.needs:
            box = self.box(need)
            box.label, box.help_text = _("Jumlah %(package)s") % {"package": need.package.name}, self._hold_words(need)
            if self.asked.several:
                which = f"{need.package.name}, {need.location.name}"
                box.label = format_html('{}<span class="which"> {}</span>', pgettext("how many", "Jumlah"), which)
                box.help_text = ""

    @staticmethod
    def _hold_words(need):
        most = largest_slow_promise(need)
        if most >= need.remaining:
            return _("Kami simpan 24 jam untuk Anda.")
        unit = ngettext(need.package.unit, need.package.unit, most)
        words = {"n": number_format(most, force_grouping=True), "unit": unit}
        return _("Sampai %(n)s %(unit)s kami simpan 24 jam; lebih dari itu 2 jam.") % words

    @staticmethod
    def _statement(statement):
        return forms.BooleanField(
            label=_("Saya menyatakan semua butir di atas benar (%(title)s, versi %(version)d).")
            % {"title": statement.title, "version": statement.version},
            required=False,
        )

    # --- Steps --------------------------------------------------------------------------------------------------------
    def first_wrong(self):
        """Return the earliest step with something to mend, or None."""
        return next((step for step, names in self.steps.items() if any(name in self.errors for name in names)), None)

    def show(self, step, *, quiet):
        """Lay out one step: the other steps' fields are carried hidden, and what is wrong there is left for then.

        `quiet` leaves this step's own complaints for later too.
        """
        self._label_boxes()
        for name in self.fields.keys() - set(self.steps[step]):
            self.fields[name].widget = forms.HiddenInput()
            self.errors.pop(name, None)
        if quiet:
            self.errors.clear()
        return self

    def knows_giver(self):
        """Tell whether anything about the giver has been typed, which must not be lost nor stand in an address."""
        return any(self[name].value() for name in ("name", "contact", "alias"))

    def in_address(self):
        """Return the first step's answers as the parameters of an address."""
        return {address_name(name): self[name].value() for name in self.steps[PACKAGES] if self[name].value()}

    # --- What the page shows ------------------------------------------------------------------------------------------
    def box(self, need):
        """Return the box of a need, for the page."""
        return self[box_of(need)]

    def lines_of(self, place):
        """Return (need, packages) of what is promised to one place."""
        lines = self.lines()
        return [(need, lines[need.pk]) for need in self.needs if need.pk in lines and need.location_id == place.pk]

    def declarations(self):
        """Return (statement, its tick box) pairs of what is promised, for the page."""
        return [(self.statements[pk], self[f"statement_{pk}"]) for pk in self._statements_of(self.lines())]

    @property
    def is_delivered(self):
        """Whether all of it are things to be brought (else also money, work, training)."""
        return all(need.package.can_be_damaged for need in self.needs)

    # --- What was asked -----------------------------------------------------------------------------------------------
    def lines(self):
        """Return what is promised: need pk → packages."""
        wanted = {need.pk: self.cleaned_data.get(box_of(need)) for need in self.needs}
        return {pk: quantity for pk, quantity in wanted.items() if quantity}

    def short(self):
        """Return (need, wanted, left) of the lines for which less is left now, as NotEnoughLeft does."""
        lines = self.lines()
        wanted = [(need, lines[need.pk], self.asked.left_at(need)) for need in self.needs if need.pk in lines]
        return [(need, quantity, left) for need, quantity, left in wanted if quantity > left]

    def clean(self):
        data = super().clean()
        lines = self.lines()
        if self._has_closed():
            closed = _("Sebagian kebutuhan yang Anda isi sudah ditutup. Periksa lagi jumlahnya.")
            self.add_error(box_of(self._first_open()), closed)
        elif not lines and not any(box_of(need) in self.errors for need in self.needs):
            self.add_error(box_of(self._first_open()), _("Isi jumlah untuk sedikitnya satu paket."))
        for pk in self._statements_of(lines):
            if not data.get(f"statement_{pk}"):
                self.add_error(f"statement_{pk}", _("Centang pernyataan ini supaya bantuan Anda dapat diterima."))
        if data.get("contents") == EQUIVALENT and not data.get("equivalent"):
            self.add_error("equivalent", _("Tulis isi yang setara, atau pilih isi acuan."))
        self._clean_window(data)
        return data

    def _has_closed(self):
        """Tell whether a number stands in the box of a need that closed since, with its week (the page has it not)."""
        gone = (name for name in self.data if name.startswith("need_") and name not in self.fields)
        return any(self.data[name].strip(" 0") for name in gone)

    def _clean_window(self, data):
        window = PromiseTerms(window_start=data.get("window_start"), window_end=data.get("window_end"))
        try:
            check_window(window, self.now)
        except Refused as refusal:
            self.refuse(refusal)

    def _first_open(self):
        """Return the need whose box the page shows first."""
        return next((need for need in self.needs if self.asked.left_at(need)), self.needs[0])

    def _statements_of(self, lines):
        return sorted({need.package.statement_id for need in self.needs if need.pk in lines})

    def terms(self):
        """Return the cleaned answers about contents, dates, partner and statements."""
        data = self.cleaned_data
        return PromiseTerms(
            window_start=data["window_start"],
            window_end=data["window_end"],
            equivalent=data["equivalent"] if data["contents"] == EQUIVALENT else "",
            statements=tuple(self.statements[pk] for pk in self._statements_of(self.lines())),
            aggregator=data["aggregator"],
        )

    def refuse(self, refusal):
        if refusal.field == "lines":
            promised = self.lines()
            first = next((need for need in self.needs if need.pk in promised), self._first_open())
            self.add_error(box_of(first), refusal.message)
        else:
            super().refuse(refusal)


def new_key():
    """Return a key that no other form carries."""
    return secrets.token_urlsafe(16)


def box_of(need):
    """Return the name of a need's box."""
    return f"need_{need.pk}"


def address_name(name):
    """Return the name under which an answer of the first step stands in an address."""
    return IN_ADDRESS.get(name) or name.replace("need_", "jumlah-")


def typed_in(parameters, needs):
    """Return the form's data as they stand in an address, the giver's questions as a fresh form shows them."""
    fresh = {name: field.initial for name, field in GiverForm.base_fields.items() if field.initial}
    names = [*IN_ADDRESS, *map(box_of, needs)]
    return {**fresh, "key": new_key()} | {name: parameters.get(address_name(name), "") for name in names}


def shifted(data, asked):
    """Return typed `data` with what no longer fits at one need moved to another (`shift`: pk of the two needs)."""
    pair = data.get("shift", "").split(":")
    needs = [need for pk in pair for need in asked.needs if str(need.pk) == pk]
    if len(needs) != 2:
        return data
    here, there = needs
    wanted, taken = _typed(data, here), _typed(data, there)
    moved = max(min(wanted - asked.left_at(here), asked.left_at(there) - taken), 0)
    return {**data.dict(), box_of(here): str(wanted - moved or ""), box_of(there): str(taken + moved)}


def _typed(data, need):
    try:
        return WholeNumber(max_value=MOST_PACKAGES, required=False).clean(data.get(box_of(need))) or 0
    except ValidationError:
        return 0
