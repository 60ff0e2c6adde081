"""A name for each request, the same in the proxy's log, in ours and in the answer, by which a fault can be told."""

import random
import re
import string
from contextvars import ContextVar

from .privacy import KK_RUN
from .proxy import from_proxy

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
_current = ContextVar("request_id", default="")


def current():
    """Return the name of the request that is being answered, or ""."""
    return _current.get()


class RequestIdMiddleware:
    """Names each request: as the trusted proxy does, else by a name of ours."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = _given(request) or _made()
        _current.set(name)  # until the thread's next request: Django logs an answer after it has left here
        response = self.get_response(request)
        response.headers[HEADER] = name
        return response


def _given(request):
    name = request.headers.get(HEADER, "") if from_proxy(request) else ""
    return name if WELL_FORMED.fullmatch(name) and not KK_RUN.search(name) else ""


def _made():
    """Return a name, which is no secret, without digits, so that nobody takes it for a number to be masked."""
    return "".join(random.choices(string.ascii_lowercase, k=20))
