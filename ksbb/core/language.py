"""Two languages, told apart by the address alone: `/en/…` is English, everything else Indonesian.

Not Django's LocaleMiddleware: it looks at cookies and headers and answers with `Vary: Accept-Language`, which spoils
caches. Which addresses have an English twin is said in ksbb/urls.py (`i18n_patterns`).
"""

from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.utils.translation import get_language, override

PREFIX = "/en/"


def is_english(path):
    """Tell whether an address belongs to the English pages."""
    return path.startswith(PREFIX)


def twin_path(path):
    """Return the same page's address in the other language: `/lokasi/` ↔ `/en/lokasi/`."""
    return f"/{path.removeprefix(PREFIX)}" if is_english(path) else f"{PREFIX}{path.removeprefix('/')}"


def cache_key(key, key_prefix, version):
    """Return a cache's key with the language in it: what is remembered holds words and addresses (CACHES)."""
    return f"{key_prefix}:{version}:{get_language() or settings.LANGUAGE_CODE}:{key}"


class LanguageMiddleware:
    """Speaks the language of the address while a request runs, and the one before it afterwards."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info == PREFIX.rstrip("/"):
            return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
        # What streams after this are data files, which have one language: that of a thread at rest, Indonesian.
        with override("en" if is_english(request.path_info) else settings.LANGUAGE_CODE):
            return self.get_response(request)
