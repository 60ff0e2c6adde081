"""The forms of a complaint: what it is about (from the address), what happened, and why it is reopened."""

from urllib.parse import unquote, urlsplit

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from donations.actions.complaints import LONGEST_TEXT, Subject, new_number
from donations.actions.givers import normalise_contact
from donations.errors import Refused
from donations.models import Commitment, ComplaintCategory
from ksbb.core.crypto import CODE_ALPHABET
from ksbb.core.language import is_english, twin_path
from locations.filters import LONGEST_SEARCH, area_code
from locations.models import Location
from locations.suggestions import box, suggestions

from .inputs import refuse
from .reply import CODE, normalise_code

NOT_PAGES = ("/admin/", "/api/", "/data/", "/foto/", "/demo/")
_signer = signing.Signer(salt="complaint-number")


def own_page(address):
    """Return (address, match) of a public page of ours, in Indonesian and with its query; ValidationError for others.

    Private pages are none: their address is a secret. The address returned is the one that we give the page ourselves,
    however it was spelt: it tells whose page it is.
    """
    plain = address.startswith("/") and not address.startswith("//") and address.isprintable() and "\\" not in address
    parts = urlsplit(address if plain else "")
    path = unquote(parts.path)
    path = twin_path(path) if is_english(path) else path
    try:
        with override("id"):
            match = resolve(path) if path.endswith("/") and not path.startswith(NOT_PAGES) else None
            path = _spelt(match) if match else path
    except (Resolver404, NoReverseMatch):
        match = None
    if match is None or "secret" in match.kwargs:
        raise ValidationError(_("Halaman itu bukan halaman KSBB. Ceritakan di bawah apa yang Anda maksud."))
    return path + (f"?{parts.query}" if parts.query else ""), match


def _spelt(match):
    keys = match.kwargs
    return reverse(
        match.url_name, kwargs={**keys, "code": area_code(keys["code"])} if match.url_name == "area" else keys
    )


def public_place(code):
    """Return the public place of a code, or None."""
    return Location.objects.public().select_related("area").filter(code=code).first()


def _commitment(code):
    return Commitment.objects.filter(code=normalise_code(code)).first()


class SubjectForm(forms.Form):
    """What the address says: `lokasi`, `kolaborasi`, `halaman` with its `angka`, and a `kategori` to start with."""

    lokasi = forms.CharField(label=gettext_lazy("Tempat"), max_length=80, required=False)
    kolaborasi = forms.CharField(label=gettext_lazy("Kode kolaborasi"), max_length=40, required=False)
    halaman = forms.CharField(label=gettext_lazy("Halaman"), max_length=300, required=False)
    angka = forms.CharField(label=gettext_lazy("Angka"), max_length=120, required=False)
    kategori = forms.ChoiceField(
        label=gettext_lazy("Jenis"), choices=[("", ""), *ComplaintCategory.choices], required=False
    )

    def clean(self):
        """Put places and collaborations in the place of their codes; a code that leads nowhere is said."""
        data = super().clean()
        for name, known in {"lokasi": public_place, "kolaborasi": _commitment}.items():
            code = data.get(name)
            data[name] = known(code) if code else None
            if code and data[name] is None:
                self.add_error(name, _("Kode ini tidak kami temukan. Ceritakan di bawah apa yang Anda maksud."))
        return data

    def clean_halaman(self):
        address = self.cleaned_data["halaman"]
        return own_page(address) if address else ("", None)

    def subject(self):
        """Return the Subject; what the address got wrong is left out. A place's or a collaboration's page means it."""
        data = self.cleaned_data if self.is_bound else {}
        page, match = data.get("halaman") or ("", None)
        place, made = data.get("lokasi"), data.get("kolaborasi")
        code = match.kwargs.get("code", "") if match else ""
        if match and match.url_name == "location":
            place = place or public_place(code)
        if match and match.url_name == "collaboration":
            made = made or _commitment(code)
        return Subject(place, made, page)


class ComplaintForm(forms.Form):
    """The number is made and signed by the server, so that a double click makes one complaint."""

    place = forms.CharField(
        label=gettext_lazy("Tentang tempat mana?"),
        help_text=gettext_lazy("Nama atau kode tempatnya, misalnya RW 03 Ragunan."),
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Yang mana paling mendekati?"),
        choices=ComplaintCategory,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih yang paling mendekati."),
            "invalid_choice": gettext_lazy("Pilih yang paling mendekati."),
        },
    )
    figure = forms.CharField(
        label=gettext_lazy("Angka atau bagian yang mana"),
        max_length=120,
        required=False,
        error_messages={"max_length": gettext_lazy("Tulis paling banyak %(limit_value)d huruf.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Apa yang terjadi?"),
        help_text=gettext_lazy(
            "Kapan, di mana, dan apa yang seharusnya. Jangan tulis nomor KK atau NIK; kalau tertulis, kami samarkan."
        ),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": gettext_lazy("Tulis apa yang terjadi."),
            "max_length": gettext_lazy("Tulis paling banyak 2.000 huruf. Sekarang %(show_value)d."),
        },
    )
    contact = forms.CharField(
        label=gettext_lazy("Surel atau nomor WhatsApp"),
        help_text=gettext_lazy("Hanya untuk mengabari Anda. Tanpa kontak pun pengaduan Anda dijawab lewat kodenya."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )
    number = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"number": _signer.sign(new_number()), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs |= box()

    def clean_place(self):
        """Return the public place that is meant, or None. Of several that fit, one is chosen from a list."""
        text = self.cleaned_data["place"]
        if not text:
            return None
        if place := public_place(text.split()[-1]):  # a suggestion puts the code behind the name
            return place
        found = [row for row in suggestions([text]) if row["kind"] == "lokasi"]
        if len(found) == 1:
            return public_place(found[0]["code"])
        if not found:
            raise ValidationError(_("Tempat ini tidak kami temukan. Tulis nama lain, atau kosongkan saja."))
        choices = [(row["code"], f"{row['name']} ({row['about']})") for row in found]
        self.fields["place"].widget = forms.RadioSelect(choices=[*choices, ("", _("Bukan salah satunya"))])
        raise ValidationError(_("Ada beberapa tempat yang cocok. Pilih yang Anda maksud."))

    def clean_number(self):
        try:
            return _signer.unsign(self.cleaned_data["number"])
        except signing.BadSignature:
            return new_number()

    def clean_contact(self):
        contact = self.cleaned_data["contact"]
        try:
            return normalise_contact(contact)[1] if contact else ""
        except Refused as refusal:
            raise ValidationError(refusal.message) from None

    def refuse(self, refusal):
        """Show a rule's refusal beside its field."""
        refuse(self, refusal)


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Mengapa jawabannya belum cukup?"),
        help_text=gettext_lazy("Jangan tulis nomor KK atau NIK."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Tulis apa yang belum beres.")},
    )


class TrackForm(forms.Form):
    """The secret code of a complaint; it is sent by POST, so that it stands in no list of searches."""

    code = forms.CharField(
        label=gettext_lazy("Kode pengaduan"),
        help_text=gettext_lazy("16 huruf dan angka, contoh 7F3K-Q2MD-9XPA-L4TT."),
        max_length=40,
        widget=CODE,
        error_messages={"required": gettext_lazy("Isi kode pengaduan Anda.")},
    )

    def clean_code(self):
        code = complaint_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(_("Kode terdiri dari 16 huruf dan angka, tanpa huruf I dan O, tanpa angka 0 dan 1."))
        return code


def complaint_code(text):
    """Return a complaint's code as it is stored, however it was typed, or "" when it cannot be one."""
    plain = "".join(char for char in text.upper() if char.isalnum())
    if len(plain) != 16 or set(plain) - set(CODE_ALPHABET):
        return ""
    return "-".join(plain[start : start + 4] for start in range(0, 16, 4))
