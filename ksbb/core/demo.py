"""The demo's visitors: a random name in a signed cookie, set by the first POST, ties a browser to its mails."""

import secrets

from django.conf import settings
from django.core import signing

from .outbox import demo_visitor

COOKIE = "ksbb_demo"


def cookie_name():
    """Return the cookie's name as it is sent."""
    return f"{settings.SECURE_COOKIE_PREFIX}{COOKIE}"


def visitor_of(request):
    """Return the name of the browser that sends this request, or "" before its first POST."""
    try:
        return signing.Signer(salt=COOKIE).unsign(request.COOKIES.get(cookie_name(), ""))
    except signing.BadSignature:
        return ""


class DemoVisitorMiddleware:
    """Knows the browser while a POST runs, and names it when it has no name yet. Idle without the demo."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.DEMO or request.method != "POST":
            return self.get_response(request)
        known = visitor_of(request)
        visitor = known or secrets.token_urlsafe(16)
        token = demo_visitor.set(visitor)
        try:
            response = self.get_response(request)
        finally:
            demo_visitor.reset(token)
        if not known:
            signed = signing.Signer(salt=COOKIE).sign(visitor)
            response.set_cookie(cookie_name(), signed, httponly=True, samesite="Lax", secure=settings.SECURE)
        return response
