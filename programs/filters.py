"""The parameters of lists of programmes, packages and periods."""

from datetime import date

from django.db.models import F
from django.utils.translation import gettext_lazy

from ksbb.core.paging import Key, Order
from ksbb.core.parameters import Parameter, Parameters, Slugs

from .models import Program


class ProgramFilters(Parameters):
    orders = (Order("urutan", gettext_lazy("Urutan"), (Key("position"), Key("pk"))),)


class PackageFilters(Parameters):
    orders = (Order("urutan", gettext_lazy("Urutan"), (Key("program_position"), Key("position"), Key("pk"))),)

    program = Parameter(Slugs, label=gettext_lazy("Program"), queryset=Program.objects.order_by("position", "pk"))

    def filter_queryset(self, queryset):
        queryset = queryset.annotate(program_position=F("program__position"))
        if programs := self.cleaned.get("program"):
            queryset = queryset.filter(program__in=[program.pk for program in programs])
        return queryset


class PeriodFilters(Parameters):
    orders = (Order("terbaru", gettext_lazy("Terbaru"), (Key("starts_on", date, True), Key("pk", descending=True))),)
