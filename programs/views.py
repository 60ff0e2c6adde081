"""`/program/`: what kinds of help exist; one programme with its packages, contents and prices."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ksbb.core.pages import fresh
from ksbb.templatetags.formats import day, rupiah
from locations.filters import LocationFilters
from locations.models import Location, Need
from locations.queries import SUMS, WHOLE

from .models import Program, ProgramStatus

MOST_PLACES = 5


@require_safe
@fresh
def programs(request):
    """All programmes: those that run with what they still lack, and those announced."""
    sums = Need.objects.open().order_by().values("package__program").annotate(**SUMS)
    left = {row["package__program"]: row for row in sums}
    found = Program.objects.prefetch_related("packages").order_by("position", "pk")
    cards = [{"program": program, **shown(left.get(program.pk))} for program in found]
    running = [card for card in cards if card["program"].is_running]
    others = [card for card in cards if not card["program"].is_running]
    return render(request, "programs/programs.html", {"running": running, "others": others})


def shown(sums):
    """Return packages left, places that lack some and share (0–1) of a programme's sums; zeros without any."""
    share = sums and sums["share"]
    return {
        "left": sums["left"] if sums else 0,
        "lacking_places": sums["lacking_places"] if sums else 0,
        "share": None if share is None else share / WHOLE,
    }


@require_safe
@fresh
def program(request, slug):
    """One programme: its packages and where it is needed most."""
    found = Program.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(_("Program ini tidak ada."))
    needs = Need.objects.open().filter(package__program=found)
    context = {
        "program": found,
        "sums": shown(needs.sums()),
        "packages": packages(found, needs),
        "places": neediest(found) if found.is_running else [],
        "is_announced": found.status == ProgramStatus.ANNOUNCED,
        "facts": [
            (_("Status"), found.get_status_display()),
            (_("Dinas pengampu"), found.lead_agency),
            (_("Mulai"), day(found.started_on)),
        ],
    }
    return render(request, "programs/program.html", context)


def packages(found, needs):
    """Return each package with its current version, what is open of it, and what a donor declares."""
    sums = {row["package"]: row for row in needs.order_by().values("package").annotate(**SUMS)}
    types = found.packages.select_related("statement").prefetch_related("versions").order_by("position", "pk")
    return [
        {
            "package": package,
            "version": (version := package.version_on(localdate())),
            "price": rupiah(version.reference_price) if version else "",
            "sums": sums.get(package.pk),
            "list_url": f"{reverse('locations')}?paket={package.slug}&urut=sisa&sisa_min=1",
        }
        for package in types
    ]


def neediest(found):
    """Return the places that lack most packages of a programme."""
    picked = {"program": [found.slug], "urut": "sisa", "sisa_min": ["1"], "ukuran": str(MOST_PLACES)}
    page = LocationFilters(picked, queryset=Location.objects.all()).page()
    return [place_row(place, found) for place in page.rows]


def place_row(place, found):
    """Return name, address and what is left of a programme at one place."""
    needs = [need for need in place.shown_needs if need.package.program_id == found.pk]
    return {
        "name": place.name,
        "area": f"{place.area.name}, {place.area.parent.name}",
        "url": reverse("location", args=[place.code]),
        "left": sum(need.still_needed for need in needs),
    }
