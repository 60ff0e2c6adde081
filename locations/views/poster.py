"""`/lokasi/<kode>/poster/`: a sheet for the wall of the balai RW: what is lacking, what comes, where to help."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from ksbb.core.exports import page_address
from ksbb.core.pages import fresh
from ksbb.templatetags.formats import telephone
from locations.shown import need_row
from locations.views.location import found, lines_of, now_of

MOST_COMING, ROOMY, LONG = 3, 6, 40  # lines of what comes, lines that stand large, letters of a name that does


@require_safe
@fresh
def poster(request, code):
    """One A4 page, black and white."""
    place = found(code)
    coming = [line for line in lines_of(place) if line["is_coming"] and line["on"]]
    coming = sorted(coming, key=lambda line: line["on"])[:MOST_COMING]
    address = page_address("location", place.code)
    context = {
        "place": place,
        "today": localdate(),
        "now": now_of(place),
        "needs": [need_row(need) for need in place.shown_needs],
        "coming": coming,
        "is_dense": len(place.shown_needs) + len(coming) > ROOMY or len(place.name) > LONG,
        "page_url": address,
        "short_url": without_scheme(address),
        "complaint_url": without_scheme(settings.SITE_URL + reverse("complaints")),
        "whatsapp": telephone(settings.WHATSAPP_NUMBER),
    }
    return render(request, "locations/poster.html", context)


def without_scheme(address):
    """Return an address as people type it."""
    return address.partition("://")[2]
