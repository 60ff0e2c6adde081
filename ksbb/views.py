"""Pages that belong to no room: home, what KSBB is, health, and the answers when something goes wrong."""

import threading
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from donations import figures, rows
from donations.models import Commitment, CommitmentLine
from ksbb import area_maps, pictures
from ksbb.core.pages import fresh
from ksbb.core.version import remembered
from ksbb.templatetags.formats import number
from locations.filters import LocationFilters
from locations.models import Area, AreaLevel, Location, Need
from locations.queries import SUMS, public
from locations.shown import listed, shown_sums, sums_of_areas
from programs.models import Program, ProgramStatus

MILESTONE = date(2020, 5, 27)  # the day by which the city's own report counted 561,118 packages
LEAST_HELPED, NEWEST, MOST_LACKING = 6, 5, 3
DRAWING = threading.Lock()


@require_safe
@fresh(lasting=True)
def home(request):
    """What is lacking now and where, what anybody can do, what has been done so far."""
    facts = remembered("home", home_facts)
    return render(request, "ksbb/home.html", {**facts, "picture_url": settings.SITE_URL + reverse("home_image")})


@require_safe
def home_image(request):
    """The picture beside a shared link to the home page."""
    return pictures.answer(request, picture)


def picture():
    """Return what the picture of the home page says."""
    sums = shown_sums(Need.objects.open().sums())
    places = sums["lacking_places"]
    words = ngettext("paket masih dibutuhkan di %(n)s tempat", "paket masih dibutuhkan di %(n)s tempat", places)
    return pictures.Picture(
        title=_("Warga %(city)s saling bantu, langsung ke tempat yang kurang") % {"city": settings.CITY_NAME},
        number=sums["left"] or None,
        words=words % {"n": number(places)} if sums["left"] else _("Belum ada kebutuhan yang terbuka minggu ini."),
        sums=(sums["needed"], sums["promised"], sums["accepted"], sums["arrived"]),
        share=sums["share"],
    )


def plea(sums):
    """Return in one sentence how the city stands: it goes along wherever the home page's link is shared."""
    if not sums["left"]:
        return _("Lihat di peta di mana bantuan masih kurang, pilih tempat dan paketnya, lalu pantau sampai tiba.")
    words = _("%(n)s paket masih dibutuhkan di %(places)s tempat. Pilih tempat dan paketnya, lalu pantau sampai tiba.")
    return words % {"n": number(sums["left"]), "places": number(sums["lacking_places"])}


def home_facts():
    """Return everything the home page shows that hangs on the data."""
    milestone = figures.totals(until=MILESTONE).delivered.total
    sums = shown_sums(Need.objects.open().sums())
    cities = sums_of_areas(AreaLevel.CITY, Area.objects.filter(level=AreaLevel.CITY).order_by("pk"))
    return {
        "sums": sums,
        "plea": plea(sums),
        "places": least_helped(),
        "cities": cities,
        "map": area_maps.city_map(cities, villages(), lambda code: reverse("area", args=[code])),
        "most": sorted(cities, key=lambda city: city["left"], reverse=True)[:MOST_LACKING],
        "programs": running_programs(),
        "newest": newest(),
        "totals": figures.totals(),
        "milestone": milestone,
        "milestone_day": MILESTONE,
    }


def villages():
    """Return the kelurahan with the sums of their open needs: finer than kecamatan, which all look alike."""
    return sums_of_areas(AreaLevel.VILLAGE, Area.objects.filter(level=AreaLevel.VILLAGE).order_by("pk"))


def least_helped():
    """Return the places whose open needs are fulfilled least and that still lack something."""
    picked = {"sisa_min": ["1"], "ukuran": str(LEAST_HELPED)}
    return [listed(place) for place in LocationFilters(picked, queryset=Location.objects.all()).page().rows]


def running_programs():
    """Return the running programmes, each with what is left to promise."""
    left = {
        row["package__program"]: row
        for row in Need.objects.open().order_by().values("package__program").annotate(**SUMS)
    }
    running = Program.objects.filter(status=ProgramStatus.RUNNING).order_by("position", "pk")
    return [{"program": program, "sums": left.get(program.pk)} for program in running]


def newest():
    """Return the newest accepted promises: who, what, where."""
    here = CommitmentLine.objects.filter(public("need__location__"), committed__gt=0)
    accepted = Commitment.objects.filter(confirmed_at__isnull=False)
    newest_ones = accepted.filter(Exists(here.filter(commitment=OuterRef("pk")))).order_by("-confirmed_at", "-pk")
    lines = (
        here.filter(commitment__in=list(newest_ones.values_list("pk", flat=True)[:NEWEST]))
        .annotate(shown=rows.whether(rows.named("commitment__")))
        .select_related("commitment__collaborator", "need__package", "need__location__area")
        .order_by("-commitment__confirmed_at", "-pk")
    )
    one_each = {line.commitment_id: line for line in reversed(lines)}
    found = sorted(one_each.values(), key=lambda line: line.commitment.confirmed_at, reverse=True)
    return [
        {
            "url": reverse("collaboration", args=[line.commitment.code]),
            "giver": line.commitment.collaborator.name if line.shown else "",
            "committed": line.committed,
            "package": line.need.package.name,
            "place": line.need.location.name,
            "place_url": reverse("location", args=[line.need.location.code]),
            "at": line.commitment.confirmed_at,
            "state": line.commitment.state,
            "state_label": line.commitment.get_state_display(),
        }
        for line in found
    ]


@require_safe
@fresh
def about(request):
    """What KSBB is, how it works, and what it is not."""
    return render(request, "ksbb/about.html")


@require_safe
@fresh
def privacy(request):
    """What is stored about whom, for how long, and who sees it."""
    return render(request, "ksbb/privacy.html")


@require_safe
@fresh
def accessibility(request):
    """How the pages work for everybody, and what does not work yet."""
    return render(request, "ksbb/accessibility.html")


@require_safe
def security(request):
    """Whom to tell of a weakness (`/.well-known/security.txt`, RFC 9116)."""
    lines = {
        "Contact": settings.SECURITY_CONTACT or settings.SITE_URL + reverse("complaints"),
        "Expires": f"{localdate() + timedelta(days=180)}T00:00:00Z",
        "Preferred-Languages": "id, en",
        "Canonical": settings.SITE_URL + request.path,
    }
    return HttpResponse("".join(f"{name}: {value}\n" for name, value in lines.items()), "text/plain; charset=utf-8")


@require_safe
def alive(request):
    """The process lives (`/healthz`)."""
    return HttpResponse("ok", "text/plain")


@require_safe
def ready(request):
    """The database answers (`/readyz`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", "text/plain")


def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or old. They come in crowds: the first draws the page for all."""
    with DRAWING:
        page = cache.get_or_set("csrf-failure", partial(render_to_string, "403_csrf.html"))
    return HttpResponse(page, status=403)
