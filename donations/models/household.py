"""Families, known only by a keyed fingerprint of their KK number (rule 9)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience


class Household(models.Model):
    """A family that stands on a list of recipients; the KK number itself is nowhere."""

    fingerprint = models.BinaryField(_("sidik KK"), max_length=32, unique=True)
    layer = models.PositiveSmallIntegerField(_("lapisan kunci"), default=1)
    area = models.ForeignKey(
        "locations.Area", models.PROTECT, related_name="+", verbose_name=_("kelurahan"), db_index=True
    )
    location = models.ForeignKey(
        "locations.Location", models.PROTECT, null=True, related_name="+", verbose_name=_("RW"), db_index=True
    )
    members = models.PositiveSmallIntegerField(_("jumlah jiwa"), null=True, blank=True)
    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="+", verbose_name=_("program"))
    registered_at = models.DateTimeField(_("tercatat pada"))

    audience = Audience(staff="id layer area location members program registered_at", secret="fingerprint")

    class Meta:
        verbose_name = _("keluarga")
        verbose_name_plural = _("keluarga")

    def __str__(self):
        return f"Keluarga {self.pk}"


class HouseholdReceipt(models.Model):
    """A household got one package of one delivery; append-only. The code is printed on the family's receipt."""

    number = models.CharField(_("nomor tanda terima"), max_length=20, unique=True)
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="receipts", verbose_name=_("keluarga"), db_index=True
    )
    delivery = models.ForeignKey(
        "donations.Delivery", models.PROTECT, related_name="+", verbose_name=_("penyaluran"), db_index=True
    )
    package = models.ForeignKey("programs.PackageType", models.PROTECT, related_name="+", verbose_name=_("paket"))
    period = models.ForeignKey("programs.NeedPeriod", models.PROTECT, related_name="+", verbose_name=_("periode"))
    received_at = models.DateTimeField(_("diterima pada"))
    code_hash = models.BinaryField(_("sidik kode"), max_length=32)

    audience = Audience(staff="id number household delivery package period received_at", secret="code_hash")

    class Meta:
        verbose_name = _("penerimaan")
        verbose_name_plural = _("penerimaan")
        constraints = [
            models.UniqueConstraint(fields=["household", "package", "period"], name="receipt_once_per_period")
        ]

    def __str__(self):
        return self.number
