"""`/lokasi/<kode>/`: one place: what it lacks, who helps, what comes, who checked it, its history, its picture."""

from itertools import groupby
from math import cos, hypot, radians

from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from donations import rows
from donations.models import CommitmentLine, Delivery
from donations.models.commitment import ENDED
from ksbb import area_maps, pictures
from ksbb.core.exports import page_address
from ksbb.core.pages import fresh
from ksbb.templatetags.formats import amid, number
from locations.filters import LocationFilters
from locations.models import Location, Need, VerificationLevel
from locations.privacy import rt_table
from locations.shown import lacks, listed, need_row, short_city, shown_sums
from locations.shown import share as share_of
from locations.views.history import history
from programs.models import ProgramStatus

KM_PER_DEGREE = 111.2
NEAREST, NEWEST = 4, 5


@require_safe
@fresh
def location(request, code):
    """The page people share."""
    place = found(code)
    coming = lines_of(place)
    context = {
        "place": place,
        "now": now_of(place),
        "crumbs": crumbs(place.area),
        "plea": plea(place),
        "picture_url": page_address("location_image", place.code),
        "programs": programs(place),
        "periods": list({need.period_id: need.period for need in place.shown_needs}.values()),
        "coming": [line for line in coming if line["is_coming"]],
        "helpers": helpers(coming),
        "deliveries": deliveries(place),
        "steps": steps(place),
        "rt": rt_table(place.rt_rows.order_by("rt").values_list("rt", "families")),
        "history": history(place),
        "village": shown_sums(Need.objects.open().filter(location__area=place.area_id).sums()),
        "nearby": nearby(place),
        "map": map_of(place),
        "facts": facts(place),
        "page_url": page_address("location", place.code),
    }
    return render(request, "locations/location.html", context)


@require_safe
def location_image(request, code):
    """The picture beside a shared link to a place."""
    place = found(code)
    return pictures.answer(request, lambda: picture(place))


def found(code):
    """Return a public place with its open needs (`shown_needs`), fulfilment and shown point; Http404 without one."""
    pks = list(Location.objects.public().filter(code=code).values_list("pk", flat=True))
    if not pks:
        raise Http404(_("Tempat ini tidak ada, atau sedang tidak ditampilkan."))
    [place] = LocationFilters({}, queryset=Location.objects.all()).details(pks)
    return place


def now_of(place):
    """Return how a place stands: what a list shows of it, how many days ago it was checked, where to promise."""
    days = (localdate() - localdate(place.verified_at)).days if place.verified_at else None
    row = listed(place)
    return {**row, "days": days, "give_url": f"{reverse('promise')}?lokasi={place.code}" if row["left"] else ""}


def map_of(place):
    """Return the small map of a place's kecamatan with its shown point."""
    district = place.area.parent
    point = (float(district.latitude), float(district.longitude))
    pin = {"longitude": place.shown_longitude, "latitude": place.shown_latitude}
    pin |= {"name": place.name, "words": place.area.label, "url": ""}
    return area_maps.places_map([pin], [{"code": district.pk, "name": district.name, "point": point}])


def plea(place):
    """Return in one sentence how a place stands: it goes along wherever its link is shared."""
    left = sum(need.still_needed for need in place.shown_needs)
    if left:
        words = ngettext(
            "%(name)s masih butuh %(n)s paket: %(what)s.", "%(name)s masih butuh %(n)s paket: %(what)s.", left
        )
    elif place.shown_needs:
        words = _("Semua kebutuhan %(name)s sudah ada yang menanggung.")
    else:
        words = _("%(name)s tidak meminta bantuan sekarang.")
    return words % {"name": place.name, "n": number(left), "what": what_lacks(place)}


def what_lacks(place):
    """Return "22 sembako, 260 makanan siap saji" of a place."""
    return ", ".join(f"{number(left)} {amid(name)}" for left, name in lacks(place.shown_needs))


def picture(place):
    """Return what the picture of a place says: nothing that its page does not."""
    row = listed(place)
    return pictures.Picture(
        title=place.name,
        kicker=f"{row['kind']} · {row['where']}",
        number=row["left"] or None,
        words=ngettext("paket masih dibutuhkan", "paket masih dibutuhkan", row["left"]) if row["left"] else plea(place),
        detail=what_lacks(place),
        sums=(row["needed"], row["promised"], row["accepted"], row["arrived"]),
        share=row["share"],
    )


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
    """Return every promise for the place that has not ended, newest first, as the public may see it: those for its open
    needs, and those of earlier periods that have not arrived yet.
    """
    lines = (
        CommitmentLine.objects.filter(need__location=place)
        .filter(Q(need__period__closed_at=None) | Q(reserved__gt=F("delivered")))
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
        "amount": f"{number(line.quantity)} {amid(line.need.package.name)}",
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
            "what": ", ".join(f"{number(row.ok)} {amid(row.line.need.package.name)}" for row in delivery.lines.all()),
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
    return [{**row, "url": reverse("location", args=[row["code"]]), "share": share_of(row["fulfilment"])}
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
