"""The API's root, its description, and the answer for addresses it does not have."""

import threading

from django.core.cache import cache
from django.shortcuts import render
from django.urls import reverse as address
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.reverse import reverse

from ksbb.core.api import ReadView
from ksbb.core.pages import KEPT_SECONDS

DRAWN_BY_ONE = threading.Lock()
# Wire name of a resource → name of its address.
RESOURCES = {
    "program": "api_programs",
    "paket": "api_packages",
    "periode": "api_periods",
    "wilayah": "api_areas",
    "lokasi": "api_locations",
    "kebutuhan": "api_needs",
    "kolaborator": "api_collaborators",
    "agregator": "api_aggregators",
    "kolaborasi": "api_collaborations",
    "penyaluran": "api_deliveries",
    "angka": "api_figures",
    "peta": "api_map",
    "skema": "api_schema",
    "dokumentasi": "api_docs",
}


class Root(ReadView):
    """Alamat semua sumber data."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request):
        return super().get(request)

    def data(self, request):
        return {word: reverse(name, request=request) for word, name in RESOURCES.items()}


class Missing(ReadView):
    """Addresses below the API that lead nowhere: 404 in the API's own shape."""

    schema = None

    def get(self, request, rest):
        raise NotFound


class Schema(ReadView, SpectacularAPIView):
    """OpenAPI 3, as YAML or (`?format=json`) JSON; any origin may read it."""

    schema = None

    def get(self, request):
        response = super().get(request)
        response["Content-Disposition"] = f'inline; filename="KSBB API.{request.accepted_renderer.format}"'
        return response

    def data(self, request):
        """Draw the description once for all who ask: drf-spectacular loads its parts while it draws the first, and a
        second thread would find them half loaded.
        """
        with DRAWN_BY_ONE:
            return cache.get_or_set(self.tag, lambda: SpectacularAPIView.get(self, request).data, KEPT_SECONDS)


@require_safe
def api_docs(request):
    """The documentation page: a table of the resources, and below it Swagger's page where scripts run."""
    resources = [(word, address(name)) for word, name in RESOURCES.items()]
    return render(request, "ksbb/api_docs.html", {"resources": resources})
