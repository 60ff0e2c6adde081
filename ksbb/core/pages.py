"""What public pages share: as long as the data stand still, a browser that has the page keeps it."""

from functools import wraps

from django.http import HttpResponseNotModified

from .api import etag, unchanged


def fresh(view):
    """Let caches keep a public page but ask each time; 304 while data, day and release are the same."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        tag = etag(request)
        response = HttpResponseNotModified() if unchanged(request, tag) else view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = tag
            response["Cache-Control"] = "public, no-cache"
        return response

    return asked
