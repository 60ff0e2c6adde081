"""What visitors see when something on our side fails: an error of ours (500), or a database that is away (503)."""

import logging
import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils.translation import gettext as _

logger = logging.getLogger("ksbb")
RETRY_SECONDS = 120
MACHINES = ("/api/", "/data/")
# SQLite has no codes, only words; PostgreSQL's: no connection, too many of them, shutting down or starting.
SQLITE_AWAY = ("unable to open database file", "database is locked", "disk I/O error")
POSTGRES_AWAY = ("08", "53", "57P")


def server_error(request):
    """Answer whatever no view caught; called while the exception is being handled."""
    if is_away(sys.exc_info()[1]):
        answer = _answer(request, 503, _("Layanan sedang dirawat. Coba lagi beberapa menit lagi."))
        answer["Retry-After"] = str(RETRY_SECONDS)
    else:
        answer = _answer(request, 500, _("Ada gangguan pada kami. Coba lagi beberapa menit lagi."))
    answer["Cache-Control"] = "no-store"
    return answer


def is_away(error):
    """Tell whether an exception says that the database cannot be reached now."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if connection.vendor == "sqlite":
        return str(error).startswith(SQLITE_AWAY)
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(POSTGRES_AWAY)


def _answer(request, status, message):
    """Tell machines in the contract's shape; people get a page that needs neither database nor context."""
    if request.path_info.startswith(MACHINES):
        headers = {"Access-Control-Allow-Origin": "*"}
        return JsonResponse({"galat": {"layanan": [message]}}, status=status, headers=headers)
    try:
        return HttpResponse(get_template(f"{status}.html").render(), status=status)
    except Exception:  # what is broken may be the pages' own files: a sentence is better than nothing
        logger.exception("The page for errors cannot be drawn")
        return HttpResponse(message, "text/plain; charset=utf-8", status=status)
