"""Programmes, packages, periods: reference data that Pokja extends here. Every save is audited."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from donations.actions import periods
from donations.models import Commitment
from ksbb.admin_base import StaffAdmin
from ksbb.admin_steps import Step, StepAdmin

from .models import NeedPeriod, PackageType, PackageVersion, Program, Statement


class PackageVersionInline(admin.StackedInline):
    """The newest version is added here; one that a need uses can no longer be changed."""

    model = PackageVersion
    extra = 0
    show_change_link = True
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Program)
class ProgramAdmin(StaffAdmin):
    list_display = ("name", "status", "lead_agency", "package_count", "started_on", "position")
    list_filter = ("status",)
    search_fields = ("name", "slug", "lead_agency")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position", "pk")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(package_count=Count("packages"))

    @admin.display(description=_("jenis paket"), ordering="package_count")
    def package_count(self, row):
        return row.package_count


@admin.register(PackageType)
class PackageTypeAdmin(StaffAdmin):
    list_display = ("name", "program", "kind", "recipient", "unit", "statement", "position")
    list_filter = ("program", "kind", "recipient")
    list_select_related = ("program", "statement")
    search_fields = ("name", "slug", "program__name")
    autocomplete_fields = ("program", "statement")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("program__position", "position", "pk")
    inlines = (PackageVersionInline,)

    def get_readonly_fields(self, request, obj=None):
        """The programme and kind of a package that is needed somewhere stay as they are: figures hang on them."""
        return ("program", "kind", "slug") if obj and obj.needs.exists() else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields


@admin.register(PackageVersion)
class PackageVersionAdmin(StaffAdmin):
    list_display = ("package", "number", "valid_from", "reference_price", "unit_rule")
    list_filter = ("package__program", "package")
    list_select_related = ("package",)
    search_fields = ("package__name", "unit_rule", "contents")
    autocomplete_fields = ("package",)
    date_hierarchy = "valid_from"
    ordering = ("package__position", "package_id", "-number")

    def has_change_permission(self, request, obj=None):
        """A version is immutable once a need uses it."""
        return super().has_change_permission(request, obj) and not (obj and obj.in_use)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.in_use)


@admin.register(NeedPeriod)
class NeedPeriodAdmin(StepAdmin, StaffAdmin):
    list_display = ("slug", "name", "starts_on", "ends_on", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    search_fields = ("slug", "name")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on",)
    readonly_fields = ("closed_at",)
    facts = ("name", "starts_on", "ends_on", "closed_at")

    def get_readonly_fields(self, request, obj=None):
        """The days of a period that has needs stay as they are."""
        fixed = ("slug", "starts_on", "ends_on") if obj and obj.needs.exists() else ()
        return (*self.readonly_fields, *fixed)

    steps = (
        Step(
            "tutup",
            _("Tutup periode"),
            "programs.change_needperiod",
            lambda row, data, *, by, now: periods.close(period=row, now=now, by=by),
            possible=lambda row: row.is_open,
            danger=True,
            hint=_("Janji yang belum disetujui gugur; yang sudah disetujui berjalan terus. Tidak dapat dibuka lagi."),
        ),
    )


@admin.register(Statement)
class StatementAdmin(StaffAdmin):
    list_display = ("title", "slug", "version", "package_count")
    search_fields = ("title", "slug", "points")
    ordering = ("slug", "-version")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(package_count=Count("packages"))

    @admin.display(description=_("dipakai paket"), ordering="package_count")
    def package_count(self, row):
        return row.package_count

    def get_readonly_fields(self, request, obj=None):
        """What donors have declared stays as it was: a new wording is a new version."""
        return ("slug", "version", "title", "points") if obj and self.declared(obj) else ()

    @staticmethod
    def declared(statement):
        return Commitment.objects.filter(statement=statement).exists()

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self.declared(obj))
