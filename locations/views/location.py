"""`/lokasi/<kode>/`: one place: what it lacks, who helps, what is on its way, who checked it, its history."""

from itertools import groupby
from math import cos, hypot, radians

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donations import rows
from donations.models import CommitmentLine, Delivery
from donations.models.commitment import ENDED
from ksbb.core.exports import page_address
from ksbb.core.pages import fresh
from ksbb.templatetags.formats import number
from locations.filters import LocationFilters
from locations.models import Location, Need, VerificationLevel
from locations.privacy import rt_table
from locations.shown import need_row, share, short_city, where
from programs.models import ProgramStatus

KM_PER_DEGREE = 111.2
NEAREST, NEWEST, PERIODS = 4, 8, 60


@require_safe
@fresh
def location(request, code):
    """The page people share."""
    pks = list(Location.objects.public().filter(code=code).values_list("pk", flat=True))
    if not pks:
        raise Http404(_("Tempat ini tidak ada, atau sedang tidak ditampilkan."))
    [place] = LocationFilters({}, queryset=Location.objects.all()).details(pks)
    coming = lines_of(place)
    context = {
        "place": place,
        "where": where(place.area),
        "crumbs": crumbs(place.area),
        "share": share(place.fulfilment),
        "left": sum(need.still_needed for need in place.shown_needs),
        "programs": programs(place),
        "coming": [line for line in coming if line["is_coming"]],
        "helpers": helpers(coming),
        "deliveries": deliveries(place),
        "steps": steps(place),
        "rt": rt_table(place.rt_rows.order_by("rt").values_list("rt", "families")),
        "history": history(place),
        "nearby": nearby(place),
        "facts": facts(place),
        "page_url": page_address("location", place.code),
    }
    return render(request, "locations/location.html", context)


def crumbs(village):
    """Return (label, address) of a kelurahan and the areas around it, from the widest."""
    district = village.parent
    areas = (district.parent, district, village)
    return [(short_city(each.name), reverse("area", args=[each.pk])) for each in areas]


def programs(place):
    """Return the programmes in which a place has open needs, each with its needs and where to promise."""
    return [
        {
            "name": program.name,
            "needs": [need_row(need) for need in needs],
            "give_url": give_url(place, program) if any(n.still_needed for n in needs) else "",
            "is_running": program.status == ProgramStatus.RUNNING,
        }
        for program, needs in by_program(place.shown_needs)
    ]


def by_program(needs):
    """Return (program, its needs) in the needs' order."""
    return [(group[0].package.program, group) for _pk, group in grouped(needs, lambda need: need.package.program_id)]


def grouped(items, key):
    """Return (key, list) of runs of items with the same key."""
    return [(value, list(run)) for value, run in groupby(items, key)]


def give_url(place, program):
    """Return where to promise for a place in one programme."""
    return f"{reverse('promise')}?lokasi={place.code}&program={program.slug}"


def lines_of(place):
    """Return every promise for the place's open needs that has not ended, newest first, as the public may see it."""
    lines = (
        CommitmentLine.objects.filter(need__location=place, need__period__closed_at=None)
        .exclude(commitment__state__in=ENDED)
        .annotate(shown=rows.whether(rows.named("commitment__")))
        .select_related("commitment__collaborator", "commitment__aggregator__collaborator", "need__package")
        .order_by("-commitment__submitted_at", "-pk")
    )
    today = localdate()
    return [line_row(line, today) for line in lines]


def line_row(line, today):
    """Return what the page shows of one line: how much of what, from whom, in which state, when."""
    commitment, late = line.commitment, line.commitment.is_late(today)
    face = commitment.collaborator
    anonymous = face.is_anonymous and commitment.state not in rows.UNPROVED
    unnamed = _("Hamba Allah") if anonymous else _("Menunggu konfirmasi")
    return {
        "amount": f"{number(line.quantity)} {line.need.package.name}",
        "giver": face.name if line.shown else unnamed,
        "giver_url": reverse("collaborator", args=[face.slug]) if line.shown else "",
        "partner": commitment.aggregator.collaborator.name if commitment.aggregator else "",
        "url": reverse("collaboration", args=[commitment.code]),
        "state": "terlambat" if late else commitment.state,
        "label": _("Terlambat") if late else commitment.get_state_display(),
        "on": commitment.scheduled_on,
        "is_coming": line.reserved > line.delivered,
        "is_named": line.shown,
        "committed": line.committed,
        "delivered": line.delivered,
    }


def helpers(lines):
    """Return who helps the place now, each giver once, in the lines' order."""
    named = {line["giver"]: line for line in lines if line["is_named"]}
    return list(named.values())


def deliveries(place):
    """Return the newest hand-overs here."""
    found = (
        Delivery.objects.filter(location=place)
        .select_related("commitment")
        .prefetch_related("lines__line__need__package")
    )
    return [
        {
            "at": delivery.delivered_at,
            "url": reverse("collaboration", args=[delivery.commitment.code]),
            "what": ", ".join(f"{number(row.ok)} {row.line.need.package.name}" for row in delivery.lines.all()),
            "thanks": delivery.thanks,
        }
        for delivery in found.order_by("-delivered_at", "-pk")[:NEWEST]
    ]


def steps(place):
    """Return the levels of verification as steps of a timeline, with the newest date of each."""
    at = dict(place.verifications.order_by("at", "pk").values_list("level", "at"))
    if place.verified_at:
        at.setdefault(place.verified_level, place.verified_at)
    levels = [level for level in VerificationLevel if level != VerificationLevel.PROPOSED]
    return [
        {"label": level.label, "state": "done" if level in at else "todo", "at": at.get(level), "note": ""}
        for level in levels
    ]


def history(place):
    """Return the closed periods of a place, newest first, each with what was needed, accepted and received."""
    needs = (
        Need.objects.filter(location=place, period__closed_at__isnull=False)
        .select_related("package", "period")
        .order_by("-period__starts_on", "-period", "package__position", "pk")
    )
    return [
        {
            "period": needs[0].period,
            "needs": [
                {"name": n.package.name, "needed": n.quantity, "committed": n.committed, "delivered": n.delivered}
                for n in needs
            ],
        }
        for _pk, needs in grouped(needs, lambda need: need.period_id)[:PERIODS]
    ]


def nearby(place):
    """Return the nearest places of the same kecamatan whose needs are fulfilled less, or that still lack anything."""
    around = (
        Location.objects.public()
        .within(place.area.parent_id)
        .exclude(pk=place.pk)
        .with_point()
        .with_fulfilment()
        .with_lacking(Need.objects.all())
        .filter(lacking__gt=0)
    )
    names = ("code", "name", "kind__name", "area__name", "shown_longitude", "shown_latitude", "fulfilment", "lacking")
    mine = place.fulfilment if place.fulfilment is not None else 0
    found = [{**row, "km": distance(place, row)} for row in around.values(*names)]
    found.sort(key=lambda row: (row["fulfilment"] >= mine, row["km"]))
    return [{**row, "url": reverse("location", args=[row["code"]]), "share": share(row["fulfilment"])}
            for row in found[:NEAREST]]  # fmt: skip


def distance(place, row):
    """Return the distance in kilometres between the shown points of a place and of a row, exact enough in a city."""
    north = float(row["shown_latitude"] - place.shown_latitude)
    east = float(row["shown_longitude"] - place.shown_longitude) * cos(radians(float(place.shown_latitude)))
    return KM_PER_DEGREE * hypot(north, east)


def facts(place):
    """Return (term, value) pairs about a place."""
    return [
        (_("Jenis"), place.kind.name),
        (_("Keluarga rentan"), number(place.vulnerable_families)),
        (_("Jiwa"), number(place.people)),
        (_("Register"), " ".join(filter(None, (place.register, place.register_id)))),
        (_("Dokumen kebutuhan"), ", ".join(filter(None, (place.document, place.document_item)))),
        (_("Kode"), place.code),
    ]
