"""`/peta/`: where help is lacking, on a map; without scripts the same set as a list and a table by area."""

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ksbb import area_maps
from ksbb.core.pages import fresh
from ksbb.core.parameters import LIST_SETTINGS, without_page
from ksbb.core.version import remembered
from locations.filters import LocationFilters
from locations.models import Area, AreaLevel, Location, Need
from locations.shown import listed, sums_of_areas

from . import map_files
from .locations import counts, left, offer_areas, offer_suggestions
from .map_words import names, words

BESIDE = "10"  # places in the list beside the map
FILTERS = ("program", "paket", "jenis", "wilayah", "periode", "sisa_min", "urut")


@require_safe
@fresh(takes=LocationFilters, state=map_files.state, lasting=True)
def map(request):
    """The map, the list beside it and the table below it: one set of places."""
    query = opening(request.GET)
    own = QueryDict(_with(query)[1:])
    chosen = LocationFilters(query, queryset=Location.objects.all())
    page = chosen.page()
    offer_areas(chosen)
    offer_suggestions(chosen)
    context = {
        "form": chosen.form,
        "filters": [chosen.form[name] for name in FILTERS],
        "counts": counts(chosen),
        "count": chosen.count,
        "left": left(chosen),
        "switch": switch(query, counts(chosen)["prioritas"]),
        "priority": query.getlist("prioritas"),
        "only_priority": query.getlist("prioritas") == ["ya"],
        "own": own,
        "filtered": any(own.values()),
        "told": "" if query.getlist("prioritas") == ["tidak"] else "prioritas",  # the switch says it already
        "active": sum(bool(chosen.cleaned.get(name)) for name in FILTERS if name != "urut"),
        "action": request.path,
        "order": chosen.order.label,
        "places": [listed(place) for place in page.rows],
        "next": beside(query, page.next),
        "previous": beside(query, page.previous),
        "cities": cities(chosen),
        "first_view": first_view(query, chosen),
        "query": without_page(query),
        "settings": map_settings(query, chosen),
        "later": map_files.LATER,
        "address": request.build_absolute_uri(),
        "today": localdate(),
    }
    return render(request, "locations/map.html", context, status=400 if chosen.errors else 200)


# --- What the page shows: its address, and the switch between marked places and all of them ---------------------------
def opening(asked):
    """Return the parameters of the page, `prioritas` always among them.

    An address without any filter opens on the places marked *prioritas*, if a place is. A filter in the address, even
    the empty `prioritas=` of the switch, means what it means at the list, the API and the files.
    """
    query = asked.copy()
    query.setdefault("ukuran", BESIDE)
    if "prioritas" not in query:
        filtered = any(any(query.getlist(name)) for name in (*FILTERS, "q", "bbox") if name != "urut")
        marked = not filtered and Location.objects.public().filter(is_priority=True).exists()
        query["prioritas"] = "ya" if marked else ""
    return query


def switch(query, numbers):
    """Return the two ways to look: only marked places or all, each with its address and number of places."""
    now = {value for value in query.getlist("prioritas") if value}
    ways = (
        (_("Prioritas"), "ya", numbers["ya"], now == {"ya"}),
        (_("Semua"), "", numbers["ya"] + numbers["tidak"], now in (set(), {"ya", "tidak"})),
    )
    return [
        {"label": label, "url": _with(query, prioritas=value), "count": count, "current": current}
        for label, value, count, current in ways
    ]


def beside(query, cursor):
    """Return the address of another page of the list beside the map, or None for no page."""
    return None if cursor is None else _with(query, cursor=cursor)


def _with(query, **changed):
    """Return "?…" of the page's own address with parameters changed, from the first page on unless `cursor` is one."""
    said = QueryDict(mutable=True)
    for name, values in query.lists():
        if name != "cursor" and (name, values) != ("ukuran", [BESIDE]) and any(values):
            said.setlist(name, values)
    said.update({"prioritas": query["prioritas"]} if "prioritas" not in said else {})
    for name, value in changed.items():
        said[name] = value
    return f"?{said.urlencode()}"


# --- The table below --------------------------------------------------------------------------------------------------
def cities(chosen):
    """Return the kota with their kecamatan, each with the sums of the chosen needs at the chosen places."""
    return remembered(f"cities:{chosen.fingerprint()}", lambda: _cities(chosen))


def _cities(chosen):
    needs = chosen.needs.filter(location__in=chosen.qs.values("pk"))
    return [
        {**city, "districts": [each for each in city["districts"] if each["needed"]]}
        for city in whole_city(needs)
        if city["needed"]
    ]


def whole_city(needs):
    """Return every kota with its kecamatan, each with the sums of these needs."""
    above, below = (
        sums_of_areas(level, Area.objects.filter(level=level).order_by("pk"), needs)
        for level in (AreaLevel.CITY, AreaLevel.DISTRICT)
    )
    return [{**city, "districts": [each for each in below if each["code"].startswith(city["code"])]} for city in above]


def first_view(query, chosen):
    """Return the drawing that is there before the map: what is lacking per kota, or inside the one chosen area."""
    areas = [area.pk for area in chosen.cleaned.get("wilayah") or ()]
    within = areas[0] if len(areas) == 1 else ""
    shown = cities(chosen) or whole_city(Need.objects.none())
    return area_maps.first_view(shown, lambda code: _with(query, wilayah=code), within)


# --- For the script ---------------------------------------------------------------------------------------------------
def map_settings(query, chosen):
    """Return what the map's script needs to know: addresses, tiles, names and words.

    `matches` is where the numbers of the chosen places are, empty where the file of all places tells it alone: for all
    of them, and (`priority`) for those marked.
    """
    picked = {name: values for name, values in chosen.cleaned.items() if values and name not in LIST_SETTINGS}
    priority = picked == {"prioritas": ["ya"]}
    understood = QueryDict(mutable=True)
    for name in picked:
        understood.setlist(name, query.getlist(name))
    return {
        **map_files.addresses(),
        "matches": f"{reverse('api_map_matches')}?{understood.urlencode()}" if picked and not priority else "",
        "priority": priority,
        "place": reverse("api_location", args=["KODE"]),
        "page": reverse("location", args=["KODE"]),
        "promise": reverse("promise"),
        "tiles": settings.TILE_URL,
        "attribution": settings.TILE_ATTRIBUTION,
        "helpers": reverse("api_collaborations"),
        "collaborator": reverse("collaborator", args=["SLUG"]),
        **names(),
        "words": words(),
    }
