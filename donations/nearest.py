"""Where help is lacking: the nearest places that lack the same package, and the places helped least."""

from math import cos, hypot, radians

from django.db.models import Case, F, FloatField, IntegerField, When
from django.db.models.functions import Cast

from donations.models import ContactPerson
from ksbb.core.version import remembered
from locations.models import Location, Need
from locations.queries import WHOLE, coarse

KM_PER_DEGREE = 111.2


def nearest_lacking(location, package, *, today, limit=3):
    """Return the open needs of `package` nearest to a place: its kelurahan first, then its kecamatan, then by distance.

    The place itself and places that asked for a pause on `today` are left out. Each need carries `distance_km`,
    between the points that the public sees: the hidden point of a panti must not be found by asking around it.
    """
    here = Location.objects.with_point().get(pk=location.pk)
    latitude, longitude = float(here.shown_latitude), float(here.shown_longitude)
    needs = (
        Need.objects.open()
        .lacking()
        .filter(package=package)
        .exclude(location=location)
        .exclude(location__in=_paused(today))
        .annotate(north=_shown("latitude") - latitude, east=(_shown("longitude") - longitude) * cos(radians(latitude)))
        .order_by(_ring(location), F("north") * F("north") + F("east") * F("east"), "pk")
        .select_related("location__area", "package")[:limit]
    )
    for need in needs:
        need.distance_km = KM_PER_DEGREE * hypot(need.north, need.east)
    return list(needs)


def _shown(coordinate):
    place, area = f"location__{coordinate}", f"location__area__{coordinate}"
    return Cast(Case(When(coarse("location__"), then=F(area)), default=F(place)), FloatField())


def _ring(location):
    """Return how near an area is by its name: 0 the same kelurahan, 1 the same kecamatan, 2 farther."""
    district = location.area_id.rpartition(".")[0]
    return Case(
        When(location__area=location.area_id, then=0),
        When(location__area__code__startswith=f"{district}.", then=1),
        default=2,
        output_field=IntegerField(),
    )


def least_helped(*, today, limit=10):
    """Return the places whose open needs are fulfilled least, each with `share` (0–1) and `lacking` (packages).

    Places without anything left, and those that asked for a pause on `today`, are left out.
    """
    return remembered(f"least-helped:{today}:{limit}", lambda: _least_helped(today, limit))


def _least_helped(today, limit):
    places = (
        Location.objects.public()
        .with_fulfilment()
        .with_lacking(Need.objects.all())
        .filter(lacking__gt=0)
        .exclude(pk__in=_paused(today))
        .select_related("area__parent")
        .order_by("fulfilment_order", "-lacking", "pk")[:limit]
    )
    for place in places:
        place.share = place.fulfilment / WHOLE
    return list(places)


def _paused(today):
    return ContactPerson.objects.paused(today).values("location")
