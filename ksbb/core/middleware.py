"""What every request passes: public GETs cannot write, unstorable text is refused, marks of shared links are forgotten,
browsers are told what is used.
"""

import contextlib
import re

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import connections
from django.http import HttpResponseBadRequest, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from .source import hand_back

READING = re.compile(
    r"\s*(SELECT\b|WITH\b(?!.*\b(INSERT|UPDATE|DELETE)\b)|COPY\s*\(\s*SELECT\b.*\) TO STDOUT( \(FORMAT \w+\))?\Z|"
    r"SAVEPOINT\b|RELEASE\b|ROLLBACK\b|BEGIN\b|COMMIT\b|SET\b|SHOW\b|PRAGMA\b|EXPLAIN\b|DECLARE\b|FETCH\b|CLOSE\b)",
    re.I | re.S,
)


class PublicWriteError(RuntimeError):
    """A public page tried to change the database while answering GET or HEAD."""


def refuse_writes(execute, sql, params, many, context):
    """Let only reading statements pass (a wrapper around every statement of a public GET)."""
    if not READING.match(str(sql)):
        raise PublicWriteError(str(sql)[:80])
    return execute(sql, params, many, context)


@contextlib.contextmanager
def reading_only():
    """Refuse every writing statement on every connection while the block runs."""
    with contextlib.ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(refuse_writes))
        yield


def _guarded(stream):
    with reading_only():
        yield from stream


class ReadOnlyGetMiddleware:
    """GET and HEAD outside /admin/ only read, streaming bodies included (rule 11)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or request.path_info.startswith("/admin/"):
            return self.get_response(request)
        with reading_only():
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _guarded(response.streaming_content)
        return response


class HandBackMiddleware:
    """Gives connections back before an answer is sent, not after: a slow line may take it for minutes.

    What streams still needs its own (ksbb/core/exports.py).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.streaming:
            hand_back()
        return response


# What pages may use of a browser: where somebody stands, only to find places near her, and only when she asks.
USED = {"geolocation": "(self)", "publickey-credentials-get": "(self)", "publickey-credentials-create": "(self)"}
UNUSED = "accelerometer autoplay camera display-capture encrypted-media fullscreen gyroscope magnetometer microphone "
UNUSED += "midi payment picture-in-picture screen-wake-lock sync-xhr usb xr-spatial-tracking"
PERMISSIONS = ", ".join(f"{name}={who}" for name, who in {**USED, **dict.fromkeys(UNUSED.split(), "()")}.items())


class PolicyMiddleware:
    """Says what a page may use of the browser, and that other sites may not embed what is not made for them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):  # data use nothing of a browser
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


# What other sites hang on links that they pass on: it tells one click from another, and nothing about our pages.
MARK = re.compile(r"utm_\w+|(fb|g|d|ms|tt|tw|y)clid|[gw]braid|igsh(id)?|mibextid|mc_[ce]id|_g[al]", re.I | re.ASCII)


class SharedLinkMiddleware:
    """Forgets the marks of shared links, which each page would else repeat in its links and be kept apart for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.META.get("QUERY_STRING", "").split("&")
        request.META["QUERY_STRING"] = "&".join(one for one in given if not MARK.fullmatch(one.partition("=")[0]))
        return self.get_response(request)


UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def unstorable(text):
    """Tell whether `text` has a NUL byte or a lone surrogate, which PostgreSQL cannot store."""
    return UNSTORABLE.search(text) is not None


# Django bounds what stands in a form's boxes, but writes any file to the disk, whoever sends it wherever.
PHOTOS = {"/admin/": settings.DATA_UPLOAD_MAX_NUMBER_FILES, "/lokasi-saya/": 1, "/en/lokasi-saya/": 1}


def most_bytes(path):
    """Return how long a body may be that is sent to an address."""
    photos = next((many for start, many in PHOTOS.items() if path.startswith(start)), 0)
    return photos * settings.PHOTO_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def declared_bytes(request):
    """Return how many bytes of a body Django will read."""
    try:
        return int(request.META.get("CONTENT_LENGTH"))
    except (ValueError, TypeError):
        return 0


class CleanInputMiddleware:
    """Refuses bodies that are too long, unread, then addresses and form values that no text column can hold: 400."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if unstorable(request.path_info):
            return self._refuse(request, "alamat", _("Alamat memuat karakter yang tidak dapat dibaca."))
        if (name := self._bad(request.GET)) is not None:
            return self._refuse(request, name, _("Alamat memuat karakter yang tidak dapat dibaca."))
        if declared_bytes(request) > most_bytes(request.path_info):
            raise RequestDataTooBig("This body is longer than any that is asked for here.")
        if request.method == "POST" and self._bad(request.POST) is not None:
            return self._refuse(request, "isian", _("Isian memuat karakter yang tidak dapat disimpan."))
        return self.get_response(request)

    @staticmethod
    def _bad(values):
        """Return the name of the first parameter that cannot be stored, or None."""
        return next((key for key in values if unstorable(key) or any(map(unstorable, values.getlist(key)))), None)

    @staticmethod
    def _refuse(request, name, message):
        """Answer 400: machines get the contract's shape, people a line of text."""
        if not request.path_info.startswith(("/api/", "/data/")):
            return HttpResponseBadRequest(message, "text/plain; charset=utf-8")
        name = "permintaan" if unstorable(name) else name
        headers = {"Access-Control-Allow-Origin": "*"}
        return JsonResponse({"galat": {name: [message]}}, status=400, headers=headers)
