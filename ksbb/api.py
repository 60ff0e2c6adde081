"""The API's root, its description, and the answer for addresses it does not have."""

from django.shortcuts import render
from django.urls import reverse as address
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.reverse import reverse

from ksbb.core.api import Negotiation, ReadView, open_to_all

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


class Schema(SpectacularAPIView):
    """OpenAPI 3, as YAML or (`?format=json`) JSON; any origin may read it."""

    http_method_names = ReadView.http_method_names
    content_negotiation_class = Negotiation
    options = ReadView.options

    def finalize_response(self, request, response, *args, **kwargs):
        return open_to_all(super().finalize_response(request, response, *args, **kwargs))


@require_safe
def api_docs(request):
    """The documentation page: a table of the resources, and below it Swagger's page where scripts run."""
    resources = [(word, address(name)) for word, name in RESOURCES.items()]
    return render(request, "ksbb/api_docs.html", {"resources": resources})
