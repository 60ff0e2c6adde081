"""The append-only ledger: the only source of every total."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience

from .collaborator import Category


class EntryKind(models.TextChoices):
    NEED_PUBLISHED = "need.published", _("Kebutuhan diumumkan")
    NEED_RAISED = "need.raised", _("Kebutuhan ditambah")
    NEED_LOWERED = "need.lowered", _("Kebutuhan dikurangi")
    PROMISED = "promise.made", _("Dijanjikan")
    LAPSED = "promise.lapsed", _("Janji kedaluwarsa")
    REVOKED = "promise.cancelled", _("Janji dibatalkan")
    REJECTED = "promise.rejected", _("Janji ditolak")
    ACCEPTED = "commitment.accepted", _("Komitmen diterima")
    WITHDRAWN = "commitment.withdrawn", _("Komitmen ditarik")
    OVERDUE = "commitment.lapsed", _("Komitmen lewat waktu")
    DELIVERED = "delivery.ok", _("Diterima baik")
    DAMAGED = "delivery.damaged", _("Rusak")
    SHORT = "delivery.short", _("Kurang")
    LOST = "delivery.lost", _("Hilang")
    GIVEN_BACK = "delivery.given_back", _("Dikembalikan")
    FUND_RECEIVED = "fund.received", _("Dana diterima")
    FUND_USED = "fund.used", _("Dana terpakai")
    FUND_REFUNDED = "fund.refunded", _("Dana dikembalikan")
    FUND_COST = "fund.cost", _("Biaya penyaluran")
    FAMILY_RECORDED = "family.recorded", _("Keluarga tercatat dalam program")
    FAMILY_FIRST = "family.first", _("Keluarga tercatat pertama kali")


K = EntryKind

# What one unit of each kind does to (quantity, reserved, committed, delivered) of a need and (the last three) of a
# line. Counters, summaries and figures all follow from this table and from nothing else.
EFFECTS = {
    K.NEED_PUBLISHED: (1, 0, 0, 0),
    K.NEED_RAISED: (1, 0, 0, 0),
    K.NEED_LOWERED: (-1, 0, 0, 0),
    K.PROMISED: (0, 1, 0, 0),
    K.LAPSED: (0, -1, 0, 0),
    K.REVOKED: (0, -1, 0, 0),
    K.REJECTED: (0, -1, 0, 0),
    K.ACCEPTED: (0, 0, 1, 0),
    K.WITHDRAWN: (0, -1, -1, 0),
    K.OVERDUE: (0, -1, -1, 0),
    K.DELIVERED: (0, 0, 0, 1),
    K.DAMAGED: (0, -1, -1, 0),
    K.SHORT: (0, -1, -1, 0),
    K.LOST: (0, -1, -1, 0),
    K.GIVEN_BACK: (0, -1, -1, -1),
}

# What one rupiah of each kind does to (received, used, refunded, cost) of a contribution.
FUND_EFFECTS = {
    K.FUND_RECEIVED: (1, 0, 0, 0),
    K.FUND_USED: (0, 1, 0, 0),
    K.FUND_REFUNDED: (0, 0, 1, 0),
    K.FUND_COST: (0, 0, 0, 1),
}
FAMILY_KINDS = (K.FAMILY_RECORDED, K.FAMILY_FIRST)


class LedgerEntry(models.Model):
    """One fact. Never updated, never deleted (triggers refuse both); a correction is a reversing entry.

    `quantity` is signed: a reversing entry repeats the kind with the opposite sign, names what it `reverses` and why.
    `effective_at` says when it happened, `recorded_at` when it was written. The dimensions of the figures (day in WIB,
    package, place, kelurahan, category) are copied onto the entry, so that a total never depends on a row that can be
    edited later. `xact` is the writing transaction on PostgreSQL (0 on SQLite, where ids commit in order).
    """

    kind = models.CharField(_("peristiwa"), max_length=24, choices=K)
    quantity = models.BigIntegerField(_("jumlah"))
    effective_at = models.DateTimeField(_("terjadi pada"))
    day = models.DateField(_("hari (WIB)"))
    recorded_at = models.DateTimeField(_("dicatat pada"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("oleh")
    )
    need = models.ForeignKey(
        "locations.Need", models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("kebutuhan")
    )
    line = models.ForeignKey(
        "donations.CommitmentLine",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("rincian"),
    )
    contribution = models.ForeignKey(
        "donations.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("dana"),
    )
    delivery = models.ForeignKey(
        "donations.Delivery",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("penyaluran"),
    )
    commitment = models.ForeignKey(
        "donations.Commitment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("kolaborasi"),
    )
    package = models.ForeignKey(
        "programs.PackageType", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paket")
    )
    program = models.ForeignKey(
        "programs.Program", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("program")
    )
    location = models.ForeignKey(
        "locations.Location", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lokasi")
    )
    area = models.ForeignKey(
        "locations.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kelurahan")
    )
    category = models.CharField(_("kategori pemberi"), max_length=20, choices=Category, blank=True)
    reserved = models.BigIntegerField(_("efek dijanjikan"), default=0)
    committed = models.BigIntegerField(_("efek komitmen"), default=0)
    delivered = models.BigIntegerField(_("efek tersalurkan"), default=0)
    persons = models.BigIntegerField(_("jiwa terhitung"), null=True, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("membalik")
    )
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    xact = models.BigIntegerField(_("transaksi"), default=0, editable=False)

    audience = Audience(
        public="id kind quantity effective_at day recorded_at need line contribution delivery commitment package "
        "program location area category reserved committed delivered",
        staff="recorded_by persons reverses reason xact",
    )

    class Meta:
        verbose_name = _("peristiwa")
        verbose_name_plural = _("buku peristiwa")
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reason=""), name="entry_reversal_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["xact", "id"], name="entry_xact"),
            models.Index(fields=["day", "id"], name="entry_day"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.quantity:+}"
