"""The cellar's rows and the staff's accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from ksbb.admin_base import ReadOnlyAdmin, StaffAdmin
from ksbb.admin_todo import TaskFilter
from ksbb.core.models import Alert, AuditEntry, OutboxMessage, Throttle, VersionMark


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "subject", "by", "data")
    list_display_links = ("at", "kind")
    list_filter = ("kind",)
    search_fields = ("subject", "=by")
    date_hierarchy = "at"
    ordering = ("-pk",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """When and how often, never to whom or what."""

    list_display = ("subject", "created_at", "next_try_at", "sent_at", "attempts")
    list_filter = (TaskFilter, ("sent_at", admin.EmptyFieldListFilter))
    search_fields = ("subject",)
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    fields = ("subject", "created_at", "next_try_at", "sent_at", "attempts")


@admin.register(Throttle)
class ThrottleAdmin(ReadOnlyAdmin):
    list_display = ("pk", "hits", "expires_at")
    ordering = ("-pk",)
    fields = ("hits", "expires_at")


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("purpose", "since", "until")
    list_filter = (TaskFilter,)
    ordering = ("-pk",)


@admin.register(VersionMark)
class VersionMarkAdmin(ReadOnlyAdmin):
    list_display = ("pk",)


for model in (User, Group, EmailAddress, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class StaffUserAdmin(StaffAdmin, UserAdmin):
    """Accounts: made by a superuser, each change audited. An officer's organisation is set at the partner."""

    list_display = ("username", "first_name", "last_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Orang", {"fields": ("first_name", "last_name", "email")}),
        ("Hak", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Waktu", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    autocomplete_fields = ("groups",)
    filter_horizontal = ()

    def has_delete_permission(self, request, obj=None):
        """Accounts are switched off, not deleted: what they did stays theirs."""
        return False


@admin.register(Group)
class StaffGroupAdmin(StaffAdmin, GroupAdmin):
    list_display = ("name",)
    ordering = ("name",)


@admin.register(Authenticator)
class AuthenticatorAdmin(StaffAdmin):
    """Second factors: a lost one is taken away here; its secret stands nowhere."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    ordering = ("user__username", "pk")
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
