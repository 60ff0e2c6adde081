"""`/wilayah/<kode>/`: a kota, kecamatan or kelurahan: what it lacks, who gives, what lies in it."""

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from donations import rows
from donations.models import CommitmentLine
from ksbb import area_maps, pictures
from ksbb.core.exports import page_address
from ksbb.core.pages import fresh
from ksbb.core.version import remembered
from ksbb.templatetags.formats import number
from locations.filters import LocationFilters, area_code
from locations.models import Area, AreaLevel, Location, Need
from locations.queries import SUMS, inside
from locations.shown import listed, short_city, shown_sums, sums_of_areas

BELOW = {AreaLevel.CITY: AreaLevel.DISTRICT, AreaLevel.DISTRICT: AreaLevel.VILLAGE}
MOST_GIVERS = 10


@require_safe
@fresh
def area(request, code):
    """One area; a code without dots leads to the dotted address."""
    found = found_area(code)
    if code != found.pk:
        return redirect("area", found.pk, permanent=True)
    known = remembered(f"area:{found.pk}", lambda: facts(found))
    return render(request, "locations/area.html", {"area": found, **known})


@require_safe
def area_image(request, code):
    """The picture beside a shared link to an area."""
    found = found_area(code)
    return pictures.answer(request, lambda: picture(found))


def found_area(code):
    """Return a kota, kecamatan or kelurahan by its code, dotted or not; Http404 without one."""
    try:
        dotted = area_code(code)
    except ValidationError as refusal:
        raise Http404(refusal.message) from refusal
    found = Area.objects.select_related("parent__parent").filter(pk=dotted).exclude(level=AreaLevel.PROVINCE).first()
    if found is None:
        raise Http404(_("Wilayah ini tidak ada dalam daftar."))
    return found


def needs_in(found):
    """Return the open needs in an area."""
    return Need.objects.open().filter(inside([found.pk], "location__area__code"))


def plea(found, sums):
    """Return in one sentence how an area stands: it goes along wherever its link is shared."""
    if sums["left"]:
        words = ngettext(
            "%(area)s masih butuh %(n)s paket di %(places)s tempat.",
            "%(area)s masih butuh %(n)s paket di %(places)s tempat.",
            sums["lacking_places"],
        )
    elif sums["needed"]:
        words = _("Semua kebutuhan di %(area)s sudah ada yang menanggung.")
    else:
        words = _("%(area)s tidak meminta bantuan sekarang.")
    return words % {"area": found.label, "n": number(sums["left"]), "places": number(sums["lacking_places"])}


def picture(found):
    """Return what the picture of an area says."""
    sums = shown_sums(needs_in(found).sums())
    places = sums["lacking_places"]
    words = ngettext("paket masih dibutuhkan di %(n)s tempat", "paket masih dibutuhkan di %(n)s tempat", places)
    return pictures.Picture(
        title=found.name,
        kicker=kicker(found),
        number=sums["left"] or None,
        words=words % {"n": number(places)} if sums["left"] else plea(found, sums),
        sums=(sums["needed"], sums["promised"], sums["accepted"], sums["arrived"]),
        share=sums["share"],
    )


def facts(found):
    """Return everything an area's page shows that hangs on the data."""
    needs = needs_in(found)
    sums = shown_sums(needs.sums())
    below = children(found) if found.level in BELOW else []
    return {
        "sums": sums,
        "plea": plea(found, sums),
        "page_url": page_address("area", found.pk),
        "picture_url": page_address("area_image", found.pk),
        "packages": packages(needs),
        "children": below,
        "map": area_maps.children_map(found.pk, below) if below else None,
        "child_word": BELOW[found.level].label if found.level in BELOW else "",
        "places": places(found) if found.level == AreaLevel.VILLAGE else [],
        "place_count": Location.objects.public().within(found.pk).count(),
        "givers": givers(found),
        "crumbs": crumbs(found),
        "kicker": kicker(found),
        "about": about(found),
    }


def packages(needs):
    """Return the sums of each package, in the programmes' order."""
    order = ("package__program__position", "package__position", "package")
    names = ("package__name", "package__unit", "package__program__name", "package__program__slug", "package__slug")
    return [
        {
            "name": row["package__name"],
            "unit": row["package__unit"],
            "program": row["package__program__name"],
            "program_slug": row["package__program__slug"],
            "slug": row["package__slug"],
            **shown_sums(row),
        }
        for row in needs.order_by(*order).values(*order, *names).annotate(**SUMS)
    ]


def children(found):
    """Return the areas directly inside, each with its sums."""
    level = BELOW[found.level]
    return sums_of_areas(level, Area.objects.filter(parent=found).order_by("pk"))


def places(found):
    """Return the places of a kelurahan, least fulfilled first."""
    chosen = LocationFilters({"ukuran": "200", "wilayah": [found.pk]}, queryset=Location.objects.all())
    return [{**listed(place), "where": ""} for place in chosen.page().rows]


def givers(found):
    """Return who gave most here, by name where the gift names them, and how many packages came without a name."""
    lines = CommitmentLine.objects.filter(inside([found.pk], "need__location__area__code"), committed__gt=0)
    named = rows.named("commitment__")
    sums = lines.filter(named).values("commitment__collaborator__name", "commitment__collaborator__slug")
    top = sums.annotate(committed=Sum("committed"), delivered=Sum("delivered")).order_by("-committed")[:MOST_GIVERS]
    unnamed = lines.filter(~named).aggregate(committed=Sum("committed"), delivered=Sum("delivered"))
    shown = [
        {
            "name": row["commitment__collaborator__name"],
            "url": reverse("collaborator", args=[row["commitment__collaborator__slug"]]),
            "committed": row["committed"],
            "delivered": row["delivered"],
        }
        for row in top
    ]
    if unnamed["committed"]:
        shown.append({"name": _("Hamba Allah dan yang tanpa nama"), "url": "", **unnamed})
    return shown


def crumbs(found):
    """Return (label, address) of the areas above, from the widest."""
    above, here = [], found.parent
    while here is not None and here.level != AreaLevel.PROVINCE:
        above.append((short_city(here.name), reverse("area", args=[here.pk])))
        here = here.parent
    return list(reversed(above))


def kicker(found):
    """Return the line above the name: its level and what it is part of."""
    above = ", ".join(name for name, _url in reversed(crumbs(found)))
    return f"{found.get_level_display()} · {above}" if above else found.get_level_display()


def about(found):
    """Return (term, value) pairs of the register."""
    return [
        (_("Kode Kemendagri"), found.pk),
        (_("Penduduk (2024)"), number(found.population)),
        (_("Luas"), f"{number(found.area_km2, 2)} km²" if found.area_km2 else ""),
        (_("RW dalam register 2012"), number(found.rw_count)),
        (_("Kode pos"), found.postal_code),
    ]
