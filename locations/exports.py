"""The files of places, needs and areas: their columns and where each row comes from."""

from django.db.models import F, FloatField, Q, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from ksbb.core.exports import FORMATS, Column, DataSet, chunks, page_address

from .filters import AreaFilters, LocationFilters, NeedFilters
from .geojson import as_geojson
from .models import Area, Location, Need, need_code
from .queries import WHOLE

AT_ONCE = 2_000
PLACES_AT_ONCE = 500  # each with its needs: the first rows shall not wait for many
NOTHING = (0, 0, 0, 0, 0)
FORMATS["geojson"] = ("application/geo+json", as_geojson)


HOME_COLUMNS = (
    Column("wilayah_kelurahan_kode", _("Kode Kemendagri kelurahan")),
    Column("wilayah_kelurahan_nama", _("Kelurahan")),
    Column("wilayah_kecamatan_kode", _("Kode Kemendagri kecamatan")),
    Column("wilayah_kecamatan_nama", _("Kecamatan")),
    Column("wilayah_kota_kode", _("Kode Kemendagri kota/kabupaten")),
    Column("wilayah_kota_nama", _("Kota/kabupaten")),
)
QUANTITY_COLUMNS = (
    Column("dibutuhkan", _("Paket yang dibutuhkan")),
    Column("diajukan", _("Dijanjikan, belum dikonfirmasi")),
    Column("komitmen", _("Dikonfirmasi, termasuk yang sudah tersalurkan")),
    Column("tersalurkan", _("Diterima dengan baik")),
    Column("sisa_kebutuhan", _("Masih dapat dijanjikan; 0 bila periodenya sudah ditutup")),
)


def quantities(needs):
    """Return needed, submitted, committed, delivered and still needed packages of some needs, added up."""
    counts = [(n.quantity, n.submitted, n.committed, n.delivered, n.still_needed) for n in needs]
    return tuple(map(sum, zip(*counts, strict=True))) if counts else NOTHING


# --- Places -----------------------------------------------------------------------------------------------------------
LOCATION_COLUMNS = (
    Column("kode", _("Kode tempat, tidak pernah berubah")),
    Column("jenis", _("Jenis lokasi")),
    Column("nama", _("Nama")),
    Column("prioritas", _("Ditandai prioritas oleh Pokja")),
    *HOME_COLUMNS,
    Column("rw", _("Nomor RW, bila tempat ini RW")),
    Column("bujur", _("Bujur (derajat)")),
    Column("lintang", _("Lintang (derajat)")),
    Column("ketelitian", _("tepat, perkiraan, atau kelurahan (hanya titik kelurahannya)")),
    Column("kk_rentan", _("Keluarga rentan")),
    Column("jiwa", _("Jiwa")),
    Column("diverifikasi_pada", _("Kapan terakhir diperiksa")),
    Column("tingkat_verifikasi", _("Tingkat pemeriksaan terakhir")),
    *(Column(f"kebutuhan_{each.name}", each.meaning) for each in QUANTITY_COLUMNS),
    Column("terpenuhi", _("Bagian kebutuhan terbuka yang sudah dijanjikan, 0 sampai 1; kosong tanpa kebutuhan")),
    Column("url", _("Halaman tempat ini")),
)


LOCATION_FIELDS = (
    "pk", "fulfilment", "code", "kind__slug", "name", "is_priority", "area", "area__name", "area__parent",
    "area__parent__name", "area__parent__parent", "area__parent__parent__name", "rw", "east", "north",
    "shown_precision", "vulnerable_families", "people", "verified_at", "verified_level",
)  # fmt: skip


def _location_rows(chosen):
    for keys in chunks(chosen.qs.order_by("pk").values_list("pk", flat=True).iterator(AT_ONCE), PLACES_AT_ONCE):
        sums = _sums_of_places(Need.objects.matching(periods=chosen.periods).filter(location__in=keys))
        places = Location.objects.filter(pk__in=keys).with_point().with_fulfilment().annotate(
            east=Cast("shown_longitude", FloatField()), north=Cast("shown_latitude", FloatField())
        )  # fmt: skip
        for pk, fulfilment, code, *shown in places.order_by("pk").values_list(*LOCATION_FIELDS):
            share = None if fulfilment is None else fulfilment / WHOLE
            yield (code, *shown, *sums.get(pk, NOTHING), share, page_address("location", code))


def _sums_of_places(needs):
    """Return {place: its needs' quantities (see `quantities`), added up}."""
    sums = needs.order_by().values_list("location").annotate(
        needed=Sum("quantity"), submitted=Sum(F("reserved") - F("committed")), accepted=Sum("committed"),
        arrived=Sum("delivered"), left=Sum(F("quantity") - F("reserved"), filter=Q(period__closed_at=None), default=0),
    )  # fmt: skip
    return {place: quantities for place, *quantities in sums}


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
NEED_COLUMNS = (
    Column("kode", _("Kode kebutuhan: tempat, paket, periode")),
    Column("lokasi", _("Kode tempat")),
    Column("program", _("Program")),
    Column("paket", _("Jenis paket")),
    Column("periode", _("Periode")),
    *QUANTITY_COLUMNS,
)


def _need_rows(chosen):
    values = chosen.qs.order_by("pk").values_list(
        "location__code", "package__slug", "period__slug", "period__closed_at", "package__program__slug", "quantity",
        "reserved", "committed", "delivered",
    )  # fmt: skip
    for place, package, period, closed, program, needed, promised, committed, delivered in values.iterator(AT_ONCE):
        left = 0 if closed else needed - promised
        code = need_code(place, package, period)
        yield (code, place, program, package, period, needed, promised - committed, committed, delivered, left)


NEEDS = DataSet(
    slug="kebutuhan",
    title=_("Kebutuhan"),
    about=_("Setiap kebutuhan: satu jenis paket di satu tempat pada satu periode. Tanpa periode: yang sedang dibuka."),
    columns=NEED_COLUMNS,
    filters=lambda data: NeedFilters(data, queryset=Need.objects.all()),
    rows=_need_rows,
    count=lambda: Need.objects.open().count(),
)

# --- Areas ------------------------------------------------------------------------------------------------------------
AREA_COLUMNS = (
    Column("kode", _("Kode Kemendagri")),
    Column("tingkat", _("provinsi, kota, kecamatan, atau kelurahan")),
    Column("nama", _("Nama")),
    Column("bagian_dari", _("Kode wilayah di atasnya")),
    Column("bujur", _("Bujur titik wilayah (derajat)")),
    Column("lintang", _("Lintang titik wilayah (derajat)")),
    Column("luas_km2", _("Luas (km²)")),
    Column("penduduk", _("Jumlah penduduk")),
    Column("jumlah_rw", _("Jumlah RW")),
    Column("kode_pos", _("Kode pos")),
)


def _area_rows(chosen):
    fields = "code level name parent_id longitude latitude area_km2 population rw_count postal_code".split()
    for code, level, name, parent, east, north, size, *rest in chosen.qs.order_by("pk").values_list(*fields):
        yield (code, level, name, parent, float(east), float(north), size and float(size), *rest)


AREAS = DataSet(
    slug="wilayah",
    title=_("Wilayah"),
    about=_("Kota, kecamatan, dan kelurahan dengan kode Kemendagri dan satu titik."),
    columns=AREA_COLUMNS,
    filters=lambda data: AreaFilters(data, queryset=Area.objects.all()),
    rows=_area_rows,
    count=lambda: Area.objects.count(),
    formats=("csv", "json", "xlsx", "geojson"),
)
