"""The person in charge of a place, and every time that contact was shown to somebody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksbb.core.crypto import decrypt
from ksbb.core.privacy import Audience


class ContactPersonQuerySet(models.QuerySet):
    def paused(self, day):
        """Return the persons in charge whose places take no new promises on a date (*cukup dulu*)."""
        return self.filter(paused_until__gte=day)


class ContactPerson(models.Model):
    """*Penanggung jawab* of a place; name and numbers are ciphers, the private link only a hash."""

    location = models.OneToOneField(
        "locations.Location", models.PROTECT, related_name="contact_person", verbose_name=_("lokasi")
    )
    role = models.CharField(_("jabatan"), max_length=60, default="Ketua RW")
    name_cipher = models.BinaryField(_("nama (tersandi)"), blank=True, default=bytes)
    phone_cipher = models.BinaryField(_("WhatsApp (tersandi)"), blank=True, default=bytes)
    email_cipher = models.BinaryField(_("surel (tersandi)"), blank=True, default=bytes)
    link_hash = models.BinaryField(_("sidik tautan pribadi"), max_length=32, unique=True, null=True, blank=True)
    link_generation = models.PositiveSmallIntegerField(_("angkatan tautan"), default=1)
    paused_until = models.DateField(_("cukup dulu sampai"), null=True, blank=True)

    objects = ContactPersonQuerySet.as_manager()
    audience = Audience(
        public="role paused_until",
        staff="id location link_generation",
        secret="name_cipher phone_cipher email_cipher link_hash",
    )

    class Meta:
        verbose_name = _("penanggung jawab")
        verbose_name_plural = _("penanggung jawab")

    def __str__(self):
        return f"{self.role}: {self.location}"

    def paused_on(self, day):
        """Return until when the place takes no new promises, or None when it takes some on this date."""
        return self.paused_until if self.paused_until and self.paused_until >= day else None

    @property
    def name(self):
        return decrypt(self.name_cipher)

    @property
    def phone(self):
        return decrypt(self.phone_cipher)

    @property
    def email(self):
        return decrypt(self.email_cipher)


class Disclosure(models.Model):
    """A place's contact was shown to the donor of a registered promise; append-only."""

    contact = models.ForeignKey(
        ContactPerson, models.PROTECT, related_name="disclosures", verbose_name=_("penanggung jawab"), db_index=True
    )
    commitment = models.ForeignKey(
        "donations.Commitment", models.PROTECT, related_name="disclosures", verbose_name=_("kolaborasi"), db_index=True
    )
    at = models.DateTimeField(_("pada"))

    audience = Audience(staff="id contact commitment at")

    class Meta:
        verbose_name = _("pembukaan kontak")
        verbose_name_plural = _("pembukaan kontak")
        constraints = [models.UniqueConstraint(fields=["contact", "commitment"], name="disclosed_once")]

    def __str__(self):
        return f"{self.contact} → {self.commitment}"
