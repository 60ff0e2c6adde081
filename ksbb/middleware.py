"""Staff need a second factor, except on the demo, where one is offered; and nobody stays logged in for ever."""

import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect

IDLE = 60 * 60  # seconds without a page
NOTE_EVERY = 60


class StaffSessionMiddleware:
    """Ends a session of the staff after an hour without a page, and after SESSION_COOKIE_AGE whatever was done."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/admin/") and request.user.is_authenticated and self._is_over(request.session):
            logout(request)
        return self.get_response(request)

    @staticmethod
    def _is_over(session):
        """Tell whether a session has lasted or rested too long; note, once a minute, that it is in use."""
        now = int(time.time())
        since, seen = session.setdefault("since", now), session.setdefault("seen", now)
        if now - seen > NOTE_EVERY:
            session["seen"] = now
        return now - seen > IDLE or now - since > settings.SESSION_COOKIE_AGE


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
