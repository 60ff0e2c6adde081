"""`/pengaduan/`: say that something went wrong; and the page behind a complaint's code, with its answer."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from donations import figures
from donations.actions import complaints as actions
from donations.actions.addresses import complaint_code
from donations.actions.ledger import wib_day
from donations.errors import KeyReused, Refused
from donations.forms.complaint import ComplaintForm, ReopenForm, SubjectForm, TrackForm
from donations.forms.inputs import refuse
from donations.models import Complaint, ComplaintState
from donations.models.complaint import DONE, OPEN
from ksbb.core import throttle
from ksbb.core.privacy import mask

from .privately import behind, private_page

MOST_AN_HOUR = 10


@never_cache
@sensitive_post_parameters("text", "contact", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def complaints(request):
    asked = SubjectForm(request.GET)
    asked.is_valid()
    if request.method != "POST":
        wished = {"category": asked.cleaned_data.get("kategori"), "figure": asked.cleaned_data.get("angka")}
        return _show(request, asked, ComplaintForm(initial=wished), status=400 if asked.errors else 200)
    if request.POST.get("act") == "track":
        return _track(request, asked)
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _show(request, asked, form, status=400)
    return _submit(request, asked, form, timezone.now())


def _track(request, asked):
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _show(request, asked, ComplaintForm(), track_form=form, status=400)
    return redirect("complaint", form.cleaned_data["code"])


def _submit(request, asked, form, now):
    data, subject = form.cleaned_data, asked.subject()
    if _is_busy(request, now):
        return _busy(_show(request, asked, form, busy=True, status=429), now)
    subject = actions.Subject(subject.location or data["place"], subject.commitment, subject.page, data["figure"])
    content = {name: data[name] for name in ("number", "category", "text", "contact")}
    try:
        complaint = actions.submit(subject=subject, now=now, **content)
    except Refused as refusal:
        if isinstance(refusal, KeyReused):
            form.data = {**form.data.dict(), "number": ComplaintForm()["number"].value()}
        form.refuse(refusal)
        return _show(request, asked, form, status=422 if isinstance(refusal, KeyReused) else 400)
    masked = any(mask(data[name]) != data[name] for name in ("text", "figure"))
    query = urlencode({"baru": "ya", **({"disamarkan": "ya"} if masked else {})})
    return redirect(f"{reverse('complaint', args=[complaint_code(complaint)])}?{query}")


def _is_busy(request, now):
    """Count one complaint (or reopening) of this visitor in the running hour; tell whether that is too many."""
    visitor = throttle.visitor_of(request)
    return throttle.hit("complaint", visitor, now) > MOST_AN_HOUR


def _busy(response, now):
    response["Retry-After"] = str(throttle.seconds_to_next_hour(now))
    return response


def _show(request, asked, form, *, track_form=None, busy=False, status=200):
    today = wib_day(timezone.now())
    context = {
        "asked": asked,
        "subject": asked.subject(),
        "form": form,
        "track_form": track_form or TrackForm(),
        "busy": busy,
        "due": actions.due_day(today),
        "complaints": figures.complaints(today),
    }
    return render(request, "donations/complaints.html", context, status=status)


# --- One complaint ----------------------------------------------------------------------------------------------------
@private_page
@sensitive_post_parameters("reason")
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request, secret):
    found = behind(secret, Complaint.objects.select_related("location", "commitment"), field="code_hash")
    if found is None:
        return unknown_code(request)
    now = timezone.now()
    asked = request.method == "POST"
    form = ReopenForm(request.POST if asked else None)
    status = _reopen(request, found, form, now) if asked else 200
    if status == 302:
        return redirect("complaint", secret)
    context = {
        "complaint": found,
        "code": secret,
        "form": form,
        "steps": _steps(found),
        "answers": [event for event in found.events.order_by("pk") if event.text and event.state in DONE],
        "can_reopen": found.can_reopen(now),
        "is_open": found.state in OPEN,
        "is_overdue": found.is_overdue(wib_day(now)),
        "is_new": request.GET.get("baru") == "ya" and found.state == ComplaintState.SUBMITTED,
        "is_masked": request.GET.get("disamarkan") == "ya",
    }
    response = render(request, "donations/complaint.html", context, status=status)
    return _busy(response, now) if status == 429 else response


def _reopen(request, found, form, now):
    """Reopen a complaint as its page asks; return the status of the answer, 302 when it is done."""
    if not form.is_valid():
        return 400
    if _is_busy(request, now):
        refuse(form, Refused(_("Dari jaringan ini sudah banyak pengaduan dalam satu jam. Coba lagi nanti.")))
        return 429
    try:
        actions.reopen(complaint=found, reason=form.cleaned_data["reason"], now=now)
    except Refused as refusal:
        refuse(form, refusal)
        return 409
    return 302


def unknown_code(request):
    """Answer a code that leads to no complaint."""
    return render(request, "donations/complaint_unknown.html", status=404)


def _steps(found):
    """Return the way of a complaint as the steps of a timeline; what staff write stands beside it, not in it."""
    steps = [{"label": _("Masuk"), "state": "done", "at": found.submitted_at, "note": ""}]
    for event in found.events.order_by("pk"):
        again = event.state == ComplaintState.TAKEN and steps[-1]["label"] == event.get_state_display()
        if not again:
            steps.append({"label": event.get_state_display(), "state": "done", "at": event.at, "note": ""})
    if found.state in DONE:
        return steps
    steps.append(
        {"label": _("Jawaban"), "state": "current", "at": found.due_on, "note": _("paling lambat tanggal ini")}
    )
    return steps
