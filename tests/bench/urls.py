"""The portal's addresses, and two pages that cost as little as a page can."""

from django.shortcuts import render
from django.urls import path

from ksbb.urls import handler500
from ksbb.urls import urlpatterns as portal
from locations.models import Area

__all__ = ["handler500", "urlpatterns"]


def hello(request):
    """The page that everything is compared with: the same middleware and template, no query."""
    return render(request, "base.html")


def one_query(request):
    """The same with fifty rows of one query."""
    return render(request, "base.html", {"areas": list(Area.objects.order_by("pk").values_list("pk", "name")[:50])})


urlpatterns = [path("hello/", hello), path("one-query/", one_query), *portal]
