"""Staff need a second factor, except on the demo, where one is offered."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect


class StaffSecondFactorMiddleware:
    """Sends staff without a second factor to the page where they choose one, before any other admin page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.DEMO and self._in_admin(request.path_info):
            user = request.user
            if user.is_authenticated and user.is_staff and not is_mfa_enabled(user):
                return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _in_admin(path):
        return path.startswith("/admin/") and not path.startswith("/admin/akun/")
