"""Areas, places and needs: places are entered and verified here by different people, needs published and changed."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, F
from django.forms import Script
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from donations.actions import places
from ksbb.admin_base import AreaFilter, ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, area_filter
from ksbb.admin_steps import StepAdmin
from ksbb.admin_todo import TaskFilter
from locations.models import Area, AreaAlias, AreaLevel, Boundary, Location, LocationKind, Need, RtRow, Verification

from .steps import NEED_STEPS, PLACE_STEPS, LocationForm


class AreaAliasInline(admin.TabularInline):
    model = AreaAlias
    extra = 0


@admin.register(Area)
class AreaAdmin(StaffAdmin):
    """The register of areas comes with the product; only the spellings met in files are added here."""

    list_display = ("code", "name", "level", "parent", "population", "rw_count", "postal_code")
    list_filter = ("level", area_filter("code"))
    list_select_related = ("parent",)
    search_fields = ("name", "code", "aliases__name")
    ordering = ("code",)
    inlines = (AreaAliasInline,)
    readonly_fields = [field.name for field in Area._meta.concrete_fields]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Boundary)
class BoundaryAdmin(ReadOnlyAdmin):
    """Which areas have a real border, and since when; `import_data batas` brings them."""

    list_display = ("area", "changed_at", "is_given")
    search_fields = ("=area__code", "area__name")
    list_select_related = ("area",)
    ordering = ("area",)
    fields = ("area", "changed_at", "is_given")

    @admin.display(description=_("batas resmi"), boolean=True)
    def is_given(self, boundary):
        return boundary.geometry is not None


@admin.register(AreaAlias)
class AreaAliasAdmin(StaffAdmin):
    list_display = ("name", "area")
    list_select_related = ("area",)
    list_filter = (area_filter("area__code"),)
    search_fields = ("name", "area__name", "area__code")
    autocomplete_fields = ("area",)
    ordering = ("name", "pk")


@admin.register(LocationKind)
class LocationKindAdmin(StaffAdmin):
    list_display = ("name", "slug", "houses_children", "place_count", "position")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position", "pk")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(place_count=Count("locations"))

    @admin.display(description=_("lokasi"), ordering="place_count")
    def place_count(self, row):
        return row.place_count


class RtInline(admin.TabularInline):
    model = RtRow
    extra = 0
    ordering = ("rt",)


class VerificationInline(ReadOnlyInline):
    model = Verification
    related = ("by",)
    fields = ("level", "at", "by", "note")
    ordering = ("-at", "-pk")


@admin.register(Location)
class LocationAdmin(StepAdmin, StaffAdmin):
    form = LocationForm
    list_display = (
        "name",
        "kind",
        "area",
        "is_priority",
        "published",
        "verified_level",
        "verified_at",
        "vulnerable_families",
        "code",
    )
    list_filter = (TaskFilter, AreaFilter, "kind", "is_priority", "published", "verified_level", "precision")
    list_select_related = ("kind", "area")
    search_fields = ("code", "name", "area__name", "register_id")
    ordering = ("code",)
    autocomplete_fields = ("area", "kind")
    inlines = (RtInline, VerificationInline)
    readonly_fields = (
        "code",
        "point_map",
        "published",
        "is_priority",
        "verified_level",
        "verified_at",
        "created_by",
        "needs_link",
    )
    fieldsets = (
        (None, {"fields": ("seen", "code", "kind", "name", "area", "rw", "address")}),
        (_("Titik di peta"), {"fields": ("latitude", "longitude", "precision", "agreed_exact", "point_map")}),
        (_("Keadaan"), {"fields": ("vulnerable_families", "people", "note", "needs_link")}),
        (_("Asal data"), {"fields": ("register", "register_id", "document", "document_item")}),
        (
            _("Pemeriksaan"),
            {"fields": ("published", "is_priority", "verified_level", "verified_at", "created_by")},
        ),
    )
    steps = PLACE_STEPS
    facts = ("code", "name", "kind", "area", "published", "is_priority", "verified_level", "verified_at", "created_by")

    class Media:
        css = {"all": ["leaflet/leaflet.css"]}
        js = ["leaflet/leaflet.js", Script("js/admin/point.js", type="module")]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("kind", "area", "created_by")

    def get_readonly_fields(self, request, obj=None):
        """Where a place with needs lies stays as it is: the ledger's figures hang on it."""
        return (*self.readonly_fields, *(("area", "rw", "kind") if obj and obj.needs.exists() else ()))

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """Enter or edit a place by the action: unpublished at first, and only as it was seen."""
        now = timezone.now()
        if not change:
            places.add(location=obj, now=now, by=request.user)
            return
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in LocationForm.Meta.fields}
        places.edit(location=obj, changes=changes, version=form.seen_version, now=now, by=request.user)

    def log_addition(self, request, obj, message):
        """The action has audited it already."""

    def log_change(self, request, obj, message):
        """The action has audited the place; the rows beneath it are named here."""
        beneath = [each for each in message if "name" in next(iter(each.values()))]
        if beneath:
            super().log_change(request, obj, beneath)

    @admin.display(description=_("peta"))
    def point_map(self, row):
        """The numbers above on a map; where there are none yet, the city's middle."""
        middle = Area.objects.filter(level=AreaLevel.PROVINCE).first()
        context = {
            "tiles": settings.TILE_URL,
            "attribution": settings.TILE_ATTRIBUTION,
            "centre": f"{middle.latitude},{middle.longitude}" if middle else "-6.2,106.8",
        }
        return render_to_string("admin/point_map.html", context)

    @admin.display(description=_("kebutuhan"))
    def needs_link(self, row):
        if not row.pk:
            return self.empty_value_display
        url = reverse("admin:locations_need_changelist")
        return format_html('<a href="{}?location__id__exact={}">{}</a>', url, row.pk, _("Lihat kebutuhan tempat ini"))


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ("location", "level", "at", "by", "note")
    list_filter = ("level", area_filter("location__area__code"))
    list_select_related = ("location", "by")
    search_fields = ("location__code", "location__name", "by__username")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")


@admin.register(Need)
class NeedAdmin(StepAdmin, ReadOnlyAdmin):
    list_display = ("location", "package", "period", "quantity", "reserved", "committed", "delivered", "remaining")
    list_filter = (
        area_filter("location__area__code"),
        "package__program",
        "package",
        "period",
        "location__is_priority",
    )
    list_select_related = ("location", "package", "period")
    search_fields = ("location__code", "location__name", "package__name")
    ordering = ("-period__starts_on", "location__code", "package__position")
    steps = NEED_STEPS
    facts = ("location", "package", "period", "quantity", "reserved", "committed", "delivered")

    @admin.display(description=_("masih dibutuhkan"), ordering=F("quantity") - F("reserved"))
    def remaining(self, row):
        return row.remaining

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("location", "package", "period")

    def get_search_results(self, request, queryset, search_term):
        """Where a form asks for a need, only the open ones are offered."""
        rows, many = super().get_search_results(request, queryset, search_term)
        return (rows.open() if request.path.endswith("/autocomplete/") else rows), many
