"""Areas, places and needs as JSON and GeoJSON."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from ksbb.core.api import DetailView, GeoJSONRenderer, ListView, ReadView
from ksbb.core.exports import page_address

from . import geojson
from .filters import AreaFilters, LocationFilters, NeedFilters
from .models import Area, Location, Need
from .queries import WHOLE
from .suggestions import SuggestionFilters, suggestions

PAIR = {"type": "object", "properties": {"kode": {"type": "string"}, "nama": {"type": "string"}}}
HOME = {"type": "object", "properties": dict.fromkeys(("kelurahan", "kecamatan", "kota"), PAIR)}


class NeedSerializer(serializers.Serializer):
    kode = serializers.CharField(source="code")
    program = serializers.CharField(source="package.program.slug")
    paket = serializers.CharField(source="package.slug")
    periode = serializers.CharField(source="period.slug")
    dibutuhkan = serializers.IntegerField(source="quantity")
    diajukan = serializers.IntegerField(source="submitted")
    komitmen = serializers.IntegerField(source="committed")
    tersalurkan = serializers.IntegerField(source="delivered")
    sisa_kebutuhan = serializers.IntegerField(source="still_needed")


class PlacedNeedSerializer(NeedSerializer):
    lokasi = serializers.CharField(source="location.code")


def pair(area):
    """Return an area's code and name as they stand in every answer."""
    return {"kode": area.code, "nama": area.name}


@extend_schema_field(HOME)
class HomeField(serializers.Field):
    """The kelurahan, kecamatan and kota of a place."""

    def to_representation(self, area):
        district = area.parent
        return {"kelurahan": pair(area), "kecamatan": pair(district), "kota": pair(district.parent)}


class ShareField(serializers.FloatField):
    """A share in billionths as a number from 0 to 1."""

    def to_representation(self, value):
        return value / WHOLE


class LocationSerializer(serializers.Serializer):
    kode = serializers.CharField(source="code")
    jenis = serializers.CharField(source="kind.slug")
    nama = serializers.CharField(source="name")
    prioritas = serializers.BooleanField(source="is_priority")
    wilayah = HomeField(source="area")
    rw = serializers.IntegerField(allow_null=True)
    bujur = serializers.FloatField(source="shown_longitude")
    lintang = serializers.FloatField(source="shown_latitude")
    ketelitian = serializers.CharField(source="shown_precision")
    kk_rentan = serializers.IntegerField(source="vulnerable_families", allow_null=True)
    jiwa = serializers.IntegerField(source="people", allow_null=True)
    diverifikasi_pada = serializers.DateTimeField(source="verified_at", allow_null=True)
    tingkat_verifikasi = serializers.CharField(source="verified_level")
    kebutuhan = NeedSerializer(source="shown_needs", many=True)
    terpenuhi = ShareField(source="fulfilment", allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, location) -> str:
        return page_address("location", location.code)


class AreaSerializer(serializers.Serializer):
    kode = serializers.CharField(source="code")
    tingkat = serializers.CharField(source="level")
    nama = serializers.CharField(source="name")
    bagian_dari = serializers.CharField(source="parent_id", allow_null=True)
    bujur = serializers.FloatField(source="longitude")
    lintang = serializers.FloatField(source="latitude")
    luas_km2 = serializers.FloatField(source="area_km2", allow_null=True)
    penduduk = serializers.IntegerField(source="population", allow_null=True)
    jumlah_rw = serializers.IntegerField(source="rw_count", allow_null=True)
    kode_pos = serializers.CharField(source="postal_code")
    url = serializers.SerializerMethodField()

    def get_url(self, area) -> str | None:
        return None if area.level == "provinsi" else page_address("area", area.code)


class GeoListView(ListView):
    """A list that is also given as GeoJSON, with the same properties and page."""

    renderer_classes = [JSONRenderer, GeoJSONRenderer]

    def data(self, request, *args, **kwargs):
        answer = super().data(request, *args, **kwargs)
        return geojson.collection(answer) if request.accepted_renderer.format == "geojson" else answer


class GeoDetailView(DetailView):
    """One row that is also given as a GeoJSON feature."""

    renderer_classes = [JSONRenderer, GeoJSONRenderer]

    def data(self, request, **kwargs):
        row = super().data(request, **kwargs)
        return geojson.feature(row) if request.accepted_renderer.format == "geojson" else row


class AreaList(GeoListView):
    """Kota, kecamatan, dan kelurahan."""

    queryset = Area.objects.all()
    filterset_class = AreaFilters
    serializer_class = AreaSerializer


class AreaDetail(GeoDetailView):
    """Satu wilayah."""

    serializer_class = AreaSerializer

    def find(self, code):
        return get_object_or_404(Area, pk=code)


class LocationList(GeoListView):
    """Tempat yang dibantu, dengan kebutuhannya pada periode yang dipilih."""

    queryset = Location.objects.all()
    filterset_class = LocationFilters
    serializer_class = LocationSerializer


class LocationDetail(GeoDetailView):
    """Satu tempat dengan kebutuhannya pada periode yang sedang dibuka."""

    serializer_class = LocationSerializer

    def find(self, code):
        found = Location.objects.public().filter(code=code).values_list("pk", flat=True)
        places = LocationFilters({}, queryset=Location.objects.all()).details(list(found))
        if not places:
            raise Http404
        return places[0]


class NeedList(ListView):
    """Kebutuhan paket demi paket; tanpa periode: yang sedang dibuka."""

    queryset = Need.objects.all()
    filterset_class = NeedFilters
    serializer_class = PlacedNeedSerializer


class SuggestionSerializer(serializers.Serializer):
    jenis = serializers.ChoiceField(["wilayah", "lokasi"], source="kind")
    kode = serializers.CharField(source="code")
    nama = serializers.CharField(source="name")
    keterangan = serializers.CharField(source="about")
    bujur = serializers.FloatField(source="longitude")
    lintang = serializers.FloatField(source="latitude")
    url = serializers.CharField()


class SuggestionsSerializer(serializers.Serializer):
    results = SuggestionSerializer(many=True)


class Suggestions(ReadView):
    """Saran untuk kotak pencarian: paling banyak delapan wilayah dan tempat yang namanya cocok dengan `q`."""

    filterset_class = SuggestionFilters
    serializer_class = SuggestionsSerializer

    def data(self, request):
        chosen = self.parameters(Location.objects.all())
        return self.serializer_class({"results": suggestions(chosen.cleaned.get("q") or [])}).data

    def no_rows(self):
        return Location.objects.none()
