"""What lists show of places and areas, as plain words and numbers."""

from django.db.models.functions import Substr
from django.urls import reverse

from .exports import quantities
from .models import AreaLevel, Need
from .queries import SUMS, WHOLE

CODE_LENGTH = {AreaLevel.CITY: 5, AreaLevel.DISTRICT: 8, AreaLevel.VILLAGE: 13}


def share(billionths):
    """Return a share from 0 to 1, or None."""
    return None if billionths is None else billionths / WHOLE


def where(area):
    """Return "Kebayoran Lama Utara, Kebayoran Lama, Jakarta Selatan" of a kelurahan."""
    return ", ".join((area.name, area.parent.name, short_city(area.parent.parent.name)))


def short_city(name):
    """Return a kota's name without its rank: people say "Jakarta Selatan"."""
    return name.removeprefix("Kota Administrasi ").removeprefix("Kabupaten Administrasi ")


def lacks(needs):
    """Return (packages left, name of the package) of the needs of which something is left."""
    return [(need.still_needed, need.package.name) for need in needs if need.still_needed]


def listed(place):
    """Return what a list shows of one place with its `shown_needs`."""
    needed, submitted, committed, delivered, left = quantities(place.shown_needs)
    return {
        "code": place.code,
        "url": reverse("location", args=[place.code]),
        "name": place.name,
        "kind": place.kind.name,
        "where": where(place.area),
        "is_priority": place.is_priority,
        "families": place.vulnerable_families,
        "lacks": lacks(place.shown_needs),
        "needed": needed,
        "promised": submitted + committed,
        "accepted": committed,
        "arrived": delivered,
        "left": left,
        "share": share(place.fulfilment),
        "verified_at": place.verified_at,
        "level": place.get_verified_level_display(),
    }


def need_row(need):
    """Return what a place's page shows of one need."""
    return {
        "name": need.package.name,
        "unit": need.package.unit,
        "quantity": need.quantity,
        "reserved": need.reserved,
        "committed": need.committed,
        "delivered": need.delivered,
        "recipient": need.package.get_recipient_display(),
        "left": need.still_needed,
        "url": f"{reverse('program', args=[need.package.program.slug])}#{need.package.slug}",
    }


def shown_sums(sums):
    """Return sums of needs with the share as a number from 0 to 1."""
    return {**sums, "share": share(sums["share"])}


def sums_of_areas(level, areas, needs=None):
    """Return name, address, point and sums of needs (default: all open ones) of areas of one level, in their order."""
    needs = Need.objects.open() if needs is None else needs
    within = Substr("location__area__code", 1, CODE_LENGTH[level])
    sums = {row["code"]: row for row in needs.sums_per(code=within)}
    empty = {**dict.fromkeys(SUMS, 0), "share": None}
    return [
        {
            "code": code,
            "name": short_city(name),
            "url": reverse("area", args=[code]),
            "point": (float(north), float(east)),
            **shown_sums(sums.get(code, empty)),
        }
        for code, name, north, east in areas.values_list("pk", "name", "latitude", "longitude")
    ]
