"""The cellar's rows: audit log, outbox, throttle, alerts. They know no noun of the rooms above."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .privacy import Audience


class AuditEntry(models.Model):
    """Who did what, when; append-only (triggers), without foreign keys so that it outlives what it names."""

    kind = models.CharField(_("jenis"), max_length=40, db_index=True)
    subject = models.CharField(_("tentang"), max_length=120, db_index=True)
    by = models.CharField(_("oleh"), max_length=150, blank=True)
    at = models.DateTimeField(_("pada"))
    data = models.JSONField(_("rincian"), default=dict)
    xact = models.BigIntegerField(_("transaksi"), default=0, editable=False)

    audience = Audience(staff="id kind subject by at data xact")

    class Meta:
        verbose_name = _("catatan audit")
        verbose_name_plural = _("catatan audit")
        indexes = [models.Index(fields=["xact", "id"], name="audit_xact")]

    def __str__(self):
        return f"{self.kind} {self.subject}"


class OutboxMessage(models.Model):
    """A message to send; `run_jobs` sends it, the demo shows it instead. Recipient and text are ciphers."""

    recipient_cipher = models.BinaryField(_("penerima (tersandi)"))
    subject = models.CharField(_("perihal"), max_length=160)
    body_cipher = models.BinaryField(_("isi (tersandi)"))
    created_at = models.DateTimeField(_("dibuat"))
    next_try_at = models.DateTimeField(_("dikirim mulai"), db_index=True)
    sent_at = models.DateTimeField(_("terkirim"), null=True, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    demo_visitor = models.CharField(_("pengunjung demo"), max_length=40, blank=True, db_index=True)

    audience = Audience(
        staff="id subject created_at next_try_at sent_at attempts", secret="recipient_cipher body_cipher demo_visitor"
    )

    class Meta:
        verbose_name = _("pesan keluar")
        verbose_name_plural = _("pesan keluar")

    def __str__(self):
        return self.subject


class Throttle(models.Model):
    """How much one thing was done by or to one keyed subject since a moment; exact across workers."""

    bucket = models.BinaryField(_("sidik pengunjung dan jam"), max_length=32, unique=True)
    hits = models.PositiveIntegerField(_("kali"), default=0)
    expires_at = models.DateTimeField(_("berakhir"), db_index=True)

    audience = Audience(staff="id hits expires_at", secret="bucket")

    class Meta:
        verbose_name = _("penghitung kunjungan")
        verbose_name_plural = _("penghitung kunjungan")

    def __str__(self):
        return str(self.hits)


class Alert(models.Model):
    """A time in which the portal was on its guard (*siaga*) for one purpose; at most one runs."""

    purpose = models.CharField(_("untuk"), max_length=40)
    since = models.DateTimeField(_("sejak"))
    until = models.DateTimeField(_("sampai"), null=True, blank=True)

    audience = Audience(staff="id purpose since until")

    class Meta:
        verbose_name = _("siaga")
        verbose_name_plural = _("siaga")
        constraints = [
            models.UniqueConstraint(fields=["purpose"], condition=models.Q(until=None), name="one_alert_for_a_purpose")
        ]

    def __str__(self):
        return self.purpose


class VersionMark(models.Model):
    """How many audit entries are counted up to where; one row. The rest is counted when the version is read."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(_("terhitung sampai"), default=0)
    count = models.BigIntegerField(_("jumlah terhitung"), default=0)

    audience = Audience(staff="id position count")

    class Meta:
        verbose_name = _("batas versi data")
        verbose_name_plural = _("batas versi data")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="version_mark_single")]

    def __str__(self):
        return str(self.count)
