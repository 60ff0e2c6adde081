"""A complaint, what was done about it, and the table of states it moves through."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ksbb.core.privacy import Audience
from locations.models import Location, Verification, VerificationLevel

from .commitment import CommitmentLine


class ComplaintCategory(models.TextChoices):
    """The eight of the national complaint desk of 2020 (its counts: docs/operations.md)."""

    NOT_RECEIVED = "tidak-menerima", _("Tercatat, tetapi tidak menerima")
    NOT_HANDED_OUT = "tidak-dibagikan", _("Bantuan tidak dibagikan oleh petugas")
    TOO_LITTLE = "kurang", _("Menerima kurang dari seharusnya")
    FICTITIOUS = "fiktif", _("Penerimanya tidak ada (fiktif)")
    TWICE = "ganda", _("Ada yang menerima lebih dari sekali")
    POOR_QUALITY = "mutu", _("Mutunya buruk")
    NOT_ENTITLED = "tidak-layak", _("Ada yang menerima padahal tidak seharusnya")
    OTHER = "lain", _("Hal lain, misalnya angka atau data yang keliru")


class ComplaintState(models.TextChoices):
    SUBMITTED = "masuk", _("Masuk, menunggu dibaca")
    TAKEN = "ditangani", _("Sedang ditangani")
    ANSWERED = "dijawab", _("Sudah dijawab")
    REOPENED = "dibuka-lagi", _("Dibuka lagi")
    CLOSED = "ditutup", _("Ditutup")


S = ComplaintState

# (state, what happens) → the next state. Nothing else ever moves a complaint; docs/complaint-states.md is drawn from
# this table.
COMPLAINT_TRANSITIONS = {
    (S.SUBMITTED, "take"): S.TAKEN,
    (S.SUBMITTED, "close"): S.CLOSED,
    (S.TAKEN, "take"): S.TAKEN,
    (S.TAKEN, "answer"): S.ANSWERED,
    (S.TAKEN, "close"): S.CLOSED,
    (S.ANSWERED, "reopen"): S.REOPENED,
    (S.ANSWERED, "close"): S.CLOSED,
    (S.REOPENED, "take"): S.TAKEN,
    (S.REOPENED, "close"): S.CLOSED,
    (S.CLOSED, "reopen"): S.REOPENED,
}
WAITING = (S.SUBMITTED, S.REOPENED)
OPEN = (*WAITING, S.TAKEN)
DONE = (S.ANSWERED, S.CLOSED)

LOCAL_LEVELS = (VerificationLevel.VILLAGE, VerificationLevel.DISTRICT)


class ComplaintQuerySet(models.QuerySet):
    def open(self):
        """Return the complaints that wait for an answer."""
        return self.filter(state__in=OPEN)

    def waiting(self):
        """Return the complaints that nobody has taken yet."""
        return self.filter(state__in=WAITING)

    def overdue(self, today):
        """Return the open complaints whose seven working days are over."""
        return self.open().filter(due_on__lt=today)

    def to_close(self, now):
        """Return the answered complaints that can no longer be reopened."""
        return self.filter(state=S.ANSWERED, reopen_until__lte=now)

    def not_about(self, user):
        """Leave out the complaints about an office of `user`.

        An office is an aggregator (its officers), or the kelurahan and kecamatan that vouch for a place (whoever
        proposed it, or checked it at one of these levels). A complaint is about an office when the collaboration it
        names, or a collaboration at the place it names, is carried out by that aggregator, or when the place it names,
        or a place of the collaboration it names, is one that the office vouches for; and when the page it was sent from
        is that aggregator's or that area's.
        """
        vouched = Location.objects.filter(
            Q(created_by=user)
            | Q(pk__in=Verification.objects.filter(by=user, level__in=LOCAL_LEVELS).values("location"))
        )
        lines = CommitmentLine.objects
        about = (
            Q(commitment__aggregator__in=user.aggregators.all())
            | Q(location__in=vouched)
            | Exists(lines.filter(commitment=OuterRef("commitment"), need__location__in=vouched))
            | Exists(
                lines.filter(need__location=OuterRef("location"), commitment__aggregator__in=user.aggregators.all())
            )
        )
        for page in pages_of_offices(user):
            about |= Q(page__startswith=page)
        return self.exclude(pk__in=self.model.objects.filter(about).values("pk"))


def pages_of_offices(user):
    """Return the addresses of the pages about the aggregators that a user works for, and the areas she checks in."""
    partners = user.aggregators.values_list("collaborator__slug", flat=True)
    checked = Verification.objects.filter(by=user).order_by()
    villages = checked.filter(level__in=LOCAL_LEVELS).values_list("location__area", flat=True).distinct()
    districts = (
        checked.filter(level=VerificationLevel.DISTRICT).values_list("location__area__parent", flat=True).distinct()
    )
    with override("id"):
        pages = [reverse("collaborator", args=[slug]) for slug in partners]
        return pages + [reverse("area", args=[code]) for code in [*villages, *districts]]


class Complaint(models.Model):
    """Somebody says that something went wrong. Text and contact are for staff; the tracking code is only a hash."""

    number = models.CharField(_("nomor"), max_length=16, unique=True)
    code_hash = models.BinaryField(_("sidik kode pelacakan"), max_length=32, unique=True)
    category = models.CharField(_("jenis"), max_length=16, choices=ComplaintCategory)
    location = models.ForeignKey(
        "locations.Location", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tentang tempat")
    )
    commitment = models.ForeignKey(
        "donations.Commitment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tentang kolaborasi"),
    )
    page = models.CharField(_("tentang halaman"), max_length=300, blank=True)
    figure = models.CharField(_("angka atau bagian yang dimaksud"), max_length=120, blank=True)
    text = models.TextField(_("isi pengaduan"))
    contact_cipher = models.BinaryField(_("kontak (tersandi)"), blank=True, default=bytes)
    contact_channel = models.CharField(_("saluran kontak"), max_length=10, blank=True)
    state = models.CharField(_("status"), max_length=12, choices=S, default=S.SUBMITTED, db_index=True)
    submitted_at = models.DateTimeField(_("masuk pada"))
    due_on = models.DateField(_("batas jawab"), db_index=True)
    answered_at = models.DateTimeField(_("pertama dijawab pada"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("hari kerja sampai jawaban pertama"), null=True, blank=True)
    reopen_until = models.DateTimeField(_("dapat dibuka lagi sampai"), null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditangani oleh"),
    )
    version = models.PositiveIntegerField(_("versi"), default=1)

    objects = ComplaintQuerySet.as_manager()
    audience = Audience(
        public="category state submitted_at due_on answered_at answer_days",
        staff="id number location commitment page figure text contact_channel reopen_until taken_by version",
        secret="code_hash contact_cipher",
    )

    class Meta:
        verbose_name = _("pengaduan")
        verbose_name_plural = _("pengaduan")

    def __str__(self):
        return self.number

    def can(self, action):
        """Tell whether `action` may happen to a complaint in this state."""
        return (self.state, action) in COMPLAINT_TRANSITIONS

    def can_reopen(self, now):
        """Tell whether the person who complained may still say that the answer does not help."""
        return self.can("reopen") and bool(self.reopen_until) and now < self.reopen_until

    def is_overdue(self, today):
        return self.state in OPEN and self.due_on < today


class ComplaintEvent(models.Model):
    """One step of a complaint, with the words that came with it: an answer, or why it was reopened or closed."""

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="events", verbose_name=_("pengaduan"), db_index=True
    )
    state = models.CharField(_("status sesudahnya"), max_length=12, choices=S)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("oleh")
    )
    text = models.TextField(_("isi"), blank=True)

    audience = Audience(staff="id complaint state at by text")

    class Meta:
        verbose_name = _("langkah pengaduan")
        verbose_name_plural = _("langkah pengaduan")

    def __str__(self):
        return f"{self.complaint}: {self.get_state_display()}"
