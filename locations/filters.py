"""One filter for the list, the map, the API and the files of places and of needs."""

import hashlib
import math
import re
from dataclasses import replace
from datetime import datetime
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksbb.core.paging import Key, Order
from ksbb.core.parameters import (
    LIST_SETTINGS,
    Choices,
    Parameter,
    Parameters,
    Several,
    SeveralInput,
    SeveralSelect,
    Slugs,
    few,
)
from ksbb.core.version import remembered
from programs.models import NeedPeriod, PackageType, Program

from .models import Area, AreaLevel, Location, LocationKind, Need
from .queries import LocationQuerySet, areas_named, inside

LONGEST_SEARCH = 100
MOST_PACKAGES = 2_000_000_000
DIGITS = re.compile(r"\d{2}(\.?\d{2}(\.?\d{2}(\.?\d{4})?)?)?", re.ASCII)
BPS = re.compile(r"\d{2}\.?\d{2}\.?\d{3}(\.?\d{3})?", re.ASCII)
BOX_EDGES = ((-180, 180), (-90, 90), (-180, 180), (-90, 90))


def area_code(text):
    """Return the dotted Kemendagri code of `text` (`317405` or `31.74.05`); ValidationError for anything else.

    Statistics codes (BPS) look alike and mean other cities, so a kelurahan needs the 1 (desa: 2) of the ministry's
    register as its seventh digit, and seven digits are nobody's but BPS's.
    """
    text = text.strip()
    digits = text.replace(".", "")
    if BPS.fullmatch(text) and (len(digits) == 7 or digits[6] == "0"):
        raise ValidationError(_("Ini kode BPS. Pakai kode Kemendagri, misalnya 31.74.05.1006."))
    if not DIGITS.fullmatch(text):
        raise ValidationError(_("Bukan kode wilayah. Tulis seperti 31.74 atau 31.74.05.1006."))
    return ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)


def digest(text):
    """Return a short key for a cache."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Areas(forms.Field):
    """Repeatable codes of areas that exist; the result is a list of Area. A page may offer `choices`."""

    widget = SeveralSelect
    empty_label = gettext_lazy("Seluruh wilayah")

    def clean(self, value):
        codes = [area_code(one) for one in few(value)]
        known = Area.objects.in_bulk(codes) if codes else {}
        if unknown := [code for code in codes if code not in known]:
            raise ValidationError(_("Wilayah %s tidak ada dalam daftar.") % unknown[0])
        return list(known.values())


def box(text):
    """Return (west, south, east, north) in degrees; ValidationError unless it is a box on the globe."""
    try:
        edges = tuple(float(part) for part in text.split(","))
    except ValueError:
        edges = ()
    if len(edges) != 4 or not all(map(math.isfinite, edges)):
        raise ValidationError(_("Tulis empat angka: barat,selatan,timur,utara."))
    if not all(low <= edge <= high for edge, (low, high) in zip(edges, BOX_EDGES, strict=True)):
        raise ValidationError(_("Kotak ini di luar bumi: bujur −180 sampai 180, lintang −90 sampai 90."))
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        raise ValidationError(_("Barat harus lebih kecil dari timur, dan selatan dari utara."))
    return edges


class Box(forms.CharField):
    def clean(self, value):
        return box(super().clean(value))


# Repeatable whole percents, set by links.
Percent = partial(Several, each=forms.IntegerField(min_value=0, max_value=100), widget=forms.MultipleHiddenInput)


class NeedParameters(Parameters):
    """The parameters that pick needs: programme, package, period and gap hold for the same need."""

    program = Parameter(Slugs, label=gettext_lazy("Program"), queryset=Program.objects.order_by("position", "pk"))
    paket = Parameter(
        Slugs,
        label=gettext_lazy("Paket"),
        queryset=PackageType.objects.order_by("program__position", "program", "position", "pk"),
    )
    jenis = Parameter(
        Slugs, label=gettext_lazy("Jenis lokasi"), queryset=LocationKind.objects.order_by("position", "pk")
    )
    wilayah = Parameter(
        Areas, label=gettext_lazy("Wilayah"), help_text=gettext_lazy("Kode Kemendagri, misalnya 31.74.05.")
    )
    periode = Parameter(
        Slugs,
        label=gettext_lazy("Periode"),
        queryset=NeedPeriod.objects.newest_first(),
        widget=SeveralSelect,
        empty_label=gettext_lazy("Yang sedang dibuka"),
    )
    prioritas = Parameter(
        Choices,
        label=gettext_lazy("Prioritas"),
        choices=[("ya", gettext_lazy("Prioritas")), ("tidak", gettext_lazy("Bukan prioritas"))],
    )
    sisa_min = Parameter(
        Several,
        label=gettext_lazy("Masih kurang paling sedikit"),
        each=forms.IntegerField(min_value=0, max_value=MOST_PACKAGES),
        widget=SeveralInput(attrs={"inputmode": "numeric"}),
    )
    bbox = Parameter(
        Several,
        label=gettext_lazy("Kotak peta (barat,selatan,timur,utara)"),
        each=Box(max_length=200),
        widget=forms.MultipleHiddenInput,
    )
    q = Parameter(
        Several,
        label=gettext_lazy("Cari nama tempat atau wilayah"),
        each=forms.CharField(max_length=LONGEST_SEARCH),
        widget=SeveralInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def without(self, name):
        """Return the same filter with one parameter ignored."""
        other = type(self)(self.data, queryset=self.queryset)
        other._form = self.form
        other.cleaned = {**self.cleaned, name: None}
        return other

    def fingerprint(self):
        """Return what the filter picks, as text: the same for two filters of the same rows."""
        picked = {name: values for name, values in self.cleaned.items() if values and name not in LIST_SETTINGS}
        keys = {name: [getattr(value, "pk", value) for value in values] for name, values in picked.items()}
        return digest(repr(sorted(keys.items())))

    @cached_property
    def periods(self):
        """The chosen periods; empty means the open ones."""
        return self.cleaned.get("periode") or []

    @property
    def least(self):
        """At least so many packages must still be lacking (repeats are OR, so the smallest counts)."""
        return min(self.cleaned.get("sisa_min") or [0])

    @cached_property
    def needs(self):
        """The needs that the parameters are about; a place is picked when one of them is its."""
        return Need.objects.matching(
            programs=self.cleaned.get("program"),
            packages=self.cleaned.get("paket"),
            periods=self.periods,
            least=self.least,
        )

    @property
    def names_needs(self):
        """Whether a parameter asks for places with certain needs at all."""
        return any(self.cleaned.get(name) for name in ("program", "paket", "periode")) or bool(self.least)

    @property
    def names_places(self):
        """Whether a parameter is about places."""
        return any(self.cleaned.get(name) for name in ("jenis", "wilayah", "prioritas", "bbox", "q"))

    def places(self, queryset):
        """Return the public places among `queryset` that the parameters about places pick."""
        queryset = queryset.public()
        chosen = self.cleaned
        if chosen.get("jenis"):
            queryset = queryset.filter(kind__in=[kind.pk for kind in chosen["jenis"]])
        if chosen.get("wilayah"):
            queryset = queryset.filter(inside([area.pk for area in chosen["wilayah"]]))
        if len(chosen.get("prioritas") or []) == 1:
            queryset = queryset.filter(is_priority="ya" in chosen["prioritas"])
        boxes = chosen.get("bbox") or []
        queryset = either(queryset, [partial(LocationQuerySet.in_box, edges=edges) for edges in boxes])
        return either(queryset, [partial(LocationQuerySet.search, text=text) for text in chosen.get("q") or []])


def either(queryset, picks):
    """Return the rows that one of `picks` (functions from queryset to queryset) keeps; all without any."""
    if len(picks) < 2:
        return picks[0](queryset) if picks else queryset
    condition = Q()
    for pick in picks:
        condition |= Q(pk__in=pick(queryset).values("pk"))
    return queryset.filter(condition)


class LocationFilters(NeedParameters):
    """Picks places."""

    orders = (
        Order(
            "terpenuhi",
            gettext_lazy("Paling sedikit terpenuhi"),
            (Key("fulfilment_order"), Key("lacking", descending=True), Key("pk")),
        ),
        Order("sisa", gettext_lazy("Paling banyak kurang"), (Key("lacking", descending=True), Key("pk"))),
        Order("nama", gettext_lazy("Nama"), (Key("name", str), Key("pk"))),
        Order("terbaru", gettext_lazy("Terbaru diperiksa"), (Key("checked_at", datetime, True), Key("pk"))),
    )

    terpenuhi_min = Parameter(Percent, label=gettext_lazy("Terpenuhi paling sedikit (%)"))
    terpenuhi_maks = Parameter(Percent, label=gettext_lazy("Terpenuhi paling banyak (%)"))

    def filter_queryset(self, queryset):
        queryset = self.places(queryset)
        if self.names_needs:
            queryset = queryset.filter(pk__in=self.needs.values("location"))
        least, most = self.cleaned.get("terpenuhi_min"), self.cleaned.get("terpenuhi_maks")
        return queryset.fulfilled(min(least or [0]), max(most or [100])) if least or most else queryset

    def page(self):
        """Return the Page of places, with the needs of the chosen periods beside each (`details`)."""
        key = f"{self.fingerprint()}:{[self.cleaned.get(name) for name in LIST_SETTINGS]}"
        page = remembered(f"places:{digest(key)}", self._keys, 60)
        return replace(page, rows=self.details(page.rows))

    def _keys(self):
        """Return the Page with the places' keys alone: sorting a whole city is what costs, so it is remembered."""
        names = [key.name for key in self.order.keys]
        page = super().page(self.sortable(self.qs).values(*names))
        return replace(page, rows=[row["pk"] for row in page.rows])

    @cached_property
    def count(self):
        """How many places are picked."""
        return remembered(f"count:{self.fingerprint()}", lambda: self.qs.count(), 60)

    def sortable(self, queryset):
        """Add what the chosen order sorts by."""
        if self.order.slug == "terpenuhi":
            return queryset.with_fulfilment().with_lacking(self.needs)
        if self.order.slug == "sisa":
            return queryset.with_lacking(self.needs)
        return queryset.with_check_date()

    def details(self, pks):
        """Return these places in this order, each with `fulfilment` and `shown_needs`: those of the chosen periods."""
        places = Location.objects.detailed().in_bulk(pks)
        for place in places.values():
            place.shown_needs = []
        needs = Need.objects.matching(periods=self.periods).filter(location__in=pks).in_order()
        for need in needs:
            need.location = places[need.location_id]
            need.location.shown_needs.append(need)
        return [places[pk] for pk in pks if pk in places]


class NeedFilters(NeedParameters):
    """Picks needs."""

    orders = (
        Order("terpenuhi", gettext_lazy("Paling sedikit terpenuhi"), (Key("share"), Key("pk"))),
        Order("sisa", gettext_lazy("Paling banyak kurang"), (Key("lacking", descending=True), Key("pk"))),
        Order("nama", gettext_lazy("Nama tempat"), (Key("place", str), Key("pk"))),
        Order("terbaru", gettext_lazy("Terbaru"), (Key("pk", descending=True),)),
    )

    def filter_queryset(self, queryset):
        if self.names_places:
            return self.needs.filter(location__in=self.places(Location.objects.all()).values("pk"))
        return self.needs.of_public_places()

    def page(self):
        return super().page(self.qs.sortable().in_order(None).select_related("location"))


class AreaFilters(Parameters):
    """Picks areas."""

    orders = (
        Order("kode", gettext_lazy("Kode"), (Key("pk", str),)),
        Order("nama", gettext_lazy("Nama"), (Key("name", str), Key("pk", str))),
    )

    wilayah = Parameter(
        Areas, label=gettext_lazy("Wilayah"), help_text=gettext_lazy("Wilayah ini dan semua yang di dalamnya.")
    )
    tingkat = Parameter(Choices, label=gettext_lazy("Tingkat"), choices=AreaLevel.choices)
    q = NeedParameters.base_filters["q"]

    def filter_queryset(self, queryset):
        chosen = self.cleaned
        if chosen.get("wilayah"):
            queryset = queryset.filter(inside([area.pk for area in chosen["wilayah"]], "pk"))
        if chosen.get("tingkat"):
            queryset = queryset.filter(level__in=chosen["tingkat"])
        if chosen.get("q"):
            queryset = queryset.filter(pk__in={code for text in chosen["q"] for code in areas_named(text)})
        return queryset
