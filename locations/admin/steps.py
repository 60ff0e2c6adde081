"""The forms and steps of places and needs."""

from django import forms
from django.core import signing
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from donations.actions import contacts, needs, places
from donations.actions.givers import normalise_contact
from donations.errors import Refused
from ksbb.admin_steps import SALT, ReasonForm, Step, StepForm, difference
from locations.models import Location, VerificationLevel
from programs.models import NeedPeriod, PackageType

STALE = _("Lokasi ini baru saja diubah orang lain. Muat ulang halaman, lalu ulangi perubahan Anda.")


class LocationForm(forms.ModelForm):
    """A place as its editors know it. `seen` is the signed version and values that the form was opened with."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Location
        fields = (
            "kind name area rw address latitude longitude precision agreed_exact vulnerable_families people note "
            "register register_id document document_item"
        ).split()
        widgets = {
            "longitude": forms.NumberInput(attrs={"step": "0.00001", "data-point": "longitude"}),
            "latitude": forms.NumberInput(attrs={"step": "0.00001", "data-point": "latitude"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["seen"] = signing.dumps([self.instance.version, values_of(self.instance)], salt=SALT)

    def clean(self):
        data = super().clean()
        if self.instance.pk:
            self._check_seen()
        return data

    def _check_seen(self):
        try:
            self.seen_version, before = signing.loads(self.cleaned_data.get("seen") or "", salt=SALT)
        except signing.BadSignature:
            self.add_error(None, STALE)
            return
        stored = Location.objects.select_related("kind", "area").get(pk=self.instance.pk)
        if stored.version != self.seen_version:
            self.add_error(None, f"{STALE} {difference(before, values_of(stored))}".strip())


def values_of(location):
    """Return {label: text} of a place's editable fields."""
    fields = [location._meta.get_field(name) for name in LocationForm.Meta.fields]
    return {str(capfirst(field.verbose_name)): str(getattr(location, field.name) or "–") for field in fields}


class VerifyForm(StepForm):
    level = forms.ChoiceField(label=_("Tingkat pemeriksaan"))
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        levels = [choice for choice in VerificationLevel.choices if choice[0] != VerificationLevel.PROPOSED]
        if not self.user.has_perm("locations.change_location"):
            levels = [choice for choice in levels if choice[0] != VerificationLevel.TASK_FORCE]
        self.fields["level"].choices = levels


class ContactForm(StepForm):
    name = forms.CharField(label=_("Nama"), max_length=120)
    role = forms.CharField(label=_("Jabatan"), max_length=60, initial="Ketua RW")
    phone = forms.CharField(label=_("Nomor WhatsApp"), max_length=20, required=False)
    email = forms.EmailField(label=_("Surel"), required=False)

    def clean_phone(self):
        """Return the number as WhatsApp wants it: digits with the country's code."""
        try:
            return self.cleaned_data["phone"] and normalise_contact(self.cleaned_data["phone"])[1]
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def clean(self):
        data = super().clean()
        if not data.get("phone") and not data.get("email") and not self.errors:
            self.add_error("phone", _("Isi nomor WhatsApp atau surel."))
        return data


class NeedForm(StepForm):
    package = forms.ModelChoiceField(PackageType.objects.none(), label=_("Jenis paket"))
    period = forms.ModelChoiceField(NeedPeriod.objects.none(), label=_("Periode"))
    quantity = forms.IntegerField(label=_("Jumlah yang dibutuhkan"), min_value=1, max_value=1_000_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        running = PackageType.objects.filter(program__status="berjalan")
        self.fields["package"].queryset = running.order_by("program__position", "position")
        self.fields["period"].queryset = NeedPeriod.objects.open().newest_first()


class ChangeNeedForm(ReasonForm):
    quantity = forms.IntegerField(label=_("Dibutuhkan menjadi"), min_value=0, max_value=1_000_000)

    field_order = ("quantity", "reason")


def verify(row, data, *, by, now):
    places.verify(location=row, level=data["level"], note=data["note"], now=now, by=by)


def set_contact(row, data, *, by, now):
    contact = places.set_contact(location=row, now=now, by=by, **data)
    return contacts.details(contact=contact, now=now, by=by)


def show(published):
    return lambda row, data, *, by, now: places.publish(location=row, published=published, now=now, by=by)


def prioritise(is_priority):
    return lambda row, data, *, by, now: places.mark_priority(location=row, is_priority=is_priority, now=now, by=by)


EDIT = "locations.change_location"
PLACE_STEPS = (
    Step(
        "periksa",
        _("Catat pemeriksaan"),
        "locations.add_verification",
        verify,
        form=VerifyForm,
        hint=_("Yang mengusulkan atau memeriksa di tingkat sebelumnya tidak boleh memeriksa lagi."),
    ),
    Step("tampilkan", _("Tampilkan di publik"), EDIT, show(True), possible=lambda row: not row.published, bulk=True),
    Step(
        "sembunyikan",
        _("Sembunyikan dari publik"),
        EDIT,
        show(False),
        possible=lambda row: row.published,
        bulk=True,
        danger=True,
    ),
    Step(
        "prioritaskan",
        _("Jadikan prioritas"),
        EDIT,
        prioritise(True),
        possible=lambda row: not row.is_priority,
        bulk=True,
    ),
    Step(
        "cabut-prioritas",
        _("Cabut prioritas"),
        EDIT,
        prioritise(False),
        possible=lambda row: row.is_priority,
        bulk=True,
    ),
    Step(
        "penanggung-jawab",
        _("Tetapkan penanggung jawab"),
        "donations.change_contactperson",
        set_contact,
        form=ContactForm,
        hint=_("Tautan pribadi yang lama tidak berlaku lagi."),
    ),
    Step(
        "kebutuhan",
        _("Umumkan kebutuhan"),
        "locations.add_need",
        lambda row, data, *, by, now: needs.publish_need(location=row, now=now, by=by, **data),
        form=NeedForm,
        hint=_("Kebutuhan yang sudah ada untuk paket dan periode yang sama akan bertambah."),
    ),
)
NEED_STEPS = (
    Step(
        "ubah",
        _("Ubah jumlah kebutuhan"),
        "locations.change_need",
        lambda row, data, *, by, now: needs.change_need(need=row, now=now, by=by, **data),
        form=ChangeNeedForm,
        possible=lambda row: row.period.is_open,
    ),
)
