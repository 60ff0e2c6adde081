"""The door for the production server."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """A request that is read as UTF-8, whatever it declares.

    Django takes any codec of Python's for its encoding, those of bytes too, and reads the address with it: no page
    could trust what it is asked, and one that is kept for all would say what one client made of the address.
    """

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksbb.settings")
application = get_wsgi_application()
application.request_class = Utf8Request
# Load addresses and views once, before the server forks its workers; else the first visitor of each would wait for it.
get_resolver().url_patterns  # noqa: B018 - loading is what reading it does
