"""Families: no number, no fingerprint, and no box into which somebody could type a KK number."""

from django.contrib import admin

from donations.models.household import Household, HouseholdReceipt
from ksbb.admin_base import ReadOnlyAdmin, area_filter


@admin.register(Household)
class HouseholdAdmin(ReadOnlyAdmin):
    list_display = ("pk", "location", "area", "program", "members", "registered_at")
    list_filter = (area_filter("area__code"), "program")
    list_select_related = ("location", "area", "program")
    ordering = ("-pk",)
    fields = ("location", "area", "program", "members", "registered_at")


@admin.register(HouseholdReceipt)
class HouseholdReceiptAdmin(ReadOnlyAdmin):
    list_display = ("number", "delivery", "package", "period", "received_at")
    list_filter = (area_filter("household__area__code"), "package__program", "package")
    list_select_related = ("delivery", "package", "period")
    search_fields = ("=number", "=delivery__number")
    ordering = ("-pk",)
    fields = ("number", "household", "delivery", "package", "period", "received_at")
