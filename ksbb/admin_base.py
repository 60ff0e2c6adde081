"""What every admin page shares: whose rows a member of staff sees, what nobody may edit, and that saves are audited."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from donations.actions.staff import OFFICER
from donations.errors import Refused
from ksbb.core import audit
from locations.models import Area, AreaLevel


def own_aggregators(user):
    """Return the keys of the aggregators an officer works for, or None for staff who see every row."""
    if not hasattr(user, "_own_aggregators"):
        limited = not user.is_superuser and user.groups.filter(name=OFFICER).exists()
        user._own_aggregators = list(user.aggregators.values_list("pk", flat=True)) if limited else None
    return user._own_aggregators


def subject_of(row):
    """Return the word by which the audit log names a row: its code, slug, number or reference."""
    names = ("code", "slug", "reference", "number")
    word = next((str(getattr(row, name)) for name in names if getattr(row, name, "")), "")
    return (word or f"{row._meta.model_name} {row.pk}")[:120]


class StaffAdmin(admin.ModelAdmin):
    """A list and a page per row. `owner` is the path from a row to its aggregator; without it officers see nothing."""

    owner = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "–"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        own = own_aggregators(request.user)
        if own is None:
            return rows
        return rows.filter(**{f"{self.owner}__in": own}).distinct() if self.owner else rows.none()

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, "tools": [], **(extra_context or {})})

    def get_changelist_instance(self, request):
        """A year that no calendar has is a wrong filter like any other; Django lets it through as a fault of ours."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error

    def get_changeform_initial_data(self, request):
        """What a link fills in; what a field cannot hold is left out."""
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if self._can_hold(name, value)}

    def _can_hold(self, name, value):
        try:
            field = self.opts.get_field(name)
            key = field.related_model._meta.pk if field.is_relation else field
            for each in value if isinstance(value, list) else [value]:
                key.run_validators(key.to_python(each))
        except (FieldDoesNotExist, ValidationError, OverflowError):
            return False
        return True

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """A row's page bears the row's name."""
        context = {"steps": [], **context, **({"title": str(obj), "subtitle": None} if obj else {})}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def changeform_view(self, request, *args, **kwargs):
        """What a rule refuses while a form is saved is said on the page; nothing of it is kept."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_actions(self, request):
        """Nothing is deleted from a list in one go."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        """A row's history is what the audit log says about it."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:core_auditentry_changelist", query={"q": subject_of(row)}))

    def log_addition(self, request, obj, message):
        self._audit(request, "added", obj, message)

    def log_change(self, request, obj, message):
        self._audit(request, "changed", obj, message)

    def log_deletions(self, request, queryset):
        for row in queryset:
            self._audit(request, "deleted", row, [])

    def _audit(self, request, verb, row, message):
        """Write one audit row for a save, in the save's own transaction; what changed is named, values are not."""
        kind = f"{row._meta.model_name}.{verb}"
        audit.record(kind, subject_of(row), by=request.user, now=timezone.now(), changes=message)


class ReadOnly:
    """Rows that nobody adds, changes or deletes here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(ReadOnly, StaffAdmin):
    """Rows that nobody edits: facts, totals, and what only actions make."""


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows shown beneath another one; `related` are the joins its columns need."""

    extra = 0
    can_delete = False
    related = ()

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.related)

    def has_view_permission(self, request, obj=None):
        """Who may see the row above may see its parts."""
        return True


class AreaFilter(admin.SimpleListFilter):
    """Kota → kecamatan → kelurahan, one step at a time; `path` leads from a row to its kelurahan's code."""

    title = _("wilayah")
    parameter_name = "wilayah"
    path = "area__code"

    def lookups(self, request, model_admin):
        code = self.value() or ""
        above = [code[:end] for end in (5, 8, 13) if len(code) >= end]
        wanted = Q(parent=code) if code else Q(level=AreaLevel.CITY)
        areas = Area.objects.filter(wanted | Q(pk__in=above)).order_by("code")
        return [(area.code, area.label) for area in areas]

    def queryset(self, request, queryset):
        code = self.value()
        if not code:
            return queryset
        rows = queryset.filter(Q(**{self.path: code}) | Q(**{f"{self.path}__startswith": f"{code}."}))
        return rows.distinct() if self.path.startswith("lines__") else rows


def area_filter(path):
    """Return an AreaFilter for rows whose kelurahan's code lies at `path`."""
    return type("PathAreaFilter", (AreaFilter,), {"path": path})
