"""`/cek-kk/`: a family asks what is recorded about it. Nothing about its number is kept, echoed or logged (rule 9)."""

import time
from functools import partial

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from donations import kk
from donations.actions import kk_checks
from donations.demo.samples import samples
from ksbb.core import challenge, floor, throttle
from ksbb.core.crypto import CODE_ALPHABET
from ksbb.core.writers import WRITERS
from ksbb.templatetags.formats import day
from locations.models import Area

ANSWER, CHALLENGE = "{an answer}", "{a challenge}"  # where they stand in the page that is drawn once for everybody
ANSWER_TEMPLATE = "donations/kk_answer.html"
BODY_BYTES = 24 * 1024
FORM = "cek-kk"  # what a challenge is bound to
CHECKS_AN_HOUR = 60  # per address in all; the first KK_LIMIT of them without a proof of work
BUSY, AGAIN = "busy", "again"  # too many checks; a proof of work that does not count (any more)
# No answer leaves sooner, so that its time tells nothing; without a proof of work (no JavaScript) later still.
FLOOR, FLOOR_WITHOUT_PROOF = 0.15, 1.0  # seconds


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


def month(answer):
    """Return the month of what is known about a family, the only date it is told without a code."""
    return format_date(timezone.localtime(answer.at), "F Y") if answer.at else ""


def details(receipt):
    """Return what a receipt's code reveals; never a name, an address or a donor."""
    area = Area(level=receipt.area_level, name=receipt.area_name)
    return [
        (_("Paket"), receipt.package_name),
        (_("Diterima"), day(receipt.received_at)),
        (_("Tempat penyaluran"), f"{receipt.place}, {area.label}"),
        (_("Mitra penyalur"), receipt.aggregator_name or _("Langsung dari pemberi")),
        (_("Nomor tanda terima"), receipt.number),
    ]


# Under "no-referrer" browsers send `Origin: null`, which the CSRF check refuses. Nothing here acts for the visitor, but
# a page elsewhere could have each of its readers ask, and so spend the city's budget of misses: browsers tell of it.
@csrf_exempt
@sensitive_post_parameters("kk", "kode")
@require_http_methods(["GET", "HEAD", "POST"])
def kk_check(request):
    """Show the form; answer a number, with or without the code of a receipt."""
    request.GET = QueryDict()  # a number in the address is not looked at, and not repeated in the page's links
    if request.method != "POST":
        return _page(request, KkForm())
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise PermissionDenied
    form = KkForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    return _answered(request, form, timezone.now())


def _answered(request, form, now):
    proof = request.POST.get("bukti", "")
    with WRITERS:  # so that under a crowd, too, the floor is longer than the work
        began = time.monotonic()
        if refusal := _refusal(request, proof, now):
            # At once: it tells nothing of any number.
            return _page(request, form, kk_checks.Answer(refusal), status=429)
        answer = kk_checks.check(number=form.cleaned_data["kk"], code=form.cleaned_data["kode"], now=now)
        page = _page(request, form, answer)
    floor.wait(began + (FLOOR if proof else FLOOR_WITHOUT_PROOF))
    return page


def _refusal(request, proof, now):
    """Count this check of the visitor's hour: the first are free, more need a proof of work, then none is answered.

    Returns why it is not answered, or None. KK_LIMIT=0 lifts the count.
    """
    if not settings.KK_LIMIT:
        return None
    visitor = throttle.visitor_of(request)
    count = throttle.hit("kk", visitor, now)
    if count <= settings.KK_LIMIT or (count <= CHECKS_AN_HOUR and challenge.is_solved(FORM, proof, now)):
        return None
    return AGAIN if proof and count <= CHECKS_AN_HOUR else BUSY


def _page(request, form, answer=None, status=200):
    now = timezone.now()
    answered = _answer_section(answer, now) if answer else ""
    page = _around(request, form, bool(answer)).replace(ANSWER, answered)
    return sealed(HttpResponse(page.replace(CHALLENGE, escape(challenge.issue(FORM, now))), status=status))


def _answer_section(answer, now):
    """Return an answer as HTML. Those that tell no details are few, the same for many families, and drawn once."""
    context = {"answer": answer, "month": month(answer), "today": day(now)}
    if answer.receipt:
        return render_to_string(ANSWER_TEMPLATE, {**context, "details": details(answer.receipt)})
    key = f"kk-answer-{answer.state}-{slugify(answer.program)}-{slugify(context['month'])}-{slugify(context['today'])}"
    return cache.get_or_set(key, partial(render_to_string, ANSWER_TEMPLATE, context))


def _around(request, form, is_answered):
    """Return the page around an answer: drawn once for everybody, unless something is wrong with what was typed."""
    context = {
        "form": form,
        "answer": mark_safe(ANSWER) if is_answered else "",
        "challenge": CHALLENGE,
        "samples": samples() if settings.DEMO else (),
    }
    draw = partial(render_to_string, "donations/kk_check.html", context, request)
    return draw() if form.errors else cache.get_or_set(f"kk-check-{is_answered}", draw)


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
