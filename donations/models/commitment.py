"""A promise and its lines, and the table of states it moves through."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import Audience


class CommitmentState(models.TextChoices):
    SUBMITTED = "diajukan", _("Diajukan")
    REGISTERED = "terdaftar", _("Terdaftar")
    CONFIRMED = "terkonfirmasi", _("Terkonfirmasi")
    SENT = "dikirim", _("Dikirim")
    RECEIVED = "diterima", _("Diterima")
    PARTLY_RECEIVED = "diterima-sebagian", _("Diterima sebagian")
    COMPLETED = "selesai", _("Selesai")
    EXPIRED = "kedaluwarsa", _("Kedaluwarsa")
    CANCELLED = "dibatalkan", _("Dibatalkan")
    REJECTED = "ditolak", _("Ditolak")


S = CommitmentState


class ReviewReason(models.TextChoices):
    """Why staff look at a promise before its donor learns the place's contact, as both of them read it."""

    CHILDREN = "anak", _("Karena ada tempat yang merawat anak, staf Pokja melihat janjinya lebih dulu.")
    LARGE = "besar", _("Karena bantuannya besar, staf Pokja melihat janjinya lebih dulu.")
    CONTACTS = (
        "kontak",
        _(
            "Karena dari jaringan internet yang sama hari ini sudah dibuka kontak banyak tempat, staf Pokja melihat "
            "janjinya lebih dulu."
        ),
    )


# (state, what happens) → the next state. Nothing else ever moves a commitment; docs/commitment-states.md is drawn
# from this table.
TRANSITIONS = {
    (S.SUBMITTED, "register"): S.REGISTERED,
    (S.SUBMITTED, "expire"): S.EXPIRED,
    (S.SUBMITTED, "cancel"): S.CANCELLED,
    (S.SUBMITTED, "reject"): S.REJECTED,
    (S.REGISTERED, "accept"): S.CONFIRMED,
    (S.REGISTERED, "expire"): S.EXPIRED,
    (S.REGISTERED, "cancel"): S.CANCELLED,
    (S.REGISTERED, "reject"): S.REJECTED,
    (S.CONFIRMED, "postpone"): S.CONFIRMED,
    (S.CONFIRMED, "send"): S.SENT,
    (S.CONFIRMED, "expire"): S.EXPIRED,
    (S.CONFIRMED, "cancel"): S.CANCELLED,
    (S.CONFIRMED, "receive"): S.RECEIVED,
    (S.CONFIRMED, "receive_partly"): S.PARTLY_RECEIVED,
    (S.SENT, "postpone"): S.SENT,
    (S.SENT, "receive_more"): S.SENT,
    (S.SENT, "expire"): S.EXPIRED,
    (S.SENT, "cancel"): S.CANCELLED,
    (S.SENT, "receive"): S.RECEIVED,
    (S.SENT, "receive_partly"): S.PARTLY_RECEIVED,
    (S.RECEIVED, "complete"): S.COMPLETED,
    (S.RECEIVED, "give_back"): S.PARTLY_RECEIVED,
    (S.PARTLY_RECEIVED, "complete"): S.COMPLETED,
    (S.PARTLY_RECEIVED, "give_back"): S.PARTLY_RECEIVED,
    (S.COMPLETED, "give_back"): S.COMPLETED,
}
ON_ITS_WAY = (S.CONFIRMED, S.SENT)
HOLDING = (S.SUBMITTED, S.REGISTERED, *ON_ITS_WAY)
ARRIVED = (S.RECEIVED, S.PARTLY_RECEIVED, S.COMPLETED)
ENDED = (S.EXPIRED, S.CANCELLED, S.REJECTED)

LATE_AFTER = timedelta(days=3)


class Party(models.TextChoices):
    """The two who agree on a date."""

    PLACE = "lokasi", _("Lokasi")
    DONOR = "donatur", _("Donatur")


class CommitmentQuerySet(models.QuerySet):
    def holding(self):
        """Return the commitments that hold capacity not yet delivered."""
        return self.filter(state__in=HOLDING)

    def due_to_expire(self, now):
        """Return the commitments whose hold, reply time or agreed date has run out."""
        return self.holding().filter(expires_at__lte=now)

    def late(self, today):
        """Return the commitments that are three days past their date (*terlambat*)."""
        return self.filter(state__in=ON_ITS_WAY, scheduled_on__lt=today - LATE_AFTER)

    def awaiting_proof(self):
        """Return the promises whose WhatsApp proof staff must still tick."""
        return self.filter(state=S.SUBMITTED, contact_channel="whatsapp")

    def awaiting_acceptance(self):
        """Return the registered promises that the place or staff have yet to accept for a date."""
        return self.filter(state=S.REGISTERED, needs_review=False)

    def for_several(self):
        """Return the commitments for more than one place, which staff accept for all of them together."""
        return self.annotate(places=models.Count("lines__need__location", distinct=True)).filter(places__gt=1)

    def near_end(self, now):
        """Return the registered promises whose 2×24 hours run out within half a day."""
        return self.awaiting_acceptance().filter(expires_at__lte=now + timedelta(hours=12))

    def awaiting_review(self):
        """Return the registered commitments that staff must look at before the contact is disclosed."""
        return self.filter(state=S.REGISTERED, needs_review=True)

    def at(self, location):
        """Return the commitments with a line for this place."""
        return self.filter(lines__need__location=location).distinct()


class Commitment(models.Model):
    """One promise of one giver in one programme; its capacity is held by its lines."""

    code = models.CharField(_("kode"), max_length=16, unique=True)
    collaborator = models.ForeignKey(
        "donations.Collaborator", models.PROTECT, related_name="commitments", verbose_name=_("kolaborator")
    )
    aggregator = models.ForeignKey(
        "donations.Aggregator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("melalui mitra penyalur"),
    )
    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="commitments", verbose_name=_("program")
    )
    state = models.CharField(_("status"), max_length=20, choices=S, default=S.SUBMITTED, db_index=True)
    submitted_at = models.DateTimeField(_("diajukan pada"), db_index=True)
    registered_at = models.DateTimeField(_("terdaftar pada"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("dikonfirmasi pada"), null=True, blank=True)
    completed_at = models.DateTimeField(_("selesai pada"), null=True, blank=True)
    expires_at = models.DateTimeField(_("batas waktu"), null=True, blank=True, db_index=True)
    window_start = models.DateField(_("rencana mulai"), null=True, blank=True)
    window_end = models.DateField(_("rencana sampai"), null=True, blank=True)
    scheduled_on = models.DateField(_("tanggal disepakati"), null=True, blank=True)
    equivalent = models.CharField(_("isi setara"), max_length=300, blank=True)
    statement = models.ForeignKey(
        "programs.Statement", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pernyataan")
    )
    contact_cipher = models.BinaryField(_("kontak (tersandi)"), blank=True, default=bytes)
    contact_channel = models.CharField(_("saluran kontak"), max_length=10, blank=True)
    proof_code = models.CharField(_("kode bukti kontak"), max_length=8, blank=True)
    link_generation = models.PositiveSmallIntegerField(_("angkatan tautan"), default=1)
    proposed_on = models.DateField(_("tanggal yang diusulkan"), null=True, blank=True)
    proposed_by = models.CharField(_("diusulkan oleh"), max_length=8, choices=Party, blank=True)
    proof_hash = models.BinaryField(_("sidik tautan bukti"), max_length=32, unique=True, null=True, blank=True)
    link_hash = models.BinaryField(_("sidik tautan pribadi"), max_length=32, unique=True, null=True, blank=True)
    needs_review = models.BooleanField(_("menunggu pemeriksaan staf"), default=False)
    reminded = models.PositiveSmallIntegerField(_("pengingat terkirim"), default=0)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("versi"), default=1)

    objects = CommitmentQuerySet.as_manager()
    audience = Audience(
        public="id code collaborator aggregator program state submitted_at registered_at confirmed_at completed_at "
        "window_start window_end scheduled_on statement",
        staff="expires_at equivalent contact_channel needs_review reminded reason version link_generation "
        "proposed_on proposed_by",
        secret="contact_cipher proof_code proof_hash link_hash",
    )

    class Meta:
        verbose_name = _("kolaborasi")
        verbose_name_plural = _("kolaborasi")
        indexes = [
            # The newest are looked for by everybody who opens the home page after a change.
            models.Index(
                fields=["confirmed_at", "id"], name="commitment_confirmed", condition=Q(confirmed_at__isnull=False)
            )
        ]

    def __str__(self):
        return self.code

    @property
    def channel(self):
        return "agregator" if self.aggregator_id else "langsung"

    def is_late(self, today):
        return self.state in ON_ITS_WAY and bool(self.scheduled_on) and self.scheduled_on < today - LATE_AFTER

    def can(self, action):
        """Tell whether `action` may happen to a commitment in this state."""
        return (self.state, action) in TRANSITIONS


class CommitmentLine(models.Model):
    """Some packages promised for one need. The counters are the ledger's sum for this line."""

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="lines", verbose_name=_("kolaborasi"), db_index=True
    )
    need = models.ForeignKey(
        "locations.Need", models.PROTECT, related_name="lines", verbose_name=_("kebutuhan"), db_index=True
    )
    quantity = models.PositiveIntegerField(_("jumlah dijanjikan"))
    reserved = models.PositiveIntegerField(_("masih dijanjikan (diajukan + komitmen)"), default=0)
    committed = models.PositiveIntegerField(_("komitmen"), default=0)
    delivered = models.PositiveIntegerField(_("tersalurkan"), default=0)

    audience = Audience(public="id commitment need quantity reserved committed delivered")

    class Meta:
        verbose_name = _("rincian kolaborasi")
        verbose_name_plural = _("rincian kolaborasi")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(delivered__gte=0)
                & Q(delivered__lte=F("committed"))
                & Q(committed__lte=F("reserved"))
                & Q(reserved__lte=F("quantity")),
                name="line_counters_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.need}"

    @property
    def outstanding(self):
        """Packages accepted and not yet accounted for by a delivery."""
        return self.committed - self.delivered


class IdempotencyKey(models.Model):
    """A key that a form or client sent, bound to its payload and to what it made (rule 7)."""

    key_hash = models.BinaryField(_("sidik kunci"), max_length=32, unique=True)
    payload_hash = models.BinaryField(_("sidik isi"), max_length=32)
    result = models.CharField(_("hasil"), max_length=200)
    created_at = models.DateTimeField(_("dibuat"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("oleh")
    )

    audience = Audience(staff="id created_at created_by", secret="key_hash payload_hash result")

    class Meta:
        verbose_name = _("kunci permintaan")
        verbose_name_plural = _("kunci permintaan")

    def __str__(self):
        return f"Kunci {self.pk}"
