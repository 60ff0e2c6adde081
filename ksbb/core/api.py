"""What every API answer shares: errors in one shape, 304 while the data stand still, any origin may read."""

import hashlib
from functools import cache, partial

from django.conf import settings
from django.http import Http404
from django.utils.http import parse_etags
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from . import last_known
from .parameters import address
from .version import data_version

OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def exception_handler(error, context):
    """Answer `{"galat": {where: [what]}}` for everything a client did wrong."""
    if isinstance(error, Http404):
        error = NotFound(_("Tidak ditemukan."))
    if not isinstance(error, APIException):
        return None
    set_rollback()
    detail = (
        error.detail
        if isinstance(error, ValidationError) and isinstance(error.detail, dict)
        else {"permintaan": error.detail if isinstance(error.detail, list) else [error.detail]}
    )
    headers = {"Retry-After": str(error.wait)} if getattr(error, "wait", None) else None
    return Response({"galat": detail}, status=error.status_code, headers=headers)


@cache
def release():
    """Return a number that differs after a deployment, so that no answer of older code is confirmed as fresh."""
    rooms = ("ksbb", "programs", "locations", "donations", "templates", "locale", "static")
    files = (path for room in rooms for path in (settings.BASE_DIR / room).rglob("*.*"))
    return max(path.stat().st_mtime_ns for path in files if path.suffix != ".pyc")


def etag(request, *more, data=data_version):
    """Return the ETag of a GET answer that depends on the address, the data (`data()` moves with them) and the day."""
    parts = (data(), release(), localdate(), request.build_absolute_uri(), *more)
    return f'W/"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def unchanged(request, tag):
    """Tell whether the client already holds the answer with this ETag."""
    return tag in parse_etags(request.headers.get("If-None-Match", ""))


class NotModified(Exception):
    """The client holds this answer already."""


class GeoJSONRenderer(JSONRenderer):
    """RFC 7946; the view gives the features."""

    media_type = "application/geo+json"
    format = "geojson"


class Negotiation(DefaultContentNegotiation):
    """A `format` that a resource does not have is a wrong value (400), not a missing page."""

    def filter_renderers(self, renderers, format):
        fitting = [renderer for renderer in renderers if renderer.format == format]
        if not fitting:
            names = ", ".join(sorted({renderer.format for renderer in renderers}))
            raise ValidationError({"format": [_("Bentuk ini tidak ada. Yang ada: %s.") % names]})
        return fitting


def open_to_all(response):
    """Let pages of any origin read an answer."""
    for name, value in OPEN_TO_ALL.items():
        response[name] = value
    return response


class ReadView(APIView):
    """A read-only resource: GET, HEAD and OPTIONS; `data(request, **kwargs)` returns what the answer holds."""

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = Negotiation
    filterset_class = None
    serializer_class = None
    is_list = False
    lasting = False  # the last answer stays readable while the database is away
    tag = None

    def get(self, request, *args, **kwargs):
        self.tag = etag(request, request.accepted_renderer.format, *self.state(), data=self.version)
        if unchanged(request, self.tag):
            raise NotModified
        return Response(self.data(request, *args, **kwargs))

    def state(self):
        """Return what the answer depends on besides address, data and day."""
        return ()

    def version(self):
        """Return what moves whenever the data behind the answer do."""
        return data_version()

    def options(self, request, *args, **kwargs):
        return Response(status=204, headers={**PREFLIGHT, "Allow": PREFLIGHT["Access-Control-Allow-Methods"]})

    def handle_exception(self, exc):
        if isinstance(exc, NotModified):
            return Response(status=304)
        # A problem is told as JSON, whatever the answer would have been.
        self.request.accepted_renderer, self.request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = open_to_all(super().finalize_response(request, response, *args, **kwargs))
        if self.tag and response.status_code in (200, 304):
            response["ETag"], response["Cache-Control"] = self.tag, "public, no-cache"
        if self.lasting and hasattr(response, "add_post_render_callback"):
            response.add_post_render_callback(partial(last_known.keep, request))
        return response

    def parameters(self, queryset):
        """Return the FilterSet over `queryset`; ValidationError naming each wrong parameter."""
        chosen = self.filterset_class(self.request.query_params, queryset=queryset)
        if chosen.errors:
            raise ValidationError({name: list(messages) for name, messages in chosen.errors.items()})
        return chosen

    def no_rows(self):
        """Return the empty queryset that a description of the parameters is drawn over."""
        return self.queryset.none() if getattr(self, "queryset", None) is not None else None


class Envelope:
    """The frame of a list, for the API's description."""

    def get_paginated_response_schema(self, schema):
        page = {"type": "string", "format": "uri", "nullable": True}
        properties = {"next": page, "previous": page, "count": {"type": "integer"}, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}


class ListView(ReadView):
    """A list in keyset pages: `queryset` (or `rows()`), `filterset_class` and `serializer_class` say of what."""

    is_list = True
    pagination_class = Envelope
    queryset = None

    def rows(self):
        """Return the queryset that the parameters pick from."""
        return self.queryset.all()

    def prepare(self, rows, chosen):
        """Return the page's rows as the serializer takes them; a view may add what one more query tells."""
        return rows

    def data(self, request, *args, **kwargs):
        chosen = self.parameters(self.rows())
        page = chosen.page()
        rows = self.prepare(page.rows, chosen)
        return {
            "next": address(request, page.next),
            "previous": address(request, page.previous),
            "count": chosen.count,
            "results": self.serializer_class(rows, many=True, context={"request": request, "chosen": chosen}).data,
        }


class DetailView(ReadView):
    """One row: `find(**kwargs)` returns it or raises Http404."""

    def data(self, request, **kwargs):
        return self.serializer_class(self.find(**kwargs), context={"request": request}).data
