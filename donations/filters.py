"""What collaborations, hand-overs, money and givers can be filtered by: the same at page, API and file."""

from datetime import date, datetime
from functools import cached_property

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donations import figures, rows
from donations.models import Category, CommitmentLine, CommitmentState
from donations.models.commitment import ENDED
from ksbb.core.paging import Key, Order
from ksbb.core.parameters import Choices, Day, Parameter, ParameterForm, Parameters, Slugs
from locations.filters import Areas
from locations.models import Location
from locations.queries import inside
from programs.models import PackageType, Program

CHANNELS = [("langsung", _("Langsung")), ("agregator", _("Lewat mitra penyalur"))]
PER = {
    "hari": _("hari"),
    "minggu": _("minggu"),
    "kota": _("kota"),
    "kecamatan": _("kecamatan"),
    "kelurahan": _("kelurahan"),
    "paket": _("paket"),
    "kategori": _("kategori"),
}
NOT_LISTED = {"invalid_choice": _("Pilihan ini tidak dikenal. Pilih dari daftar.")}
LONGEST_SEARCH = 100


class Dated(Parameters):
    """As of any date: `sampai` is the last day that counts, `dari` the first (WIB)."""

    sampai = Parameter(Day, label=_("Sampai dengan"))
    dari = Parameter(Day, label=_("Sejak"))

    @cached_property
    def scope(self):
        """The days that count."""
        return figures.Scope(until=self.cleaned.get("sampai"), since=self.cleaned.get("dari"))


class FigureForm(ParameterForm):
    field_order = ("program", "sampai", "dari")


class FigureFilter(Dated):
    """Which figures: of one programme or all, and what they are broken down by."""

    class Meta:
        form = FigureForm

    program = Parameter(
        forms.ModelChoiceField,
        label=_("Program"),
        queryset=Program.objects.order_by("position", "pk"),
        to_field_name="slug",
        empty_label=_("Semua program"),
        error_messages=NOT_LISTED,
    )
    per = Parameter(
        forms.ChoiceField,
        label=_("Rincian per"),
        choices=[("", _("Tanpa rincian")), *((word, PER[word]) for word in figures.BREAKDOWNS)],
        widget=forms.HiddenInput,
        error_messages=NOT_LISTED,
    )


class PackageFilter(Dated):
    """Rows about packages for places: by programme, package, area, channel and the giver's category."""

    program = Parameter(Slugs, label=_("Program"), queryset=Program.objects.order_by("position", "pk"))
    paket = Parameter(
        Slugs, label=_("Paket"), queryset=PackageType.objects.order_by("program__position", "program", "position", "pk")
    )
    wilayah = Parameter(Areas, label=_("Wilayah"), help_text=_("Kode Kemendagri, misalnya 31.74.05."))
    saluran = Parameter(Choices, label=_("Saluran"), choices=CHANNELS)
    kategori = Parameter(Choices, label=_("Kategori kolaborator"), choices=Category.choices)

    def about_lines(self):
        """Return the condition that `paket` and `wilayah` put on a line."""
        condition = Q()
        if packages := self.cleaned.get("paket"):
            condition &= Q(need__package__in=packages)
        if areas := self.cleaned.get("wilayah"):
            condition &= inside([area.pk for area in areas], "need__location__area__code")
        return condition

    def about_commitments(self, path=""):
        """Return the condition on a commitment's programme, channel and giver; `path` leads from the row to it."""
        condition = Q()
        if programs := self.cleaned.get("program"):
            condition &= Q(**{f"{path}program__in": programs})
        if categories := self.cleaned.get("kategori"):
            condition &= Q(**{f"{path}collaborator__category__in": categories})
        return condition & self._channel(f"{path}aggregator__isnull")

    def _channel(self, no_aggregator):
        channels = self.cleaned.get("saluran") or []
        return Q(**{no_aggregator: channels == ["langsung"]}) if len(channels) == 1 else Q()


class CollaborationFilter(PackageFilter):
    """Picks collaborations, and the lines of theirs that fit `paket`, `wilayah` and `lokasi`."""

    orders = (
        Order("terbaru", _("Terbaru"), (Key("submitted_at", datetime, descending=True), Key("pk", descending=True))),
        Order("terlama", _("Terlama"), (Key("submitted_at", datetime), Key("pk"))),
    )

    lokasi = Parameter(
        Slugs,
        label=_("Tempat"),
        queryset=Location.objects.public(),
        to_field_name="code",
        widget=forms.MultipleHiddenInput,
    )
    status = Parameter(
        Choices,
        label=_("Status sekarang"),
        choices=[(state.value, state.label) for state in CommitmentState if state not in ENDED],
    )
    q = Parameter(
        label=_("Cari kode atau kolaborator"),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def about_lines(self):
        places = self.cleaned.get("lokasi")
        return super().about_lines() & (Q(need__location__in=places) if places else Q())

    @cached_property
    def lines(self):
        """The lines of the picked collaborations that fit `paket`, `wilayah` and `lokasi`, with their packages then."""
        return rows.lines(self.scope, self.qs).filter(self.about_lines())

    def filter_queryset(self, queryset):
        queryset = rows.collaborations(self.scope, queryset).filter(self.about_commitments())
        if fitting := self.about_lines():
            queryset = queryset.filter(pk__in=CommitmentLine.objects.filter(fitting).values("commitment_id"))
        if states := self.cleaned.get("status"):
            queryset = queryset.filter(state__in=states)
        return self._found(queryset)

    def _found(self, queryset):
        """Search codes, and names only where they are shown."""
        text = (self.cleaned.get("q") or "").strip()
        if not text:
            return queryset
        return queryset.filter(Q(code__icontains=text) | rows.named() & Q(collaborator__name__icontains=text))


class DeliveryFilter(PackageFilter):
    """Picks what happened at hand-overs, one ledger entry a row."""

    orders = (
        Order("terbaru", _("Terbaru"), (Key("day", date, descending=True), Key("pk", descending=True))),
        Order("terlama", _("Terlama"), (Key("day", date), Key("pk"))),
    )

    def filter_queryset(self, queryset):
        queryset = rows.deliveries(self.scope, queryset).filter(self.about_commitments("commitment__"))
        if packages := self.cleaned.get("paket"):
            queryset = queryset.filter(package__in=packages)
        if areas := self.cleaned.get("wilayah"):
            queryset = queryset.filter(inside([area.pk for area in areas]))
        return queryset


class FundFilter(Dated):
    """Picks contributions of money."""

    orders = (
        Order("terbaru", _("Terbaru"), (Key("received_at", datetime, descending=True), Key("pk", descending=True))),
    )

    program = Parameter(Slugs, label=_("Program"), queryset=Program.objects.order_by("position", "pk"))

    def filter_queryset(self, queryset):
        queryset = rows.contributions(self.scope, queryset)
        programs = self.cleaned.get("program")
        return queryset.filter(program__in=programs) if programs else queryset


class CollaboratorFilter(Dated):
    """Picks the faces of those who gave."""

    orders = (
        Order("komitmen", _("Komitmen terbesar"), (Key("committed_then", descending=True), Key("pk"))),
        Order("tersalurkan", _("Tersalurkan terbesar"), (Key("delivered_then", descending=True), Key("pk"))),
        Order("kolaborasi", _("Kolaborasi terbanyak"), (Key("collaborations_then", descending=True), Key("pk"))),
        Order("nama", _("Nama"), (Key("name", str), Key("pk"))),
    )

    kategori = Parameter(Choices, label=_("Kategori"), choices=Category.choices)
    q = Parameter(
        label=_("Cari nama"),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def filter_queryset(self, queryset):
        queryset = rows.collaborators(self.scope, queryset)
        if categories := self.cleaned.get("kategori"):
            queryset = queryset.filter(category__in=categories)
        if text := (self.cleaned.get("q") or "").strip():
            queryset = queryset.filter(name__icontains=text)
        return queryset


class AggregatorFilter(Parameters):
    """The distribution partners, in the order of their names."""

    orders = (Order("nama", _("Nama"), (Key("name", str), Key("pk"))),)

    def filter_queryset(self, queryset):
        return queryset.annotate(name=F("collaborator__name")).select_related("collaborator")
