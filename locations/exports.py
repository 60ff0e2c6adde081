"""The files of places, needs and areas: their columns and where each row comes from."""

from django.db.models import Case, CharField, F, FloatField, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from ksbb.core.exports import FORMATS, Column, DataSet, PageAddress
from programs.models import NeedPeriod

from .filters import AreaFilters, LocationFilters, NeedFilters
from .geojson import as_geojson
from .models import Area, Location, Need
from .queries import WHOLE, of_needs

NOTHING = (0, 0, 0, 0, 0)
FORMATS["geojson"] = ("application/geo+json", as_geojson)
LEFT = Case(When(period__closed_at=None, then=F("quantity") - F("reserved")), default=0)


def degrees(path):
    """Return the source of a coordinate as a number."""
    return Cast(path, FloatField())


HOME_COLUMNS = (
    Column("wilayah_kelurahan_kode", _("Kode Kemendagri kelurahan"), "area"),
    Column("wilayah_kelurahan_nama", _("Kelurahan"), "area__name"),
    Column("wilayah_kecamatan_kode", _("Kode Kemendagri kecamatan"), "area__parent"),
    Column("wilayah_kecamatan_nama", _("Kecamatan"), "area__parent__name"),
    Column("wilayah_kota_kode", _("Kode Kemendagri kota/kabupaten"), "area__parent__parent"),
    Column("wilayah_kota_nama", _("Kota/kabupaten"), "area__parent__parent__name"),
)
QUANTITY_COLUMNS = (
    Column("dibutuhkan", _("Paket yang dibutuhkan"), F("quantity")),
    Column("diajukan", _("Dijanjikan, belum dikonfirmasi"), F("reserved") - F("committed")),
    Column("komitmen", _("Dikonfirmasi, termasuk yang sudah tersalurkan"), F("committed")),
    Column("tersalurkan", _("Diterima dengan baik"), F("delivered")),
    Column("sisa_kebutuhan", _("Masih dapat dijanjikan; 0 bila periodenya sudah ditutup"), LEFT),
)


def quantities(needs):
    """Return needed, submitted, committed, delivered and still needed packages of some needs, added up."""
    counts = [(n.quantity, n.submitted, n.committed, n.delivered, n.still_needed) for n in needs]
    return tuple(map(sum, zip(*counts, strict=True))) if counts else NOTHING


# --- Places -----------------------------------------------------------------------------------------------------------
LOCATION_COLUMNS = (
    Column("kode", _("Kode tempat, tidak pernah berubah"), "code"),
    Column("jenis", _("Jenis lokasi"), "kind__slug"),
    Column("nama", _("Nama"), "name"),
    Column("prioritas", _("Ditandai prioritas oleh Pokja"), "is_priority"),
    *HOME_COLUMNS,
    Column("rw", _("Nomor RW, bila tempat ini RW"), "rw"),
    Column("bujur", _("Bujur (derajat)"), degrees("shown_longitude")),
    Column("lintang", _("Lintang (derajat)"), degrees("shown_latitude")),
    Column("ketelitian", _("tepat, perkiraan, atau kelurahan (hanya titik kelurahannya)"), "shown_precision"),
    Column("kk_rentan", _("Keluarga rentan"), "vulnerable_families"),
    Column("jiwa", _("Jiwa"), "people"),
    Column("diverifikasi_pada", _("Kapan terakhir diperiksa"), "verified_at"),
    Column("tingkat_verifikasi", _("Tingkat pemeriksaan terakhir"), "verified_level"),
    *(Column(f"kebutuhan_{each.name}", each.meaning, each.name) for each in QUANTITY_COLUMNS),
    Column(
        "terpenuhi",
        _("Bagian kebutuhan terbuka yang sudah dijanjikan, 0 sampai 1; kosong tanpa kebutuhan"),
        Cast("fulfilment", FloatField()) / float(WHOLE),
    ),
    Column("url", _("Halaman tempat ini"), PageAddress("location", "code")),
)


def _location_rows(chosen):
    needs = Need.objects.matching(periods=chosen.periods or NeedPeriod.objects.open())
    sums = {each.name: Coalesce(of_needs(needs, Sum(each.source)), 0) for each in QUANTITY_COLUMNS}
    return chosen.qs.with_point().with_fulfilment().annotate(**sums).order_by("pk")


LOCATIONS = DataSet(
    slug="lokasi",
    title=_("Lokasi"),
    about=_("Setiap tempat yang dibantu, dengan kebutuhannya pada periode yang sedang dibuka."),
    columns=LOCATION_COLUMNS,
    filters=lambda data: LocationFilters(data, queryset=Location.objects.all()),
    rows=_location_rows,
    count=lambda: Location.objects.public().count(),
    formats=("csv", "json", "xlsx", "geojson"),
)

# --- Needs ------------------------------------------------------------------------------------------------------------
CODE = Concat("location__code", Value("."), "package__slug", Value("."), "period__slug", output_field=CharField())
NEED_COLUMNS = (
    Column("kode", _("Kode kebutuhan: tempat, paket, periode"), CODE),
    Column("lokasi", _("Kode tempat"), "location__code"),
    Column("program", _("Program"), "package__program__slug"),
    Column("paket", _("Jenis paket"), "package__slug"),
    Column("periode", _("Periode"), "period__slug"),
    *QUANTITY_COLUMNS,
)

NEEDS = DataSet(
    slug="kebutuhan",
    title=_("Kebutuhan"),
    about=_("Setiap kebutuhan: satu jenis paket di satu tempat pada satu periode. Tanpa periode: yang sedang dibuka."),
    columns=NEED_COLUMNS,
    filters=lambda data: NeedFilters(data, queryset=Need.objects.all()),
    rows=lambda chosen: chosen.qs.order_by("pk"),
    count=lambda: Need.objects.open().count(),
)

# --- Areas ------------------------------------------------------------------------------------------------------------
AREA_COLUMNS = (
    Column("kode", _("Kode Kemendagri"), "code"),
    Column("tingkat", _("provinsi, kota, kecamatan, atau kelurahan"), "level"),
    Column("nama", _("Nama"), "name"),
    Column("bagian_dari", _("Kode wilayah di atasnya"), "parent_id"),
    Column("bujur", _("Bujur titik wilayah (derajat)"), degrees("longitude")),
    Column("lintang", _("Lintang titik wilayah (derajat)"), degrees("latitude")),
    Column("luas_km2", _("Luas (km²)"), degrees("area_km2")),
    Column("penduduk", _("Jumlah penduduk"), "population"),
    Column("jumlah_rw", _("Jumlah RW"), "rw_count"),
    Column("kode_pos", _("Kode pos"), "postal_code"),
)

AREAS = DataSet(
    slug="wilayah",
    title=_("Wilayah"),
    about=_("Kota, kecamatan, dan kelurahan dengan kode Kemendagri dan satu titik."),
    columns=AREA_COLUMNS,
    filters=lambda data: AreaFilters(data, queryset=Area.objects.all()),
    rows=lambda chosen: chosen.qs.order_by("pk"),
    count=lambda: Area.objects.count(),
    formats=("csv", "json", "xlsx", "geojson"),
)
