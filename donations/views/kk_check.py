"""`/cek-kk/`: a family asks what is recorded about it. Nothing about its number is kept, echoed or logged (rule 9)."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from donations import kk
from donations.actions.households import code_hash
from donations.demo.samples import samples
from donations.models.household import Household, HouseholdReceipt
from ksbb.core import throttle
from ksbb.core.crypto import CODE_ALPHABET
from ksbb.templatetags.formats import day

BODY_BYTES = 24 * 1024
UNKNOWN, RECORDED, DELIVERED, DETAILS, MISMATCH, BUSY = (
    "unknown",
    "recorded",
    "delivered",
    "details",
    "mismatch",
    "busy",
)


class Unechoed(forms.TextInput):
    """A text box that never prints what was typed back into the page."""

    def get_context(self, name, value, attrs):
        return super().get_context(name, None, attrs)


class KkForm(forms.Form):
    kk = forms.CharField(
        label=gettext_lazy("Nomor KK"),
        help_text=gettext_lazy("16 angka di bagian atas Kartu Keluarga. Spasi atau tanda hubung boleh."),
        max_length=60,
        widget=Unechoed(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 22}),
        error_messages={
            "required": gettext_lazy("Isi 16 angka nomor KK."),
            "max_length": gettext_lazy("Nomor ini terlalu panjang. Isi 16 angka nomor KK."),
        },
    )
    kode = forms.CharField(
        label=gettext_lazy("Kode pada tanda terima"),
        help_text=gettext_lazy("8 huruf dan angka. Dengan kode ini Anda melihat paket, tanggal, dan tempatnya."),
        required=False,
        max_length=20,
        widget=Unechoed(attrs={"autocomplete": "off", "autocapitalize": "characters", "size": 12}),
        error_messages={"max_length": gettext_lazy("Kode ini terlalu panjang. Kode terdiri dari 8 huruf dan angka.")},
    )

    @sensitive_variables()
    def clean_kk(self):
        number = kk.normalise(self.cleaned_data["kk"])
        if number is None:
            raise forms.ValidationError(_("Nomor KK terdiri dari 16 angka. Periksa lagi pada Kartu Keluarga Anda."))
        return number

    @sensitive_variables()
    def clean_kode(self):
        code = "".join(self.cleaned_data["kode"].split()).replace("-", "").upper()
        if code and (len(code) != 8 or set(code) - set(CODE_ALPHABET)):
            raise forms.ValidationError(
                _("Kode terdiri dari 8 huruf dan angka, tanpa huruf I dan O, tanpa angka 0 dan 1.")
            )
        return code


@dataclass(frozen=True)
class Answer:
    """What the page says: a coarse `state`; programme and month when known; the receipt when the code fits."""

    state: str
    program: str = ""
    at: datetime | None = None
    receipt: HouseholdReceipt | None = None

    @property
    def month(self):
        return format_date(timezone.localtime(self.at), "F Y") if self.at else ""

    def details(self):
        """Return what a receipt's code reveals; never a name, an address or a donor."""
        delivery = self.receipt.delivery
        aggregator = delivery.commitment.aggregator
        return [
            (_("Paket"), self.receipt.package.name),
            (_("Diterima"), day(self.at)),
            (_("Tempat penyaluran"), f"{delivery.location.name}, {delivery.location.area.label}"),
            (_("Mitra penyalur"), aggregator.collaborator.name if aggregator else _("Langsung dari pemberi")),
            (_("Nomor tanda terima"), self.receipt.number),
        ]


# Under "no-referrer" browsers send `Origin: null`, which the CSRF check refuses; nothing here acts for the visitor.
@csrf_exempt
@sensitive_post_parameters("kk", "kode")
@require_http_methods(["GET", "HEAD", "POST"])
def kk_check(request):
    """Show the form; answer a number, with or without the code of a receipt."""
    form = KkForm(request.POST or None) if request.method == "POST" else KkForm()
    answer, status = None, 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        now = timezone.now()
        busy = _is_throttled(request, now)
        answer = Answer(BUSY) if busy else look_up(form.cleaned_data["kk"], form.cleaned_data["kode"])
        status = 429 if busy else 200
    context = {
        "form": form,
        "answer": answer,
        "details": answer.details() if answer and answer.receipt else (),
        "samples": samples() if settings.DEMO else (),
    }
    return sealed(render(request, "donations/kk_check.html", context, status=status))


def _is_throttled(request, now):
    """Count this check; tell whether the visitor's free checks of this hour are used up. KK_LIMIT=0 lifts it."""
    if not settings.KK_LIMIT:
        return False
    visitor = throttle.address_group(throttle.client_address(request))
    return throttle.hit("kk", visitor, now) > settings.KK_LIMIT


@sensitive_variables()
def look_up(number, code):
    """Return the Answer for a normalised KK number and a receipt's code ("" for none).

    The same two statements run whatever the outcome: one for the fingerprints of all live keys, one for receipts.
    """
    receipts = HouseholdReceipt.objects.select_related(
        "package__program", "delivery__location__area", "delivery__commitment__aggregator__collaborator"
    ).order_by("-received_at", "-pk")
    household = (
        Household.objects.filter(fingerprint__in=kk.layers(number, settings.KK_KEYS)).select_related("program").first()
    )
    found = list(receipts.filter(household_id=household.pk if household else 0))
    return _with_code(found, code) if code else _coarse(household, found)


def _coarse(household, receipts):
    if receipts:
        return Answer(DELIVERED, receipts[0].package.program.name, receipts[0].received_at)
    if household:
        return Answer(RECORDED, household.program.name, household.registered_at)
    return Answer(UNKNOWN)


def _with_code(receipts, code):
    wanted = code_hash(code)
    fitting = [receipt for receipt in receipts if hmac.compare_digest(bytes(receipt.code_hash), wanted)]
    if not fitting:
        return Answer(MISMATCH)
    receipt = fitting[0]
    return Answer(DETAILS, receipt.package.program.name, receipt.received_at, receipt)


def sealed(page):
    """Give every answer one body length and one header set, and keep it out of caches, histories and search engines.

    Retry-After stands in all of them, because a header that only a refusal carries would tell it apart by size.
    """
    page.content += b" " * (-len(page.content) % BODY_BYTES)
    page["Cache-Control"] = "no-store, private, no-transform"
    page["Referrer-Policy"] = "no-referrer"
    page["X-Robots-Tag"] = "noindex"
    page["Retry-After"] = f"{throttle.seconds_to_next_hour():04d}"
    return page
