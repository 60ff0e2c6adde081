"""What every request passes: public GETs cannot write, and text the databases cannot hold is refused."""

import contextlib
import re

from django.db import connections
from django.http import HttpResponseBadRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

READING = re.compile(r"\s*(SELECT\b|WITH\b(?!.*\b(INSERT|UPDATE|DELETE)\b)|COPY\b.*\bTO STDOUT|SAVEPOINT\b|RELEASE\b|"
                     r"ROLLBACK\b|BEGIN\b|COMMIT\b|SET\b|SHOW\b|PRAGMA\b|EXPLAIN\b|DECLARE\b|FETCH\b|CLOSE\b)", re.I | re.S)


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


def unstorable(text):
    """Tell whether `text` has a NUL byte or a lone surrogate, which PostgreSQL cannot store."""
    return "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)


class CleanInputMiddleware:
    """Refuses addresses and form values that no text column can hold, with 400 and the reason."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if unstorable(request.path_info) or self._bad(request.GET):
            return HttpResponseBadRequest(_("Alamat memuat karakter yang tidak dapat dibaca."), "text/plain; charset=utf-8")
        if request.method == "POST" and self._bad(request.POST):
            return HttpResponseBadRequest(_("Isian memuat karakter yang tidak dapat disimpan."), "text/plain; charset=utf-8")
        return self.get_response(request)

    @staticmethod
    def _bad(values):
        return any(unstorable(key) or any(map(unstorable, values.getlist(key))) for key in values)
