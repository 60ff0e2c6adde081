"""The queue of complaints: overdue first, taken, answered or closed by steps; never one about the own office."""

from django import forms
from django.contrib import admin
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from donations.actions import complaints
from donations.actions.ledger import wib_day
from donations.models import Complaint, ComplaintEvent
from donations.models.complaint import OPEN
from ksbb.admin_base import ReadOnlyAdmin, ReadOnlyInline
from ksbb.admin_steps import ReasonForm, Step, StepAdmin, StepForm
from ksbb.admin_todo import TaskFilter
from ksbb.templatetags.formats import day


class AnswerForm(StepForm):
    text = forms.CharField(
        label=_("Jawaban"), max_length=complaints.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8})
    )


def plain(action):
    """Return the run of an action that takes the complaint and the form's data as they are."""
    return lambda row, data, *, by, now: action(complaint=row, now=now, by=by, **data)


CHANGE = "donations.change_complaint"
STEPS = (
    Step(
        "ambil",
        _("Ambil (atau ambil alih)"),
        CHANGE,
        plain(complaints.take),
        possible=lambda row: row.can("take"),
        bulk=True,
        hint=_("Nama Anda tercatat sebagai yang menangani."),
    ),
    Step(
        "jawab",
        _("Jawab"),
        CHANGE,
        plain(complaints.answer),
        form=AnswerForm,
        possible=lambda row: row.can("answer"),
        hint=_(
            "Dibaca pengadu di halamannya, dan lewat surel kalau ada. Jangan tulis nama, nomor KK, atau kontak orang."
        ),
    ),
    Step(
        "kontak",
        _("Tampilkan kontak pengadu"),
        CHANGE,
        plain(complaints.contact_details),
        possible=lambda row: bool(row.contact_channel),
        hint=_("Dicatat siapa yang melihat."),
    ),
    Step(
        "tutup",
        _("Tutup tanpa jawaban"),
        CHANGE,
        plain(complaints.close),
        form=ReasonForm,
        possible=lambda row: row.state in OPEN,
        bulk=True,
        danger=True,
        hint=_("Hanya untuk yang terkirim dua kali, bukan tentang KSBB, atau iseng. Alasannya dibaca pengadu."),
    ),
)


class EventInline(ReadOnlyInline):
    model = ComplaintEvent
    related = ("by",)
    fields = ("at", "state", "by", "text")
    ordering = ("pk",)


@admin.register(Complaint)
class ComplaintAdmin(StepAdmin, ReadOnlyAdmin):
    list_display = ("number", "category", "about", "state", "due", "submitted_at", "taken_by")
    list_filter = (TaskFilter, "state", "category", ("taken_by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("location", "commitment", "taken_by")
    search_fields = ("number", "location__name", "location__code", "commitment__code")
    search_help_text = _("Nomor pengaduan, tempat, atau kode kolaborasi")
    date_hierarchy = "submitted_at"
    ordering = (Case(When(state__in=OPEN, then=Value(0)), default=Value(1)).asc(), "due_on", "pk")
    inlines = (EventInline,)
    fieldsets = (
        (None, {"fields": ("number", "state", "category", "text")}),
        (_("Tentang"), {"fields": ("location", "commitment", "shown_page", "figure")}),
        (
            _("Waktu dan penanganan"),
            {"fields": ("submitted_at", "due", "answered_at", "answer_days", "reopen_until", "taken_by")},
        ),
        (_("Kontak"), {"fields": ("contact_channel",)}),
    )
    readonly_fields = ("due", "shown_page")
    steps = STEPS
    facts = ("number", "state", "category", "about", "text", "due_on", "taken_by")

    def get_queryset(self, request):
        """Nobody sees the complaints about the own office, whatever else she may see."""
        rows = super().get_queryset(request).select_related("location", "commitment", "taken_by")
        return rows.not_about(request.user)

    @admin.display(description=_("tentang"))
    def about(self, row):
        return str(row.location or row.commitment or row.figure or row.page or "–")

    @admin.display(description=_("batas jawab"), ordering="due_on")
    def due(self, row):
        late = row.is_overdue(wib_day(timezone.now()))
        return format_html("<strong>{} · {}</strong>", day(row.due_on), _("terlambat")) if late else day(row.due_on)

    @admin.display(description=_("tentang halaman"))
    def shown_page(self, row):
        return format_html('<a href="{}">{}</a>', row.page, row.page) if row.page else self.empty_value_display
