"""Money given to an aggregator: evidence, matching and use. The portal never holds money."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience

from .collaborator import ContractKind


class ContributionState(models.TextChoices):
    PLEDGED = "dijanjikan", _("Dijanjikan")
    RECEIVED = "diterima", _("Diterima")
    CANCELLED = "dibatalkan", _("Dibatalkan")


class Contribution(models.Model):
    """Rupiah that a collaborator gives through an aggregator. The counters are the ledger's sums (rule 5)."""

    reference = models.CharField(_("nomor rujukan"), max_length=20, unique=True)
    collaborator = models.ForeignKey(
        "donations.Collaborator", models.PROTECT, related_name="contributions", verbose_name=_("kolaborator")
    )
    aggregator = models.ForeignKey(
        "donations.Aggregator", models.PROTECT, related_name="contributions", verbose_name=_("mitra penyalur")
    )
    contract = models.CharField(_("akad"), max_length=8, choices=ContractKind, default=ContractKind.GENERAL)
    program = models.ForeignKey(
        "programs.Program", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("untuk program")
    )
    location = models.ForeignKey(
        "locations.Location", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("untuk lokasi")
    )
    state = models.CharField(_("status"), max_length=12, choices=ContributionState, default=ContributionState.PLEDGED)
    amount = models.PositiveBigIntegerField(_("dijanjikan (rupiah)"))
    received = models.PositiveBigIntegerField(_("diterima (rupiah)"), default=0)
    used = models.PositiveBigIntegerField(_("terpakai (rupiah)"), default=0)
    refunded = models.PositiveBigIntegerField(_("dikembalikan (rupiah)"), default=0)
    cost = models.PositiveBigIntegerField(_("biaya (rupiah)"), default=0)
    pledged_at = models.DateTimeField(_("dijanjikan pada"))
    received_at = models.DateTimeField(_("diterima pada"), null=True, blank=True)
    contact_cipher = models.BinaryField(_("kontak (tersandi)"), blank=True, default=bytes)
    link_hash = models.BinaryField(_("sidik tautan pribadi"), max_length=32, unique=True, null=True, blank=True)
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("versi"), default=1)

    audience = Audience(
        public="id collaborator aggregator contract program location state received used refunded cost received_at",
        staff="reference amount pledged_at note version",
        secret="contact_cipher link_hash",
    )

    class Meta:
        verbose_name = _("dana")
        verbose_name_plural = _("dana")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="contribution_positive"),
            models.CheckConstraint(
                condition=Q(received__gte=F("used") + F("refunded") + F("cost")),
                name="contribution_balance_not_negative",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def balance(self):
        """Rupiah received and not yet used, refunded or spent on costs."""
        return self.received - self.used - self.refunded - self.cost
