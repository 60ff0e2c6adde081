"""`/data/`: what can be taken away, and the files themselves."""

from django.http import Http404, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donations.exports import COLLABORATIONS, COLLABORATORS, DELIVERIES, EQUITY, FIGURES, FUNDS
from ksbb.core.api import etag, open_to_all, unchanged
from ksbb.core.exports import response
from ksbb.core.pages import fresh
from locations.exports import AREAS, LOCATIONS, NEEDS

ORDER = (LOCATIONS, NEEDS, COLLABORATORS, COLLABORATIONS, DELIVERIES, FUNDS, FIGURES, EQUITY, AREAS)
DATA_SETS = {each.slug: each for each in ORDER}


@require_safe
@fresh
def data(request):
    """The catalogue: each set with its meaning, columns, rows and files."""
    sets = [
        {
            "slug": each.slug,
            "title": each.title,
            "about": each.about,
            "columns": each.columns,
            "count": each.count(),
            "files": [(ending.upper(), reverse("dataset", args=[each.slug, ending])) for ending in each.formats],
        }
        for each in DATA_SETS.values()
    ]
    return render(request, "ksbb/data.html", {"sets": sets})


@require_safe
def dataset(request, name, ending):
    """One file, streamed; the same parameters as page and API."""
    known = DATA_SETS.get(name)
    if known is None or ending not in known.formats:
        raise Http404(_("Berkas ini tidak ada."))
    tag = etag(request)
    if unchanged(request, tag):
        answer = HttpResponseNotModified()
    else:
        chosen = known.filters(request.GET)
        if chosen.errors:
            return open_to_all(JsonResponse({"galat": chosen.errors}, status=400))
        answer = response(known, ending, chosen)
    answer["ETag"], answer["Cache-Control"] = tag, "public, no-cache"
    return open_to_all(answer)
