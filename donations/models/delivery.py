"""What was handed over, to whom, with which evidence."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience


class Delivery(models.Model):
    """One hand-over at one place; append-only, a correction is a give-back or another delivery."""

    number = models.CharField(_("nomor BAST"), max_length=20, unique=True)
    commitment = models.ForeignKey(
        "donations.Commitment", models.PROTECT, related_name="deliveries", verbose_name=_("kolaborasi"), db_index=True
    )
    location = models.ForeignKey(
        "locations.Location", models.PROTECT, related_name="deliveries", verbose_name=_("lokasi"), db_index=True
    )
    delivered_at = models.DateTimeField(_("diterima pada"), db_index=True)
    receiver_role = models.CharField(_("penerima (jabatan)"), max_length=60, blank=True)
    receiver_cipher = models.BinaryField(_("penerima (tersandi)"), blank=True, default=bytes)
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    thanks = models.CharField(_("ucapan terima kasih"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )
    recorded_at = models.DateTimeField(_("dicatat pada"))

    audience = Audience(
        public="id number commitment location delivered_at receiver_role recorded_at thanks",
        staff="note recorded_by",
        secret="receiver_cipher",
    )

    class Meta:
        verbose_name = _("penyaluran")
        verbose_name_plural = _("penyaluran")

    def __str__(self):
        return self.number


class DeliveryLine(models.Model):
    """How one line fared: ok + damaged + short + lost = sent (rule 4)."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="lines", verbose_name=_("penyaluran"), db_index=True
    )
    line = models.ForeignKey(
        "donations.CommitmentLine", models.PROTECT, related_name="outcomes", verbose_name=_("rincian"), db_index=True
    )
    sent = models.PositiveIntegerField(_("dikirim"))
    ok = models.PositiveIntegerField(_("diterima baik"))
    damaged = models.PositiveIntegerField(_("rusak"), default=0)
    short = models.PositiveIntegerField(_("kurang"), default=0)
    lost = models.PositiveIntegerField(_("hilang"), default=0)

    audience = Audience(public="id delivery line sent ok damaged short lost")

    class Meta:
        verbose_name = _("rincian penyaluran")
        verbose_name_plural = _("rincian penyaluran")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "line"], name="delivery_line_once"),
            models.CheckConstraint(
                condition=Q(sent=F("ok") + F("damaged") + F("short") + F("lost")), name="delivery_outcomes_add_up"
            ),
            models.CheckConstraint(condition=Q(sent__gt=0), name="delivery_sent_positive"),
        ]

    def __str__(self):
        return f"{self.ok}/{self.sent}"


class DeliveryPhoto(models.Model):
    """A re-encoded photo of a hand-over; private until somebody checked it."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="photos", verbose_name=_("penyaluran"), db_index=True
    )
    file = models.FileField(_("foto"), upload_to="penyaluran/")
    uploaded_at = models.DateTimeField(_("diunggah pada"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diperiksa oleh"),
    )
    checked_at = models.DateTimeField(_("diperiksa pada"), null=True, blank=True)

    audience = Audience(public="id delivery checked_at", staff="file uploaded_at checked_by")

    class Meta:
        verbose_name = _("foto penyaluran")
        verbose_name_plural = _("foto penyaluran")

    def __str__(self):
        return f"Foto {self.delivery}"
