"""What public pages share: as long as the data stand still, a page is made once and kept, here and in the browser."""

import gzip
import threading
from functools import partial, wraps

import brotli
from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from . import last_known
from .api import etag, unchanged
from .packed import welcome

# These pages hold no secret and no token, so compressing them tells nobody anything.
PACKERS = {"br": lambda body: brotli.compress(body, quality=5), "gzip": lambda body: gzip.compress(body, 6, mtime=0)}
KEPT_SECONDS = 600
# After a change a crowd asks for one page at once: who comes first makes it, the others wait for what she made.
TURNS = [threading.Lock() for _turn in range(64)]


def fresh(view=None, *, takes=None, state=tuple, lasting=False):
    """Let caches keep a public page but ask each time; 304 while data, day and release are the same.

    The view's answer must follow from the address, the data, the day, the release and `state()` alone; of the address'
    parameters it gets those of the FilterSet that it `takes`. `lasting`: its last finished answer stays readable while
    the database is away (last_known.py).
    """
    if view is None:
        return partial(fresh, takes=takes, state=state, lasting=lasting)

    @wraps(view)
    def asked(request, *args, **kwargs):
        _forget_strangers(request, takes.base_filters if takes else ())
        if settings.DEBUG:  # templates change without a new release
            return view(request, *args, **kwargs)
        tag = etag(request, *state())
        if unchanged(request, tag):
            response = HttpResponseNotModified()
        else:
            response = _kept(request, tag) or _made_once(request, tag, lambda: view(request, *args, **kwargs), lasting)
        if response.status_code in (200, 304):
            response["ETag"] = tag
            response["Cache-Control"] = "public, no-cache"
            patch_vary_headers(response, ["Accept-Encoding"])
        return response

    return asked


def _forget_strangers(request, known):
    """Drop the parameters that a page does not know: else each invented one would have it made anew."""
    strangers = set(request.GET) - set(known)
    if strangers:
        request.GET = request.GET.copy()
        for name in strangers:
            del request.GET[name]
        request.META["QUERY_STRING"] = request.GET.urlencode()


def pack(request, response):
    """Pack an answer as well as this browser can read."""
    if encoding := _encoding(request):
        response.content = PACKERS[encoding](response.content)
        response["Content-Encoding"] = encoding


def _encoding(request):
    """Return the best way to pack a page that this browser reads, or ""."""
    return next(iter(welcome(request)), "")


def _kept(request, tag):
    kept = caches["pages"].get(f"{_encoding(request)}:{tag}")
    return HttpResponse(kept[0], headers=kept[1]) if kept else None


def _made_once(request, tag, view, lasting):
    with TURNS[hash(tag) % len(TURNS)]:
        return _kept(request, tag) or _made(request, tag, view(), lasting)


def _made(request, tag, response, lasting):
    """Pack a page that was just made and keep it for the next reader; anything but 200 is left alone."""
    if response.status_code != 200:
        return response
    if lasting:
        last_known.keep(request, response)
    pack(request, response)
    kept = (response.content, dict(response.headers))
    caches["pages"].set(f"{_encoding(request)}:{tag}", kept, KEPT_SECONDS)
    return response
