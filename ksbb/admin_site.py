"""The staff's door: one landing page, sections by what people do, and log-in by allauth."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

# The menu: sections by what people do, not by app; a model that stands in none comes under the last.
SECTIONS = [
    (_("Tempat dan kebutuhan"), "Location Need Verification ContactPerson"),
    (_("Kolaborasi"), "Commitment CommitmentLine Delivery DeliveryPhoto Complaint"),
    (_("Dana dan mitra"), "Contribution Aggregator Licence"),
    (_("Kolaborator dan keluarga"), "Collaborator Giver Household HouseholdReceipt"),
    (_("Data rujukan"), "Program PackageType PackageVersion NeedPeriod Statement LocationKind Area AreaAlias"),
    (_("Akun staf"), "User Group Authenticator"),
    (_("Catatan"), "LedgerEntry AuditEntry OutboxMessage Disclosure"),
    (_("Rekap dan penghitung"), ""),
]


class KsbbAdminSite(admin.AdminSite):
    site_header = _("KSBB · Ruang kerja")
    site_title = "KSBB"
    index_title = _("Perlu tindakan")
    enable_nav_sidebar = True

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """allauth asks for the password and the second factor; people without a staff account are turned away."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        after = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(after, reverse(settings.LOGIN_URL))

    def logout(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))

    def index(self, request, extra_context=None):
        from ksbb.admin_todo import tasks_for  # the rooms' models are not there yet when this module is loaded

        return super().index(request, {"tasks": tasks_for(request, self), **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        """Return the menu, sorted into SECTIONS (or one app's models, for that app's page)."""
        if app_label:
            return super().get_app_list(request, app_label)
        models = {each["object_name"]: each for app in self._build_app_dict(request).values() for each in app["models"]}
        menu = []
        for name, wanted in SECTIONS:
            rows = [models.pop(each) for each in wanted.split() if each in models] if wanted else list(models.values())
            if rows:
                menu.append({"name": name, "app_label": "menu", "app_url": rows[0]["admin_url"], "models": rows})
        return menu
