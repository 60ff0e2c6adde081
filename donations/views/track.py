"""`/lacak/`: see where a collaboration stands by its code, and have the private link sent anew."""

import time

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from donations.actions import links
from donations.actions.addresses import whatsapp_url
from donations.forms.complaint import complaint_code
from donations.forms.reply import CodeForm, LinkForm
from donations.models import Commitment
from donations.steps import steps_of
from ksbb.core import floor, throttle

MOST_REQUESTS = 10
FLOOR = 0.25  # seconds: no answer leaves sooner, so that its time does not tell whether a mail was written


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request):
    if request.method == "POST":
        return _send_again(request)
    if secret := complaint_code(request.GET.get("kode", "")):
        return redirect("complaint", secret)
    form = CodeForm(request.GET if "kode" in request.GET else None)
    if not form.is_bound or not form.is_valid():
        return _show(request, form, status=400 if form.is_bound else 200)
    found = Commitment.objects.filter(code=form.cleaned_data["kode"]).select_related("program").first()
    return _show(request, form, found=found, missing=found is None, status=404 if found is None else 200)


def _send_again(request):
    """Answer alike, and not sooner, whatever the code and contact are; only that mailbox sees a difference."""
    began = time.monotonic()
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _show(request, CodeForm(), link_form=form, status=400)
    now = timezone.now()
    if throttle.hit("link", throttle.visitor_of(request), now) > MOST_REQUESTS:
        response = _show(request, CodeForm(), link_form=form, busy=True, status=429)
        response["Retry-After"] = str(throttle.seconds_to_next_hour(now))
        return response
    links.send_again(code=form.cleaned_data["code"], contact=form.cleaned_data["contact"], now=now)
    floor.wait(began + FLOOR)
    return redirect(f"{reverse('track')}?dikirim=ya")


def _show(request, form, *, found=None, missing=False, link_form=None, busy=False, status=200):
    context = {
        "form": form,
        "link_form": link_form or LinkForm(),
        "found": found,
        "steps": steps_of(found) if found else [],
        "missing": missing,
        "busy": busy,
        "sent": request.GET.get("dikirim") == "ya",
        "whatsapp": whatsapp_url(settings.WHATSAPP_NUMBER, "KSBB"),
    }
    return render(request, "donations/track.html", context, status=status)
