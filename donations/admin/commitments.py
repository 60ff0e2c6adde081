"""Promises: read here, moved by steps, entered by staff when they are already agreed."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations.actions import promise_rules, promises
from donations.errors import Refused
from donations.models import Commitment, CommitmentLine, Delivery, Disclosure
from ksbb.admin_base import ReadOnlyAdmin, ReadOnlyInline, area_filter
from ksbb.admin_steps import StepAdmin, refusal_text
from ksbb.admin_todo import TaskFilter

from .commitment_entry import EntryForm
from .commitment_steps import LINE_STEPS, STEPS


class LineInline(ReadOnlyInline):
    model = CommitmentLine
    related = ("need__location", "need__package")
    fields = ("need", "quantity", "reserved", "committed", "delivered")
    ordering = ("need_id", "pk")
    show_change_link = True


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    related = ("location", "recorded_by")
    fields = ("number", "location", "delivered_at", "receiver_role", "note", "recorded_by")
    ordering = ("-delivered_at",)
    show_change_link = True


class DisclosureInline(ReadOnlyInline):
    model = Disclosure
    related = ("contact__location",)
    fields = ("contact", "at")
    ordering = ("pk",)


@admin.register(Commitment)
class CommitmentAdmin(StepAdmin, ReadOnlyAdmin):
    owner = "aggregator"
    list_display = (
        "code",
        "state",
        "collaborator",
        "program",
        "scheduled_on",
        "expires_at",
        "submitted_at",
        "aggregator",
        "needs_review",
    )
    list_filter = (
        TaskFilter,
        "state",
        "program",
        area_filter("lines__need__location__area__code"),
        ("aggregator", admin.RelatedOnlyFieldListFilter),
        "contact_channel",
    )
    list_select_related = ("collaborator", "program", "aggregator__collaborator")
    search_fields = ("code", "collaborator__name")
    search_help_text = _("Kode kolaborasi atau nama kolaborator")
    date_hierarchy = "submitted_at"
    ordering = ("-submitted_at", "-pk")
    readonly_fields = ("review_reason",)
    inlines = (LineInline, DeliveryInline, DisclosureInline)
    fieldsets = (
        (None, {"fields": ("code", "state", "program", "collaborator", "aggregator", "reason")}),
        (
            _("Waktu"),
            {
                "fields": (
                    "submitted_at",
                    "registered_at",
                    "confirmed_at",
                    "completed_at",
                    "expires_at",
                    ("window_start", "window_end"),
                    ("scheduled_on", "proposed_on"),
                )
            },
        ),
        (_("Isi dan kontak"), {"fields": ("equivalent", "statement", "contact_channel", "review_reason", "reminded")}),
    )
    steps = STEPS
    facts = ("code", "state", "collaborator", "program", "scheduled_on", "proposed_on", "expires_at", "needs_review")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("collaborator", "program", "aggregator__collaborator")

    @admin.display(description=_("Menunggu pemeriksaan staf"))
    def review_reason(self, row):
        """Say why a promise waits for staff."""
        if not row.needs_review:
            return _("tidak")
        promise_rules.explain_review(row)
        return row.review_reason.label

    def get_inlines(self, request, obj):
        """Whom a contact was shown to is no matter for officers."""
        hidden = not request.user.has_perm("donations.view_disclosure")
        return self.inlines[:2] if hidden else self.inlines

    def get_urls(self):
        view = self.admin_site.admin_view(self.enter_view)
        return [path("masukkan/", view, name="donations_commitment_enter"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        tools = []
        if request.user.has_perm("donations.add_commitment"):
            url = reverse("admin:donations_commitment_enter")
            tools.append({"label": _("Masukkan janji yang sudah pasti"), "url": url})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def enter_view(self, request):
        """Ask for a promise that is already agreed, and enter it once however often it is sent."""
        if not request.user.has_perm("donations.add_commitment"):
            raise PermissionDenied
        form = EntryForm(request.POST or None, site=self.admin_site)
        if request.method == "POST" and form.is_valid():
            try:
                commitment = promises.enter_confirmed(now=timezone.now(), by=request.user, **form.arguments())
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
            else:
                messages.success(request, _("%s sudah dimasukkan.") % commitment.code)
                return HttpResponseRedirect(reverse("admin:donations_commitment_change", args=[commitment.pk]))
        context = {**self.admin_site.each_context(request), "title": _("Masukkan janji yang sudah pasti")}
        context |= {"opts": self.opts, "form": form, "media": self.media + form.media}
        return render(request, "admin/commitment_entry.html", context)


@admin.register(CommitmentLine)
class CommitmentLineAdmin(StepAdmin, ReadOnlyAdmin):
    owner = "commitment__aggregator"
    list_display = ("commitment", "need", "quantity", "reserved", "committed", "delivered")
    list_filter = (
        "commitment__state",
        "need__package__program",
        "need__package",
        area_filter("need__location__area__code"),
    )
    list_select_related = ("commitment", "need__package", "need__location")
    search_fields = ("commitment__code", "need__location__name", "need__location__code")
    ordering = ("-pk",)
    steps = LINE_STEPS
    facts = ("commitment", "need", "quantity", "reserved", "committed", "delivered")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("commitment", "need__package", "need__location")

    def get_search_results(self, request, queryset, search_term):
        """Where a form asks for a line to pay for, only accepted ones are offered, newest first."""
        rows, many = super().get_search_results(request, queryset, search_term)
        return (rows.filter(committed__gt=0) if request.path.endswith("/autocomplete/") else rows), many
