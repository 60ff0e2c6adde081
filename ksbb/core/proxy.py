"""The proxy in front, whose headers count; anybody else's claims are worth nothing."""

from django.conf import settings


def from_proxy(request):
    """Tell whether the configured trusted proxy handed the request on."""
    return bool(settings.TRUSTED_PROXY) and request.META.get("REMOTE_ADDR", "") in ("", settings.TRUSTED_PROXY)
