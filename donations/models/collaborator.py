"""Givers, the faces they show, and the licensed aggregators among them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience


class Category(models.TextChoices):
    PERSON = "perorangan", _("Perorangan")
    BUSINESS = "lembaga-usaha", _("Lembaga usaha")
    GOVERNMENT = "lembaga-pemerintah", _("Lembaga pemerintah")
    CIVIL = "lsm", _("LSM, OMS, badan PBB, universitas")
    FOREIGN = "luar-negeri", _("Luar negeri")


class Attribution(models.TextChoices):
    """How a gift shows its giver; it belongs to the gift, not to the giver."""

    NAMED = "nama", _("Tampilkan nama")
    ALIAS = "alias", _("Pakai nama samaran")
    ANONYMOUS = "anonim", _("Tanpa nama (Hamba Allah)")


NOBODY = "Hamba Allah"  # what every anonymous gift's face is called


class Giver(models.Model):
    """A person or institution behind one or more faces; known by the fingerprint of a proved contact."""

    contact_hash = models.BinaryField(_("sidik kontak"), max_length=32, unique=True, null=True, blank=True)
    contact_cipher = models.BinaryField(_("kontak (tersandi)"), blank=True, default=bytes)
    name_cipher = models.BinaryField(_("nama (tersandi)"), blank=True, default=bytes)
    created_at = models.DateTimeField(_("dibuat"))

    audience = Audience(staff="id created_at", secret="contact_hash contact_cipher name_cipher")

    class Meta:
        verbose_name = _("pemberi")
        verbose_name_plural = _("pemberi")

    def __str__(self):
        return f"Pemberi {self.pk}"


class CollaboratorQuerySet(models.QuerySet):
    def shown(self):
        """Return the faces that have a public page: named or under an alias, never an anonymous gift's."""
        return self.exclude(attribution=Attribution.ANONYMOUS)


class Collaborator(models.Model):
    """The public face of a giver. An anonymous gift has a face of its own, so nothing links two of them."""

    giver = models.ForeignKey(Giver, models.PROTECT, related_name="faces", verbose_name=_("pemberi"))
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("nama yang tampil"), max_length=120)
    category = models.CharField(_("kategori"), max_length=20, choices=Category)
    attribution = models.CharField(_("cara tampil"), max_length=8, choices=Attribution, default=Attribution.NAMED)
    about = models.TextField(_("tentang"), blank=True)
    website = models.URLField(_("situs"), blank=True)
    is_fictional = models.BooleanField(_("contoh (rekaan)"), default=False)

    objects = CollaboratorQuerySet.as_manager()
    audience = Audience(public="id slug name category attribution about website is_fictional", staff="giver")

    class Meta:
        verbose_name = _("kolaborator")
        verbose_name_plural = _("kolaborator")
        constraints = [
            models.CheckConstraint(
                condition=~Q(attribution=Attribution.ANONYMOUS) | Q(name=NOBODY, about="", website=""),
                name="anonymous_face_says_nothing",
                violation_error_message=_("Pemberian tanpa nama tidak boleh punya nama, keterangan, atau situs."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_anonymous(self):
        return self.attribution == Attribution.ANONYMOUS


class Aggregator(models.Model):
    """A licensed collaborator that takes money and delivers packages ("mitra penyalur resmi")."""

    collaborator = models.OneToOneField(
        Collaborator, models.PROTECT, related_name="aggregator", verbose_name=_("kolaborator")
    )
    areas = models.ManyToManyField("locations.Area", blank=True, verbose_name=_("wilayah kerja"))
    programs = models.ManyToManyField("programs.Program", blank=True, verbose_name=_("program"))
    officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="aggregators", verbose_name=_("petugas")
    )
    account_note = models.CharField(_("cara menyetor"), max_length=300, blank=True)

    audience = Audience(public="id collaborator areas programs account_note", staff="officers")

    class Meta:
        verbose_name = _("mitra penyalur (agregator)")
        verbose_name_plural = _("mitra penyalur (agregator)")

    def __str__(self):
        return self.collaborator.name

    def valid_licence(self, day):
        """Return the licence that is valid on `day`, or None: then no new money may be taken (rule 5)."""
        return self.licences.valid_on(day).first()


class LicenceQuerySet(models.QuerySet):
    def valid_on(self, day):
        """Return the licences in force on a date."""
        return self.filter(
            Q(revoked_on__isnull=True) | Q(revoked_on__gt=day), valid_from__lte=day, valid_until__gte=day
        ).order_by("-valid_until")


class Licence(models.Model):
    aggregator = models.ForeignKey(
        Aggregator, models.PROTECT, related_name="licences", verbose_name=_("mitra penyalur"), db_index=True
    )
    number = models.CharField(_("nomor izin"), max_length=80)
    kind = models.CharField(_("jenis izin"), max_length=80)
    issuer = models.CharField(_("penerbit"), max_length=120)
    valid_from = models.DateField(_("berlaku sejak"))
    valid_until = models.DateField(_("berlaku sampai"))
    revoked_on = models.DateField(_("dicabut pada"), null=True, blank=True)

    objects = LicenceQuerySet.as_manager()
    audience = Audience(public="id aggregator number kind issuer valid_from valid_until revoked_on")

    class Meta:
        verbose_name = _("izin")
        verbose_name_plural = _("izin")

    def __str__(self):
        return self.number


class ContractKind(models.TextChoices):
    """The *akad* under which money is given."""

    ZAKAT = "zakat", _("Zakat")
    INFAK = "infak", _("Infak/sedekah")
    CSR = "csr", _("CSR/TJSL")
    GENERAL = "umum", _("Umum")


class CostLimit(models.Model):
    """The share of a contribution that a licence lets the aggregator keep for its costs, by akad."""

    licence = models.ForeignKey(
        Licence, models.CASCADE, related_name="cost_limits", verbose_name=_("izin"), db_index=True
    )
    contract = models.CharField(_("akad"), max_length=8, choices=ContractKind)
    basis_points = models.PositiveSmallIntegerField(_("batas biaya (per sepuluh ribu)"))

    audience = Audience(public="id licence contract basis_points")

    class Meta:
        verbose_name = _("batas biaya")
        verbose_name_plural = _("batas biaya")
        constraints = [
            models.UniqueConstraint(fields=["licence", "contract"], name="cost_limit_once"),
            models.CheckConstraint(condition=Q(basis_points__lte=10_000), name="cost_limit_within_whole"),
        ]

    def __str__(self):
        return f"{self.get_contract_display()}: {self.basis_points / 100:g} %"
