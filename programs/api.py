"""Programmes, packages and periods as JSON."""

from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from rest_framework import serializers

from ksbb.core.api import DetailView, ListView
from ksbb.core.exports import page_address

from .filters import PackageFilters, PeriodFilters, ProgramFilters
from .models import NeedPeriod, PackageType, Program


class ProgramSerializer(serializers.Serializer):
    slug = serializers.CharField()
    nama = serializers.CharField(source="name")
    status = serializers.CharField()
    dinas = serializers.CharField(source="lead_agency")
    ringkasan = serializers.CharField(source="summary")
    mulai = serializers.DateField(source="started_on", allow_null=True)
    paket = serializers.SerializerMethodField("slugs")
    url = serializers.SerializerMethodField()

    def slugs(self, program) -> list[str]:
        return [package.slug for package in program.packages.all()]

    def get_url(self, program) -> str:
        return page_address("program", program.slug)


class PackageSerializer(serializers.Serializer):
    slug = serializers.CharField()
    nama = serializers.CharField(source="name")
    program = serializers.CharField(source="program.slug")
    bentuk = serializers.CharField(source="kind")
    penerima = serializers.CharField(source="recipient")
    satuan = serializers.CharField(source="unit")
    ringkasan = serializers.CharField(source="summary")
    versi = serializers.IntegerField(source="current.number", default=None, allow_null=True)
    berlaku_sejak = serializers.DateField(source="current.valid_from", default=None, allow_null=True)
    harga_acuan = serializers.IntegerField(source="current.reference_price", default=None, allow_null=True)
    aturan_satuan = serializers.CharField(source="current.unit_rule", default=None, allow_null=True)
    isi = serializers.ListField(child=serializers.CharField(), source="current.content_lines", default=[])
    tambahan = serializers.ListField(child=serializers.CharField(), source="current.addon_lines", default=[])
    sumber = serializers.CharField(source="current.source", default=None, allow_null=True)


class PeriodSerializer(serializers.Serializer):
    slug = serializers.CharField()
    nama = serializers.CharField(source="name")
    mulai = serializers.DateField(source="starts_on")
    sampai = serializers.DateField(source="ends_on")
    dibuka = serializers.BooleanField(source="is_open")


class ProgramList(ListView):
    """Program bantuan, yang berjalan dan yang baru diumumkan."""

    queryset = Program.objects.prefetch_related("packages")
    filterset_class = ProgramFilters
    serializer_class = ProgramSerializer


class ProgramDetail(DetailView):
    """Satu program."""

    serializer_class = ProgramSerializer

    def find(self, slug):
        return get_object_or_404(Program.objects.prefetch_related("packages"), slug=slug)


class PackageList(ListView):
    """Jenis paket dengan isi dan harga acuan dari versi yang berlaku."""

    queryset = PackageType.objects.select_related("program").prefetch_related("versions")
    filterset_class = PackageFilters
    serializer_class = PackageSerializer

    def prepare(self, rows, chosen):
        for package in rows:
            package.current = package.version_on(localdate())
        return rows


class PeriodList(ListView):
    """Periode kebutuhan; yang ditutup menjadi riwayat."""

    queryset = NeedPeriod.objects.all()
    filterset_class = PeriodFilters
    serializer_class = PeriodSerializer
