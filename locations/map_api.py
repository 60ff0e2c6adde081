"""The map's files and what changes in them, for the page and for whoever draws a map of their own."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.reverse import reverse

from ksbb.core import packed
from ksbb.core.api import ReadView

from . import shapes, snapshot
from .filters import LocationFilters
from .models import Location
from .snapshot_tables import steps


class ManifestSerializer(serializers.Serializer):
    versi = serializers.CharField(source="digest")
    url = serializers.SerializerMethodField()
    nama = serializers.SerializerMethodField("get_names")
    kebutuhan = serializers.SerializerMethodField("get_needs")
    jumlah = serializers.IntegerField(source="count")
    dibuat = serializers.DateTimeField(source="made_at")

    def get_url(self, manifest) -> str:
        return self.address(manifest.digest)

    def get_names(self, manifest) -> str:
        return self.address(manifest.names)

    def get_needs(self, manifest) -> str:
        return self.address(manifest.needs)

    def address(self, digest):
        return reverse("api_map_data", [digest], request=self.context["request"])


class Manifest(ReadView):
    """Berkas peta yang berlaku sekarang: alamatnya, jumlah tempat, dan kapan dibuat."""

    serializer_class = ManifestSerializer

    def version(self):
        """Return the name of the places' file: what names it is told by files alone, database or not."""
        return snapshot.current().digest

    def data(self, request):
        return self.serializer_class(snapshot.current(), context={"request": request}).data


def unchanging(found):
    """Return the answer of a file named by its content, given (body, content encoding); 404 for None."""
    if not found:
        raise NotFound
    body, encoding = found
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    headers |= {"Content-Encoding": encoding} if encoding else {}
    return HttpResponse(body, content_type="application/json", headers=headers)


class MapData(ReadView):
    """Berkas peta: semua tempat dalam kolom, bernama menurut isinya, tidak pernah berubah."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request, digest):
        return unchanging(snapshot.read(digest, packed.welcome(request)))


class MapShapes(ReadView):
    """Garis luar semua kelurahan (TopoJSON), bernama menurut isinya, tidak pernah berubah."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request, digest):
        return unchanging(shapes.read(digest, packed.welcome(request)))


class MatchSerializer(serializers.Serializer):
    jumlah = serializers.IntegerField()
    id = serializers.ListField(child=serializers.IntegerField())
    sisa = serializers.ListField(child=serializers.IntegerField(), allow_null=True)


class Matches(ReadView):
    """Tempat yang cocok dengan saringan; `id` sebagai selisih, urut menurut nomor.

    `sisa` adalah sisa kebutuhannya yang cocok, null bila saringannya tidak memilih kebutuhan.
    """

    filterset_class = LocationFilters
    serializer_class = MatchSerializer

    def data(self, request):
        chosen = self.parameters(Location.objects.all())
        rows = list(chosen.qs.with_lacking(chosen.needs).order_by("pk").values_list("pk", "lacking"))
        keys, left = zip(*rows, strict=True) if rows else ((), ())
        return {"jumlah": len(rows), "id": steps(keys), "sisa": list(left) if chosen.names_needs else None}

    def no_rows(self):
        return Location.objects.none()
