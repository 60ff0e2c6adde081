"""The last finished answer of pages that must outlive the database, with the time of its data: map, dashboard, home.

Only of the plain address: a filter cannot be answered without data. Kept in files, which all workers of a machine share
and which a restart leaves (CACHES["last"]).
"""

from contextlib import suppress
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import override

PASSING = ("ETag", "Cache-Control", "Content-Length", "Vary")  # true of the answer when it was made, not later
MAIN = b'<main id="isi" tabindex="-1">'


def keep(request, response):
    """Keep a finished answer that is not packed yet. It never fails: a full disk must not cost the page itself."""
    if request.method != "GET" or request.GET or response.status_code != 200:
        return
    now = timezone.now()
    body = response.content
    if MAIN in body:
        body = body.replace(MAIN, MAIN + render_to_string("ksbb/last_known.html", {"at": now}).encode(), 1)
    headers = {name: value for name, value in response.items() if name not in PASSING}
    with suppress(OSError):
        caches["last"].set(request.path, (body, {**headers, "Last-Modified": http_date(now.timestamp())}))


def known(request):
    """Return the last finished answer to this request, or None. Its `Last-Modified` is the time of its data."""
    if request.method not in ("GET", "HEAD") or request.GET:
        return None
    found = caches["last"].get(request.path)
    return HttpResponse(found[0], headers=found[1]) if found else None


def refresh(*names):
    """Ask for the pages with these names, so that even one nobody visits is there; return how many answered."""
    answer = WSGIHandler().get_response
    return sum(answer(_request(path)).status_code == 200 for path in _paths(names))


def _paths(names):
    for code, _label in settings.LANGUAGES:
        with override(code):
            yield from [reverse(name) for name in names]


def _request(path):
    environ = {"PATH_INFO": path, "HTTP_HOST": settings.SITE_URL.partition("://")[2]}
    environ["wsgi.url_scheme"] = "https" if settings.SECURE else "http"
    setup_testing_defaults(environ)
    return WSGIRequest(environ)
