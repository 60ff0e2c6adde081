"""Hand-overs and their photos: read only; a photo is shown to the public once somebody has looked at it."""

from django.contrib import admin
from django.http import FileResponse, Http404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from donations.actions import deliveries
from donations.models import Delivery, DeliveryLine, DeliveryPhoto
from ksbb.admin_base import ReadOnlyAdmin, ReadOnlyInline, area_filter
from ksbb.admin_steps import Step, StepAdmin
from ksbb.admin_todo import TaskFilter


def picture(photo, width):
    """Return a photo as the staff see it: small, leading to the whole."""
    url = reverse("admin:donations_deliveryphoto_file", args=[photo.pk])
    return format_html('<a href="{}"><img src="{}" alt="{}" width="{}" class="photo"></a>', url, url, photo, width)


class OutcomeInline(ReadOnlyInline):
    model = DeliveryLine
    related = ("line__need__location", "line__need__package")
    fields = ("line", "sent", "ok", "damaged", "short", "lost")
    ordering = ("pk",)


class PhotoInline(ReadOnlyInline):
    model = DeliveryPhoto
    related = ("delivery", "checked_by")
    fields = ("preview", "uploaded_at", "checked_by", "checked_at")
    readonly_fields = ("preview",)
    show_change_link = True
    ordering = ("pk",)

    @admin.display(description=_("foto"))
    def preview(self, row):
        return picture(row, 160)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    owner = "commitment__aggregator"
    list_display = ("number", "commitment", "location", "delivered_at", "receiver_role", "recorded_by", "recorded_at")
    list_filter = ("commitment__program", area_filter("location__area__code"))
    list_select_related = ("commitment", "location", "recorded_by")
    search_fields = ("number", "commitment__code", "location__name", "location__code")
    date_hierarchy = "delivered_at"
    ordering = ("-delivered_at", "-pk")
    inlines = (OutcomeInline, PhotoInline)
    fields = (
        "number",
        "commitment",
        "location",
        "delivered_at",
        "receiver_role",
        "note",
        "thanks",
        "recorded_by",
        "recorded_at",
    )


@admin.register(DeliveryPhoto)
class DeliveryPhotoAdmin(StepAdmin, ReadOnlyAdmin):
    owner = "delivery__commitment__aggregator"
    list_display = ("preview", "delivery", "uploaded_at", "checked_by", "checked_at")
    list_display_links = ("delivery",)
    list_filter = (TaskFilter, area_filter("delivery__location__area__code"))
    list_select_related = ("delivery", "checked_by")
    search_fields = ("delivery__number", "delivery__commitment__code")
    date_hierarchy = "uploaded_at"
    ordering = ("-uploaded_at", "-pk")
    list_per_page = 20
    fields = ("large", "delivery", "uploaded_at", "checked_by", "checked_at")
    readonly_fields = ("large",)
    facts = ("delivery", "uploaded_at", "checked_at", "large")
    steps = (
        Step(
            "periksa",
            _("Boleh tampil di publik"),
            "donations.change_deliveryphoto",
            lambda row, data, *, by, now: deliveries.check_photo(photo=row, now=now, by=by),
            possible=lambda row: row.checked_at is None,
            bulk=True,
            hint=_("Pastikan tidak ada wajah anak, KTP, KK, atau nomor telepon yang terbaca."),
        ),
    )

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/berkas/", view, name="donations_deliveryphoto_file"), *super().get_urls()]

    def file_view(self, request, pk):
        """Send a photo to staff, checked or not."""
        photo = self.get_object(request, str(pk))
        if photo is None or not self.has_view_permission(request, photo):
            raise Http404
        return FileResponse(photo.file.open("rb"), content_type="image/jpeg")

    @admin.display(description=_("foto"))
    def preview(self, row):
        return picture(row, 160)

    @admin.display(description=_("foto"))
    def large(self, row):
        return picture(row, 480)
