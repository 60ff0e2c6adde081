"""The ledger and what is folded from it: there to be read, by nobody to be changed."""

from django.contrib import admin

from donations.models import (
    DailyFamily,
    DailyFund,
    DailyLine,
    DailyTotal,
    DeliveryLine,
    IdempotencyKey,
    LedgerEntry,
    Watermark,
)
from ksbb.admin_base import ReadOnlyAdmin, area_filter


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = (
        "pk",
        "kind",
        "quantity",
        "effective_at",
        "package",
        "location",
        "commitment",
        "contribution",
        "recorded_by",
    )
    list_filter = ("kind", "program", "package", area_filter("area__code"), "category")
    list_select_related = ("package", "location", "commitment", "contribution", "recorded_by")
    search_fields = ("=commitment__code", "=contribution__reference", "=delivery__number", "=location__code")
    date_hierarchy = "day"
    ordering = ("-pk",)


@admin.register(DailyTotal)
class DailyTotalAdmin(ReadOnlyAdmin):
    list_display = ("day", "package", "area", "category", "reserved", "committed", "delivered")
    list_filter = ("package__program", "package", area_filter("area__code"), "category")
    list_select_related = ("package", "area")
    date_hierarchy = "day"
    ordering = ("-day", "-pk")


@admin.register(DailyLine)
class DailyLineAdmin(ReadOnlyAdmin):
    list_display = ("day", "commitment", "package", "location", "reserved", "committed", "delivered")
    list_filter = ("package__program", "package", area_filter("area__code"))
    list_select_related = ("commitment", "package", "location")
    search_fields = ("=commitment__code", "=location__code")
    date_hierarchy = "day"
    ordering = ("-day", "-pk")


@admin.register(DailyFund)
class DailyFundAdmin(ReadOnlyAdmin):
    list_display = ("day", "contribution", "received", "used", "refunded", "cost")
    list_select_related = ("contribution",)
    search_fields = ("=contribution__reference",)
    date_hierarchy = "day"
    ordering = ("-day", "-pk")


@admin.register(DailyFamily)
class DailyFamilyAdmin(ReadOnlyAdmin):
    list_display = ("day", "kind", "program", "area", "families", "persons", "uncounted")
    list_filter = ("program", area_filter("area__code"), "kind")
    list_select_related = ("program", "area")
    date_hierarchy = "day"
    ordering = ("-day", "-pk")


@admin.register(Watermark)
class WatermarkAdmin(ReadOnlyAdmin):
    list_display = ("pk", "entries")


@admin.register(DeliveryLine)
class DeliveryLineAdmin(ReadOnlyAdmin):
    owner = "delivery__commitment__aggregator"
    list_display = ("delivery", "line", "sent", "ok", "damaged", "short", "lost")
    list_filter = ("line__need__package", area_filter("delivery__location__area__code"))
    list_select_related = ("delivery", "line__need__package", "line__need__location")
    search_fields = ("delivery__number", "line__commitment__code")
    ordering = ("-pk",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ("pk", "created_at", "created_by")
    list_select_related = ("created_by",)
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    fields = ("created_at", "created_by")
