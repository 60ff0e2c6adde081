"""What visitors see when something on our side fails: an error of ours (500), or a database that is away (503)."""

import logging
import sys

from django.http import HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils.translation import gettext as _

from ksbb.core import last_known, pages
from ksbb.core.away import is_away, is_full
from ksbb.core.source import PRIMARY, source

logger = logging.getLogger("ksbb")
RETRY_SECONDS = 120
MACHINES = ("/api/", "/data/")


def server_error(request):
    """Answer whatever no view caught; called while the exception is being handled."""
    error = sys.exc_info()[1]
    if is_full(error):
        answer = _later(request, _("Untuk sementara belum ada yang bisa disimpan. Kirim sekali lagi nanti."), full=True)
    elif is_away(error):
        answer = _last(request) or _later(request, _("Layanan sedang dirawat. Coba lagi beberapa menit lagi."))
    else:
        answer = _answer(request, 500, _("Ada gangguan pada kami. Coba lagi beberapa menit lagi."))
    answer["Cache-Control"] = "no-store"
    return answer


def _last(request):
    """Return the last finished answer as long as nobody else can give a newer one: a replica's primary may."""
    answer = last_known.known(request) if source() == PRIMARY else None
    if answer:
        pages.pack(request, answer)
    return answer


def _later(request, message, **context):
    answer = _answer(request, 503, message, **context)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _answer(request, status, message, **context):
    """Tell machines in the contract's shape; people get a page that needs neither database nor context."""
    if request.path_info.startswith(MACHINES):
        headers = {"Access-Control-Allow-Origin": "*"}
        return JsonResponse({"galat": {"layanan": [message]}}, status=status, headers=headers)
    try:
        return HttpResponse(get_template(f"{status}.html").render(context), status=status)
    except Exception:  # what is broken may be the pages' own files: a sentence is better than nothing
        logger.exception("The page for errors cannot be drawn")
        return HttpResponse(message, "text/plain; charset=utf-8", status=status)
