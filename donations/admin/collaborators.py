"""Givers and their faces, distribution partners and licences, and the persons in charge of places."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations.actions import collaborators, contacts
from donations.models import Aggregator, Collaborator, ContactPerson, CostLimit, Disclosure, Giver, Licence
from ksbb.admin_base import ReadOnlyAdmin, StaffAdmin, area_filter, own_aggregators
from ksbb.admin_steps import Step, StepAdmin


@admin.register(Collaborator)
class CollaboratorAdmin(StaffAdmin):
    """A new one is an institution known by name; of the others only the public words are edited."""

    list_display = ("name", "category", "attribution", "website", "is_fictional")
    list_filter = ("category", "attribution", "is_fictional")
    search_fields = ("name", "slug")
    ordering = ("name", "pk")
    fields = ("name", "category", "attribution", "slug", "about", "website", "is_fictional")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request):
        """Officers see whose gifts their own organisation carries out."""
        rows = admin.ModelAdmin.get_queryset(self, request)
        own = own_aggregators(request.user)
        if own is None:
            return rows
        carried = rows.filter(commitments__aggregator__in=own) | rows.filter(contributions__aggregator__in=own)
        return rows.filter(pk__in=carried.values("pk").union(rows.filter(aggregator__in=own).values("pk")))

    def get_fields(self, request, obj=None):
        return self.fields if obj else ("name", "category", "about", "website")

    def get_readonly_fields(self, request, obj=None):
        return ("name", "category", "attribution", "slug", "is_fictional") if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """Enter a new face by the action; the words of a known one are saved as they are."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made = collaborators.add(now=timezone.now(), by=request.user, **form.cleaned_data)
        obj.pk, obj.slug = made.pk, made.slug

    def log_addition(self, request, obj, message):
        """The action has audited it already."""


@admin.register(Giver)
class GiverAdmin(ReadOnlyAdmin):
    """Givers stay behind their faces: no name and no contact stands here."""

    list_display = ("pk", "created_at")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    fields = ("created_at",)


class LicenceInline(admin.StackedInline):
    model = Licence
    extra = 0
    show_change_link = True
    can_delete = False


@admin.register(Aggregator)
class AggregatorAdmin(StaffAdmin):
    owner = "pk"
    list_display = ("collaborator", "program_names", "account_note")
    list_filter = ("programs",)
    list_select_related = ("collaborator",)
    search_fields = ("collaborator__name", "licences__number")
    autocomplete_fields = ("collaborator", "areas", "programs", "officers")
    ordering = ("collaborator__name", "pk")
    inlines = (LicenceInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("collaborator").prefetch_related("programs")

    @admin.display(description=_("program"))
    def program_names(self, row):
        return ", ".join(program.name for program in row.programs.all()) or None

    def has_delete_permission(self, request, obj=None):
        return False


class CostLimitInline(admin.TabularInline):
    model = CostLimit
    extra = 0


@admin.register(Licence)
class LicenceAdmin(StaffAdmin):
    owner = "aggregator"
    list_display = ("number", "aggregator", "kind", "issuer", "valid_from", "valid_until", "revoked_on")
    list_filter = ("kind", ("revoked_on", admin.EmptyFieldListFilter))
    list_select_related = ("aggregator__collaborator",)
    search_fields = ("number", "issuer", "aggregator__collaborator__name")
    autocomplete_fields = ("aggregator",)
    date_hierarchy = "valid_until"
    ordering = ("-valid_until", "pk")
    inlines = (CostLimitInline,)

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, form=LicenceForm, **kwargs)


class LicenceForm(forms.ModelForm):
    def clean(self):
        data = super().clean()
        if data.get("valid_from") and data.get("valid_until") and data["valid_until"] < data["valid_from"]:
            self.add_error("valid_until", _("Berakhir sebelum mulai."))
        return data


@admin.register(ContactPerson)
class ContactPersonAdmin(StepAdmin, ReadOnlyAdmin):
    """Who answers for a place. Name and numbers are shown by a step, and who asked is remembered."""

    list_display = ("location", "role", "paused_until")
    list_filter = (area_filter("location__area__code"), ("paused_until", admin.EmptyFieldListFilter))
    list_select_related = ("location",)
    search_fields = ("location__code", "location__name", "role")
    ordering = ("location__code",)
    fields = ("location", "role", "paused_until")
    facts = ("location", "role", "paused_until")
    steps = (
        Step(
            "tampilkan",
            _("Tampilkan kontak dan tautan"),
            "donations.change_contactperson",
            lambda row, data, *, by, now: contacts.details(contact=row, now=now, by=by),
            hint=_("Dicatat siapa yang melihat. Tautan pribadi hanya untuk penanggung jawab itu sendiri."),
        ),
    )


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    list_display = ("contact", "commitment", "at")
    list_filter = (area_filter("contact__location__area__code"),)
    list_select_related = ("contact__location", "commitment")
    search_fields = ("commitment__code", "contact__location__name", "contact__location__code")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
