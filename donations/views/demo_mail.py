"""`/demo/surel/`: on the demo nothing is mailed; each browser sees here what it caused."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ksbb.core import demo, outbox

from .privately import private_page


@private_page
@require_safe
def demo_mail(request):
    if not settings.DEMO:
        raise Http404
    here = request.build_absolute_uri("/").rstrip("/")
    mails = outbox.shown_to(demo.visitor_of(request))
    for mail in mails:
        # The demo may be open under another address of this machine than SITE_URL; its links must lead back here.
        mail["body"] = mail["body"].replace(settings.SITE_URL, here)
    return render(request, "ksbb/demo_mail.html", {"mails": mails})
