"""Pages that belong to no room: health, and the answers when something goes wrong."""

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def alive(request):
    """The process lives (`/healthz`)."""
    return HttpResponse("ok", "text/plain")


@require_safe
def ready(request):
    """The database answers (`/readyz`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", "text/plain")


def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or old."""
    return render(request, "403_csrf.html", status=403)
