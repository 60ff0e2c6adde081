"""What changed on the map since its file was made."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.reverse import reverse

from donations import changes
from ksbb.core.api import ReadView
from locations import snapshot


class ChangesSerializer(serializers.Serializer):
    versi = serializers.CharField()
    baru = serializers.URLField(allow_null=True)
    tempat = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class MapChanges(ReadView):
    """Tempat yang berubah sejak berkas peta `sejak`: `[id, terpenuhi dalam persen, sisa]` yang berlaku sekarang.

    `versi` boleh menjadi `sejak` berikutnya. `baru` adalah alamat berkas yang harus diambil bila perubahannya tidak
    dapat disebut satu per satu.
    """

    serializer_class = ChangesSerializer

    @extend_schema(parameters=[OpenApiParameter("sejak", OpenApiTypes.STR)])
    def get(self, request):
        return super().get(request)

    def state(self):
        return (snapshot.current().digest,)

    def data(self, request):
        now, found = snapshot.current().digest, changes.since(request.query_params.get("sejak", ""))
        new = reverse("api_map_data", [now], request=request) if found is None else None
        return {"versi": now, "baru": new, "tempat": found or []}
