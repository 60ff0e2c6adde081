"""What kinds of help exist: public reference data that Pokja extends in the admin."""

from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience


class ProgramStatus(models.TextChoices):
    RUNNING = "berjalan", _("Berjalan")
    ANNOUNCED = "diumumkan", _("Diumumkan")
    ENDED = "selesai", _("Selesai")


class PackageKind(models.TextChoices):
    GOODS = "barang", _("Barang")
    CASH = "uang", _("Uang")
    SERVICE = "jasa", _("Jasa")
    LOAN = "pinjaman", _("Pinjaman")
    ASSET = "aset", _("Aset")
    WORK = "pekerjaan", _("Pekerjaan")

    @property
    def can_be_damaged(self):
        """Whether something of this kind can arrive broken or get lost on its way (a training or a loan cannot)."""
        return self in (PackageKind.GOODS, PackageKind.ASSET)


class Recipient(models.TextChoices):
    FAMILY = "kk", _("Keluarga (KK)")
    PUPIL = "siswa", _("Siswa")
    EDUCATOR = "pendidik", _("Pendidik")
    BUSINESS = "umkm", _("UMKM")
    NEIGHBOURHOOD = "rw", _("RW")


class Program(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("nama"), max_length=80)
    status = models.CharField(_("status"), max_length=12, choices=ProgramStatus, default=ProgramStatus.ANNOUNCED)
    lead_agency = models.CharField(_("dinas pengampu"), max_length=160, blank=True)
    summary = models.CharField(_("ringkasan"), max_length=200)
    description = models.TextField(_("penjelasan"), blank=True)
    started_on = models.DateField(_("mulai"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=100)

    audience = Audience(public="id slug name status lead_agency summary description started_on position")

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("program")

    def __str__(self):
        return self.name

    @property
    def is_running(self):
        return self.status == ProgramStatus.RUNNING


class Statement(models.Model):
    """What a donor declares for a package, e.g. for food: hygienic, halal, enough shelf life, free of politics."""

    slug = models.SlugField(_("slug"))
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    title = models.CharField(_("judul"), max_length=120)
    points = models.TextField(_("butir, satu per baris"))

    audience = Audience(public="id slug version title points")

    class Meta:
        verbose_name = _("pernyataan")
        verbose_name_plural = _("pernyataan")
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="statement_version_once")]

    def __str__(self):
        return f"{self.title} (v{self.version})"

    @property
    def lines(self):
        return [line.strip() for line in self.points.splitlines() if line.strip()]


class PackageType(models.Model):
    program = models.ForeignKey(
        Program, models.PROTECT, related_name="packages", verbose_name=_("program"), db_index=True
    )
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("nama"), max_length=80)
    kind = models.CharField(_("bentuk"), max_length=12, choices=PackageKind, default=PackageKind.GOODS)
    recipient = models.CharField(_("penerima"), max_length=12, choices=Recipient, default=Recipient.FAMILY)
    unit = models.CharField(_("satuan"), max_length=24, default="paket")
    summary = models.CharField(_("ringkasan"), max_length=200, blank=True)
    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="packages", verbose_name=_("pernyataan donatur")
    )
    position = models.PositiveSmallIntegerField(_("urutan"), default=100)

    audience = Audience(public="id program slug name kind recipient unit summary statement position")

    class Meta:
        verbose_name = _("jenis paket")
        verbose_name_plural = _("jenis paket")

    def __str__(self):
        return self.name

    @property
    def can_be_damaged(self):
        return PackageKind(self.kind).can_be_damaged

    @property
    def counted(self):
        """What stands behind a number of them in a sentence: "paket sembako", "amplop THR" (English: the name)."""
        name = self.name if self.name[1:2].isupper() else self.name[:1].lower() + self.name[1:]
        return name if name.startswith(self.unit) or get_language() == "en" else f"{self.unit} {name}"

    def version_on(self, day):
        """Return the version valid on a date, or None; reads `versions.all()`, so that lists can prefetch it."""
        valid = [version for version in self.versions.all() if version.valid_from <= day]
        return max(valid, key=lambda version: (version.valid_from, version.number), default=None)


class PackageVersion(models.Model):
    """Contents and reference price of a package from a day on; immutable once a need uses it."""

    package = models.ForeignKey(
        PackageType, models.PROTECT, related_name="versions", verbose_name=_("jenis paket"), db_index=True
    )
    number = models.PositiveSmallIntegerField(_("versi"), default=1)
    valid_from = models.DateField(_("berlaku sejak"))
    reference_price = models.PositiveBigIntegerField(
        _("harga acuan (rupiah)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    unit_rule = models.CharField(_("aturan satuan"), max_length=160)
    contents = models.TextField(_("isi, satu per baris"))
    addons = models.TextField(_("tambahan, satu per baris"), blank=True)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    audience = Audience(public="id package number valid_from reference_price unit_rule contents addons source")

    class Meta:
        verbose_name = _("versi paket")
        verbose_name_plural = _("versi paket")
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="package_version_once"),
            models.CheckConstraint(
                condition=Q(reference_price__isnull=True) | Q(reference_price__gt=0), name="package_price_positive"
            ),
        ]

    def __str__(self):
        return f"{self.package} v{self.number}"

    @property
    def content_lines(self):
        return [line.strip() for line in self.contents.splitlines() if line.strip()]

    @property
    def addon_lines(self):
        return [line.strip() for line in self.addons.splitlines() if line.strip()]

    @property
    def in_use(self):
        return self.needs.exists()

    def clean(self):
        if self.pk and self.in_use:
            raise ValidationError(_("Versi ini sudah dipakai oleh kebutuhan. Buat versi baru sebagai gantinya."))


class NeedPeriodQuerySet(models.QuerySet):
    def open(self):
        """Return the periods whose needs can be promised now."""
        return self.filter(closed_at__isnull=True)

    def open_on(self, day):
        """Return the periods that were open at the end of a day (WIB)."""
        midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(Q(closed_at=None) | Q(closed_at__gte=midnight), starts_on__lte=day)

    def newest_first(self):
        return self.order_by("-starts_on", "-ends_on")


class NeedPeriod(models.Model):
    """A span of days for which needs are stated; closed when it ends, nothing rolls over silently."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("nama"), max_length=80)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai dengan"))
    closed_at = models.DateTimeField(_("ditutup pada"), null=True, blank=True, db_index=True)

    objects = NeedPeriodQuerySet.as_manager()
    audience = Audience(public="id slug name starts_on ends_on closed_at")

    class Meta:
        verbose_name = _("periode")
        verbose_name_plural = _("periode")
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_start")]

    def __str__(self):
        return self.name

    @property
    def is_open(self):
        return self.closed_at is None
