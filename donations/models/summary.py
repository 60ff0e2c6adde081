"""Totals folded from the ledger up to a watermark; a reader adds the few entries after it (docs/adr)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience

from .collaborator import Category


class DailyTotal(models.Model):
    """What happened on one day (WIB) to one package in one kelurahan by one category of giver."""

    day = models.DateField(_("hari"))
    package = models.ForeignKey("programs.PackageType", models.PROTECT, related_name="+", verbose_name=_("paket"))
    area = models.ForeignKey("locations.Area", models.PROTECT, related_name="+", verbose_name=_("kelurahan"))
    category = models.CharField(_("kategori"), max_length=20, choices=Category)
    reserved = models.BigIntegerField(_("dijanjikan"), default=0)
    committed = models.BigIntegerField(_("komitmen"), default=0)
    delivered = models.BigIntegerField(_("tersalurkan"), default=0)

    audience = Audience(public="id day package area category reserved committed delivered")

    class Meta:
        verbose_name = _("rekap harian")
        verbose_name_plural = _("rekap harian")
        constraints = [models.UniqueConstraint(fields=["day", "package", "area", "category"], name="daily_total_once")]

    def __str__(self):
        return f"{self.day} {self.package_id} {self.area_id}"


class DailyLine(models.Model):
    """What happened on one day to one line: who has komitmen above zero where, as of any date."""

    day = models.DateField(_("hari"))
    line = models.ForeignKey("donations.CommitmentLine", models.PROTECT, related_name="+", verbose_name=_("rincian"))
    commitment = models.ForeignKey(
        "donations.Commitment", models.PROTECT, related_name="+", verbose_name=_("kolaborasi"), db_index=True
    )
    package = models.ForeignKey("programs.PackageType", models.PROTECT, related_name="+", verbose_name=_("paket"))
    location = models.ForeignKey("locations.Location", models.PROTECT, related_name="+", verbose_name=_("lokasi"))
    area = models.ForeignKey("locations.Area", models.PROTECT, related_name="+", verbose_name=_("kelurahan"))
    reserved = models.BigIntegerField(_("dijanjikan"), default=0)
    committed = models.BigIntegerField(_("komitmen"), default=0)
    delivered = models.BigIntegerField(_("tersalurkan"), default=0)

    audience = Audience(public="id day line commitment package location area reserved committed delivered")

    class Meta:
        verbose_name = _("rekap rincian")
        verbose_name_plural = _("rekap rincian")
        constraints = [models.UniqueConstraint(fields=["line", "day"], name="daily_line_once")]

    def __str__(self):
        return f"{self.day} {self.line_id}"


class DailyFund(models.Model):
    """What happened on one day to one contribution, in rupiah."""

    day = models.DateField(_("hari"))
    contribution = models.ForeignKey("donations.Contribution", models.PROTECT, related_name="+", verbose_name=_("dana"))
    received = models.BigIntegerField(_("diterima"), default=0)
    used = models.BigIntegerField(_("terpakai"), default=0)
    refunded = models.BigIntegerField(_("dikembalikan"), default=0)
    cost = models.BigIntegerField(_("biaya"), default=0)

    audience = Audience(public="id day contribution received used refunded cost")

    class Meta:
        verbose_name = _("rekap dana")
        verbose_name_plural = _("rekap dana")
        constraints = [models.UniqueConstraint(fields=["contribution", "day"], name="daily_fund_once")]

    def __str__(self):
        return f"{self.day} {self.contribution_id}"


class DailyFamily(models.Model):
    """Families recorded for the first time on one day: in a programme, or (`kind` family.first) at all.

    `persons` are those counted; `uncounted` families stand for four persons each (the source's rule).
    """

    day = models.DateField(_("hari"))
    kind = models.CharField(_("peristiwa"), max_length=24)
    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="+", verbose_name=_("program"))
    area = models.ForeignKey("locations.Area", models.PROTECT, related_name="+", verbose_name=_("kelurahan"))
    families = models.BigIntegerField(_("keluarga"), default=0)
    persons = models.BigIntegerField(_("jiwa terhitung"), default=0)
    uncounted = models.BigIntegerField(_("keluarga tanpa hitungan jiwa"), default=0)

    audience = Audience(public="id day kind program", staff="area families persons uncounted")

    class Meta:
        verbose_name = _("rekap keluarga")
        verbose_name_plural = _("rekap keluarga")
        constraints = [models.UniqueConstraint(fields=["day", "kind", "program", "area"], name="daily_family_once")]

    def __str__(self):
        return f"{self.day} {self.area_id}"


class Watermark(models.Model):
    """Up to where the ledger is folded into the summaries; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    entries = models.BigIntegerField(_("peristiwa terlipat sampai"), default=0)

    audience = Audience(staff="id entries")

    class Meta:
        verbose_name = _("batas rekap")
        verbose_name_plural = _("batas rekap")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="watermark_single")]

    def __str__(self):
        return str(self.entries)
