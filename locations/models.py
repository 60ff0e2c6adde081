"""Where help is needed: areas, places and their needs. Public data only."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience

from .names import Holds
from .queries import LocationQuerySet, NeedQuerySet

AREA_CODE = RegexValidator(r"^\d{2}(\.\d{2}(\.\d{2}(\.1\d{3})?)?)?$", _("Bukan kode wilayah Kemendagri."))


class AreaLevel(models.TextChoices):
    PROVINCE = "provinsi", _("Provinsi")
    CITY = "kota", _("Kota/kabupaten")
    DISTRICT = "kecamatan", _("Kecamatan")
    VILLAGE = "kelurahan", _("Kelurahan")


class Area(models.Model):
    """A province, kota/kabupaten, kecamatan or kelurahan; the key is its dotted Kemendagri code."""

    code = models.CharField(_("kode Kemendagri"), max_length=13, primary_key=True, validators=[AREA_CODE])
    level = models.CharField(_("tingkat"), max_length=10, choices=AreaLevel)
    name = models.CharField(_("nama"), max_length=80)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("bagian dari")
    )
    latitude = models.DecimalField(_("lintang"), max_digits=8, decimal_places=5)
    longitude = models.DecimalField(_("bujur"), max_digits=8, decimal_places=5)
    area_km2 = models.DecimalField(_("luas (km²)"), max_digits=8, decimal_places=3, null=True, blank=True)
    population = models.PositiveIntegerField(_("penduduk"), null=True, blank=True)
    rw_count = models.PositiveIntegerField(_("jumlah RW"), null=True, blank=True)
    postal_code = models.CharField(_("kode pos"), max_length=5, blank=True)

    audience = Audience(public="code level name parent latitude longitude area_km2 population rw_count postal_code")

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")

    def __str__(self):
        return self.name

    @property
    def label(self):
        """Return the name with its level, e.g. "Kelurahan Ragunan" (kota names carry theirs already)."""
        if self.level in (AreaLevel.DISTRICT, AreaLevel.VILLAGE):
            return f"{AreaLevel(self.level).label} {self.name}"
        return self.name


class AreaAlias(models.Model):
    """A spelling of an area's name met in public files."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="aliases", verbose_name=_("wilayah"), db_index=True)
    name = models.CharField(_("ejaan"), max_length=80)

    audience = Audience(public="id area name")

    class Meta:
        verbose_name = _("ejaan wilayah")
        verbose_name_plural = _("ejaan wilayah")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="area_alias_once")]

    def __str__(self):
        return self.name


class Boundary(models.Model):
    """The border of an area as somebody gave it, and the outline that the map draws of a kelurahan.

    A kelurahan whose own border is missing has an outline cut to its neighbours' real borders, and no `geometry`.
    """

    area = models.OneToOneField(Area, models.CASCADE, related_name="boundary", verbose_name=_("wilayah"))
    geometry = models.JSONField(_("batas seperti diberikan (GeoJSON)"), null=True, blank=True)
    outline = models.JSONField(_("garis luar di peta"), null=True, blank=True)
    changed_at = models.DateTimeField(_("diubah pada"))

    audience = Audience(public="id area geometry outline changed_at")

    class Meta:
        verbose_name = _("batas wilayah")
        verbose_name_plural = _("batas wilayah")

    def __str__(self):
        return str(self.area)


class LocationKind(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("nama"), max_length=60)
    houses_children = models.BooleanField(_("menampung anak"), default=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=100)

    audience = Audience(public="id slug name houses_children position")

    class Meta:
        verbose_name = _("jenis lokasi")
        verbose_name_plural = _("jenis lokasi")

    def __str__(self):
        return self.name


class Precision(models.TextChoices):
    EXACT = "tepat", _("Titik tepat")
    APPROXIMATE = "perkiraan", _("Titik perkiraan")
    VILLAGE = "kelurahan", _("Hanya sampai kelurahan")


class VerificationLevel(models.TextChoices):
    """The steps of a place's verification, in the order in which they come."""

    PROPOSED = "usulan", _("Diusulkan")
    VILLAGE = "kelurahan", _("Diperiksa kelurahan")
    DISTRICT = "kecamatan", _("Diperiksa kecamatan")
    TASK_FORCE = "pokja", _("Disahkan Pokja")


class Location(models.Model):
    """A place that may need help: an RW, a pesantren, a panti, a school, a small business…"""

    code = models.CharField(_("kode"), max_length=80, unique=True)
    kind = models.ForeignKey(LocationKind, models.PROTECT, related_name="locations", verbose_name=_("jenis"))
    name = models.CharField(_("nama"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="locations", verbose_name=_("kelurahan"))
    rw = models.PositiveSmallIntegerField(_("nomor RW"), null=True, blank=True)
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    longitude = models.DecimalField(
        _("bujur"), max_digits=8, decimal_places=5, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    latitude = models.DecimalField(
        _("lintang"), max_digits=8, decimal_places=5, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    precision = models.CharField(_("ketelitian"), max_length=10, choices=Precision, default=Precision.APPROXIMATE)
    is_priority = models.BooleanField(_("prioritas"), default=False, db_index=True)
    vulnerable_families = models.PositiveIntegerField(_("KK rentan"), null=True, blank=True)
    people = models.PositiveIntegerField(_("jiwa"), null=True, blank=True)
    register = models.CharField(_("register luar"), max_length=40, blank=True)
    register_id = models.CharField(_("nomor di register"), max_length=40, blank=True)
    document = models.CharField(_("dokumen asal kebutuhan"), max_length=120, blank=True)
    document_item = models.CharField(_("butir dokumen"), max_length=120, blank=True)
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    published = models.BooleanField(_("tampil di publik"), default=False, db_index=True)
    verified_at = models.DateTimeField(_("diverifikasi pada"), null=True, blank=True)
    verified_level = models.CharField(
        _("tingkat verifikasi"), max_length=10, choices=VerificationLevel, default=VerificationLevel.PROPOSED
    )
    agreed_exact = models.BooleanField(_("setuju titik tepat ditampilkan"), default=False)
    version = models.PositiveIntegerField(_("versi"), default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dibuat oleh")
    )

    objects = LocationQuerySet.as_manager()
    audience = Audience(
        public="id code kind name area rw longitude latitude precision is_priority vulnerable_families people "
        "register register_id document document_item note published verified_at verified_level",
        staff="address agreed_exact version created_by",
    )

    class Meta:
        verbose_name = _("lokasi")
        verbose_name_plural = _("lokasi")
        constraints = [
            models.UniqueConstraint(fields=["area", "rw"], name="location_rw_once", condition=Q(rw__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["latitude", "longitude"], name="location_point"),
            models.Index(fields=["name", "id"], name="location_name"),
        ]

    def __str__(self):
        return self.name


Location._meta.get_field("name").register_lookup(Holds)


class RtRow(models.Model):
    """How many families and people of one RT of an RW are vulnerable."""

    location = models.ForeignKey(
        Location, models.CASCADE, related_name="rt_rows", verbose_name=_("lokasi"), db_index=True
    )
    rt = models.PositiveSmallIntegerField(_("RT"))
    families = models.PositiveIntegerField(_("KK rentan"))

    audience = Audience(public="id location rt", staff="families")

    class Meta:
        verbose_name = _("baris RT")
        verbose_name_plural = _("baris RT")
        constraints = [models.UniqueConstraint(fields=["location", "rt"], name="rt_once")]

    def __str__(self):
        return f"RT {self.rt:02d}"


class Verification(models.Model):
    """One step in which somebody checked a place; append-only, levels in order, four eyes."""

    location = models.ForeignKey(
        Location, models.PROTECT, related_name="verifications", verbose_name=_("lokasi"), db_index=True
    )
    level = models.CharField(_("tingkat"), max_length=10, choices=VerificationLevel)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("oleh")
    )
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    audience = Audience(public="id location level at", staff="by note")

    class Meta:
        verbose_name = _("verifikasi")
        verbose_name_plural = _("verifikasi")

    def __str__(self):
        return f"{self.get_level_display()}: {self.location}"


def need_code(place, package, period):
    """Return the readable key of a need from its place's code and the slugs of package and period; it never changes."""
    return f"{place}.{package}.{period}"


class Need(models.Model):
    """How many of one package one place lacks in one period, with the counters that guard it.

    The counters are the sum of the ledger's effects; only `donations.actions.ledger` moves them.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="needs", verbose_name=_("lokasi"))
    package = models.ForeignKey("programs.PackageType", models.PROTECT, related_name="needs", verbose_name=_("paket"))
    package_version = models.ForeignKey(
        "programs.PackageVersion", models.PROTECT, related_name="needs", verbose_name=_("versi paket")
    )
    period = models.ForeignKey("programs.NeedPeriod", models.PROTECT, related_name="needs", verbose_name=_("periode"))
    quantity = models.PositiveIntegerField(_("dibutuhkan"), default=0)
    reserved = models.PositiveIntegerField(_("dijanjikan (diajukan + komitmen)"), default=0)
    committed = models.PositiveIntegerField(_("komitmen"), default=0)
    delivered = models.PositiveIntegerField(_("tersalurkan"), default=0)

    objects = NeedQuerySet.as_manager()
    audience = Audience(public="id location package package_version period quantity reserved committed delivered")

    class Meta:
        verbose_name = _("kebutuhan")
        verbose_name_plural = _("kebutuhan")
        constraints = [
            models.UniqueConstraint(fields=["location", "package", "period"], name="need_once"),
            models.CheckConstraint(
                condition=Q(delivered__gte=0)
                & Q(delivered__lte=F("committed"))
                & Q(committed__lte=F("reserved"))
                & Q(reserved__lte=F("quantity")),
                name="need_counters_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["period", "package"], name="need_period_package"),
            models.Index(fields=["period", "location"], name="need_period_location"),
        ]

    def __str__(self):
        return f"{self.package} · {self.location}"

    @property
    def code(self):
        """The need's readable key (`need_code`)."""
        return need_code(self.location.code, self.package.slug, self.period.slug)

    @property
    def still_needed(self):
        """Packages that can still be promised (*sisa kebutuhan*): none once the period is closed."""
        return self.remaining if self.period.is_open else 0

    @property
    def remaining(self):
        """Packages not promised, whether or not the period is still open."""
        return self.quantity - self.reserved

    @property
    def submitted(self):
        """Packages promised but not yet accepted (*diajukan*)."""
        return self.reserved - self.committed
