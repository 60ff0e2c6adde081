"""Collaborations, givers, distribution partners, hand-overs and figures as JSON."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from donations import exports, figures, filters, rows
from donations.models import Aggregator, Collaborator, Commitment, LedgerEntry
from ksbb.core.api import DetailView, ListView, ReadView
from ksbb.core.exports import page_address
from programs.models import Program


# --- Givers -----------------------------------------------------------------------------------------------------------
class GiverSerializer(serializers.Serializer):
    slug = serializers.CharField()
    nama = serializers.CharField(source="name")


class CollaboratorSerializer(serializers.Serializer):
    slug = serializers.SerializerMethodField("shown_slug")
    nama = serializers.CharField(source="name")
    kategori = serializers.CharField(source="category")
    kolaborasi = serializers.IntegerField(source="collaborations_then")
    komitmen = serializers.IntegerField(source="committed_then")
    tersalurkan = serializers.IntegerField(source="delivered_then")
    url = serializers.SerializerMethodField("page")

    def shown_slug(self, face) -> str | None:
        return None if face.is_anonymous else face.slug

    def page(self, face) -> str | None:
        return None if face.is_anonymous else page_address("collaborator", face.slug)


class CollaboratorList(ListView):
    """Kolaborator dengan komitmen di atas nol atau dana yang diterima; pemberian tanpa nama punya baris tersendiri."""

    queryset = Collaborator.objects.all()
    filterset_class = filters.CollaboratorFilter
    serializer_class = CollaboratorSerializer


class LicenceSerializer(serializers.Serializer):
    nomor = serializers.CharField(source="number")
    jenis = serializers.CharField(source="kind")
    penerbit = serializers.CharField(source="issuer")
    berlaku_sejak = serializers.DateField(source="valid_from")
    berlaku_sampai = serializers.DateField(source="valid_until")
    dicabut_pada = serializers.DateField(source="revoked_on", allow_null=True)


class AggregatorSerializer(serializers.Serializer):
    slug = serializers.CharField(source="collaborator.slug")
    nama = serializers.CharField(source="collaborator.name")
    menerima_dana = serializers.BooleanField(source="takes_money")
    izin = LicenceSerializer(source="newest_first", many=True)
    program = serializers.ListField(child=serializers.CharField(), source="program_slugs")
    wilayah = serializers.ListField(child=serializers.CharField(), source="area_codes")
    dana_diterima = serializers.IntegerField(source="received")
    dana_terpakai = serializers.IntegerField(source="used")
    dana_dikembalikan = serializers.IntegerField(source="refunded")
    dana_biaya = serializers.IntegerField(source="cost")
    dana_saldo = serializers.IntegerField(source="balance")
    komitmen = serializers.IntegerField(source="committed")
    tersalurkan = serializers.IntegerField(source="delivered")


class AggregatorList(ListView):
    """Mitra penyalur resmi: izin, wilayah kerja, dan dana yang diterima."""

    queryset = Aggregator.objects.all()
    filterset_class = filters.AggregatorFilter
    serializer_class = AggregatorSerializer

    def prepare(self, rows_, chosen):
        return rows.partners(rows_, timezone.localdate())


# --- Collaborations ---------------------------------------------------------------------------------------------------
class LineSerializer(serializers.Serializer):
    lokasi = serializers.CharField(source="place_code", allow_null=True)
    wilayah = serializers.CharField(source="area")
    paket = serializers.CharField(source="package")
    periode = serializers.CharField(source="period")
    jumlah = serializers.IntegerField(source="quantity")
    diajukan = serializers.IntegerField(source="submitted")
    komitmen = serializers.IntegerField(source="committed")
    tersalurkan = serializers.IntegerField(source="delivered")


class CollaborationSerializer(serializers.Serializer):
    kode = serializers.CharField(source="code")
    kolaborator = serializers.SerializerMethodField("giver")
    kategori = serializers.CharField(source="collaborator.category")
    program = serializers.CharField(source="program.slug")
    saluran = serializers.CharField(source="channel")
    mitra = serializers.CharField(source="aggregator.collaborator.slug", default=None, allow_null=True)
    status = serializers.CharField(source="state")
    diajukan_pada = serializers.DateTimeField(source="submitted_at")
    dikonfirmasi_pada = serializers.DateTimeField(source="confirmed_at", allow_null=True)
    rincian = LineSerializer(source="lines_then", many=True)
    url = serializers.SerializerMethodField("page")

    @extend_schema_field(GiverSerializer(allow_null=True))
    def giver(self, commitment):
        return GiverSerializer(commitment.collaborator).data if commitment.name_shown else None

    def page(self, commitment) -> str:
        return page_address("collaboration", commitment.code)


class CollaborationList(ListView):
    """Janji bantuan beserta rinciannya; nama kolaborator baru tampil setelah dikonfirmasi."""

    queryset = Commitment.objects.select_related("collaborator", "program", "aggregator__collaborator")
    filterset_class = filters.CollaborationFilter
    serializer_class = CollaborationSerializer

    def prepare(self, rows_, chosen):
        return rows.with_lines(rows_, chosen.lines)


class CollaborationDetail(DetailView):
    """Satu kolaborasi."""

    serializer_class = CollaborationSerializer

    def find(self, code):
        known = CollaborationList.queryset.annotate(name_shown=rows.whether(rows.named())).filter(code=code)
        if not known:
            raise Http404
        return rows.with_lines(known, rows.lines(figures.Scope(), known))[0]


# --- Hand-overs -------------------------------------------------------------------------------------------------------
class DeliverySerializer(serializers.Serializer):
    nomor = serializers.CharField(source="delivery.number", default=None, allow_null=True)
    kolaborasi = serializers.CharField(source="commitment.code")
    kolaborator = serializers.SerializerMethodField("giver")
    program = serializers.CharField(source="program.slug")
    paket = serializers.CharField(source="package.slug")
    lokasi = serializers.SerializerMethodField("place")
    wilayah = serializers.CharField(source="area_id")
    tanggal = serializers.DateField(source="day")
    peristiwa = serializers.SerializerMethodField("event")
    jumlah = serializers.IntegerField(source="quantity")
    tersalurkan = serializers.IntegerField(source="delivered")

    @extend_schema_field(GiverSerializer(allow_null=True))
    def giver(self, entry):
        return GiverSerializer(entry.commitment.collaborator).data if entry.shown else None

    def place(self, entry) -> str | None:
        return entry.location.code if entry.seen else None

    def event(self, entry) -> str:
        return exports.OUTCOMES[entry.kind]


class DeliveryList(ListView):
    """Peristiwa serah terima; jumlah kolom tersalurkan sama dengan angka tersalurkan."""

    queryset = LedgerEntry.objects.all()
    filterset_class = filters.DeliveryFilter
    serializer_class = DeliverySerializer

    def rows(self):
        entries = exports.delivery_entries(self.queryset.all())
        return entries.select_related("delivery", "commitment__collaborator", "program", "package", "location")


# --- Figures ----------------------------------------------------------------------------------------------------------
class QuantitySerializer(serializers.Serializer):
    total = serializers.IntegerField()
    paket = serializers.DictField(child=serializers.IntegerField(), source="by_package")


class GiversSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    kategori = serializers.DictField(child=serializers.IntegerField(), source="by_category")


class ReachSerializer(serializers.Serializer):
    kota = serializers.IntegerField(source="cities")
    kecamatan = serializers.IntegerField(source="districts")
    kelurahan = serializers.IntegerField(source="villages")
    rw = serializers.IntegerField(source="neighbourhoods")


class RecipientsSerializer(serializers.Serializer):
    kk = serializers.IntegerField(source="families")
    jiwa = serializers.IntegerField(source="persons")
    dasar = serializers.ChoiceField(["tercatat", "perkiraan"], source="basis")


class FundsSerializer(serializers.Serializer):
    diterima = serializers.IntegerField(source="received")
    terpakai = serializers.IntegerField(source="used")
    dikembalikan = serializers.IntegerField(source="refunded")
    biaya = serializers.IntegerField(source="cost")
    saldo = serializers.IntegerField(source="balance")


class GroupSerializer(serializers.Serializer):
    kunci = serializers.CharField(source="key")
    nama = serializers.CharField(source="name")
    diajukan = serializers.IntegerField(source="submitted")
    komitmen = serializers.IntegerField(source="committed")
    tersalurkan = serializers.IntegerField(source="delivered")


class FiguresSerializer(serializers.Serializer):
    sampai = serializers.DateField(source="until")
    dari = serializers.DateField(source="since", allow_null=True)
    program = serializers.CharField(allow_null=True)
    definisi = serializers.IntegerField(source="definition")
    diajukan = QuantitySerializer(source="totals.submitted")
    komitmen = QuantitySerializer(source="totals.committed")
    tersalurkan = QuantitySerializer(source="totals.delivered")
    kolaborator = GiversSerializer(source="totals.collaborators")
    kolaborasi = serializers.IntegerField(source="totals.collaborations")
    jangkauan = ReachSerializer(source="totals.reach")
    penerima = RecipientsSerializer(source="totals.recipients")
    dana = FundsSerializer(source="totals.funds")
    rincian = GroupSerializer(source="groups", many=True, required=False)


class FigureView(ReadView):
    """Angka pada akhir hari `sampai`; `per` menambahkan rincian yang jumlahnya sama dengan angka itu."""

    filterset_class = filters.FigureFilter
    serializer_class = FiguresSerializer
    lasting = True

    def data(self, request):
        chosen = self.parameters(Program.objects.none()).cleaned
        span = chosen.get("sampai"), chosen.get("dari"), chosen.get("program")
        about = {
            "until": span[0] or timezone.localdate(),
            "since": span[1],
            "program": span[2].slug if span[2] else None,
            "definition": figures.DEFINITION_VERSION,
            "totals": figures.totals(*span),
        }
        if chosen.get("per"):
            about["groups"] = figures.breakdown(chosen["per"], *span)
        return self.serializer_class(about).data

    def no_rows(self):
        return Program.objects.none()
