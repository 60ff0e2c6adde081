"""What a search box offers while somebody types: areas and places, in short rows."""

from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ksbb.core.composed import Composed
from ksbb.core.exports import page_address
from ksbb.core.kept import join, kept
from ksbb.core.parameters import Parameters
from ksbb.core.version import remembered

from .filters import NeedParameters, digest
from .known import areas, kinds
from .models import Area, AreaLevel, Location
from .queries import MOST_WORDS, areas_named
from .shown import short_city, where

MOST, MOST_AREAS = 8, 4
SHORTEST_AREA, SHORTEST_PLACE = 2, 3  # letters; two would fit half a city's places
WORDS = {"data-found": _("%s saran. Pilih dengan panah atas dan bawah."), "data-none": _("Tidak ada saran.")}
PLACES = Composed(lambda keys: Location.objects.with_point().filter(pk__in=keys))
RANKS = {level.value: rank for rank, level in enumerate(AreaLevel)}


class SuggestionFilters(Parameters):
    """The search text alone, with the limits that it has everywhere."""

    q = NeedParameters.base_filters["q"]


def box():
    """Return what an input tells its script: where suggestions come from, and how to speak of them."""
    return {"data-suggest": reverse("api_suggestions"), **WORDS}


def suggestions(texts):
    """Return at most 8 rows for search texts (any of them), areas first; remembered while the data stand still."""
    return remembered(f"suggestions:{digest(repr(texts))}", lambda: _suggestions(texts))


def _suggestions(texts):
    asked = [" ".join(text.split()) for text in texts]
    areas = [row for text in asked if len(text) >= SHORTEST_AREA for row in _areas(text)][:MOST_AREAS]
    places = [row for text in asked if len(text) >= SHORTEST_PLACE for row in _places(text)]
    return [*areas, *places][:MOST]


def _areas(text):
    """Return rows of the areas whose name has every word, those that begin with the text first, the widest first."""
    words = ([word for word in text.split() if word.lower() not in RANKS] or text.split())[:MOST_WORDS]
    codes = set.intersection(*(set(areas_named(word)) for word in words))
    found = Area.objects.filter(pk__in=codes).select_related("parent__parent")
    beginning = " ".join(words).lower()
    return [
        _row("wilayah", area, area.longitude, area.latitude, short_city(area.name), _about(area), "area")
        for area in sorted(found, key=lambda area: _place_in_order(area, beginning))
    ]


def _place_in_order(area, beginning):
    name = short_city(area.name)
    return not name.lower().startswith(beginning), RANKS[area.level], name, area.pk


def _about(area):
    """Return "Kelurahan di Pasar Minggu, Jakarta Selatan"."""
    above = [area.parent] if area.level == AreaLevel.DISTRICT else [area.parent, area.parent and area.parent.parent]
    names = [short_city(one.name) for one in above if one and one.level != AreaLevel.PROVINCE]
    return " · ".join(filter(None, (area.get_level_display(), ", ".join(names))))


def _places(text):
    """Return rows of the public places that the search finds, own names that begin with or hold the text first."""
    keys = first_places(text)
    places = {place.pk: place for place in PLACES(keys)}
    join(places.values(), "kind", kept(kinds))
    join(places.values(), "area", kept(areas))
    return [
        _row(
            "lokasi",
            place,
            place.shown_longitude,
            place.shown_latitude,
            place.name,
            f"{place.kind.name} · {where(place.area)}",
            "location",
        )
        for place in map(places.get, keys)
    ]


def first_places(text):
    """Return the keys of the places to show.

    Half a city may lie in an area that the text names: only where too few names hold it, others are sorted.
    """
    public = Location.objects.public()
    first = Case(When(name__istartswith=text, then=Value(0)), default=Value(1))
    keys = list(public.named(text).order_by(first, "name", "pk").values_list("pk", flat=True)[:MOST])
    if len(keys) < MOST:
        others = public.search(text).exclude(pk__in=keys).order_by("name", "pk")
        keys += others.values_list("pk", flat=True)[: MOST - len(keys)]
    return keys


def _row(kind, found, east, north, name, about, page):
    return {
        "kind": kind,
        "code": found.code,
        "name": name,
        "about": about,
        "longitude": float(east),
        "latitude": float(north),
        "url": page_address(page, found.code),
    }
