"""The places that an address asks to promise to (`?lokasi=a&lokasi=b`): what they lack, and why some take nothing."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.http import QueryDict

import locations.known
import programs.known
from donations.actions.ledger import wib_day
from donations.models import ContactPerson
from ksbb.core.composed import Composed
from ksbb.core.kept import join, kept
from locations.models import Location, Need

MOST_PLACES = 20
PLACES = Composed(lambda codes: Location.objects.public().filter(code__in=codes))
NEEDS = Composed(lambda places: Need.objects.in_open_periods().filter(location__in=places))
CONTACTS = Composed(lambda places: ContactPerson.objects.filter(location__in=places))


@dataclass
class Asked:
    """Places in the order asked for, with all their open needs; what could not be taken is named."""

    today: date
    places: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    beyond: int = 0
    needs: list = field(default_factory=list)

    @property
    def several(self):
        return len(self.places) > 1

    @property
    def is_whole(self):
        """Whether every place that was asked for is here."""
        return not self.unknown and not self.beyond

    def needs_of(self, program):
        """Return the needs in one programme, place by place."""
        return [need for need in self.needs if need.package.program == program]

    @cached_property
    def contacts(self):
        """The persons in charge by place; who sends a form that is right needs none of them."""
        return {each.location_id: each for each in CONTACTS([place.pk for place in self.places])}

    def paused_until(self, place):
        """Return the last day on which a place takes nothing (*cukup dulu*), or None."""
        contact = self.contacts.get(place.pk)
        return contact.paused_on(self.today) if contact else None

    def left_at(self, need):
        """Return how many packages of a need can be promised now: none while its place asked for a pause."""
        return 0 if self.paused_until(need.location) else need.remaining

    def program(self, slug):
        """Return the programme of that name among those of the needs, or None."""
        return next((need.package.program for need in self.needs if need.package.program.slug == slug), None)

    def programs(self):
        """Return the programmes of the needs: first the one in which most of the places lack something."""
        programs, lacking = {}, {}
        for need in self.needs:
            programs.setdefault(need.package.program_id, need.package.program)
            if self.left_at(need):
                lacking.setdefault(need.package.program_id, set()).add(need.location_id)
        return sorted(programs.values(), key=lambda one: (-len(lacking.get(one.pk, ())), one.position, one.pk))

    def query(self, program=None, *, without=None, plus=None):
        """Return the query of the same page for another programme, less one place, or with one more."""
        codes = [place.code for place in self.places if place != without]
        asked = QueryDict(mutable=True)
        asked.setlist("lokasi", [*codes, *([plus.code] if plus and plus.code not in codes else [])])
        if program:
            asked["program"] = program.slug
        return f"?{asked.urlencode()}"


def asked_places(parameters, now):
    """Return what the parameters of an address ask for."""
    codes = list(dict.fromkeys(code.strip() for code in parameters.getlist("lokasi") if code.strip()))
    taken = codes[:MOST_PLACES]
    by_code = {place.code: place for place in PLACES(taken)}
    places = [by_code[code] for code in taken if code in by_code]
    join(places, "kind", kept(locations.known.kinds))
    join(places, "area", kept(locations.known.areas))
    return Asked(
        today=wib_day(now),
        places=places,
        unknown=[code[:80] for code in taken if code not in by_code],
        beyond=len(codes) - len(taken),
        needs=_open_needs(places),
    )


def _open_needs(places):
    order = [place.pk for place in places]
    needs = NEEDS(order)
    join(needs, "location", {place.pk: place for place in places})
    join(needs, "package", kept(programs.known.packages))
    join(needs, "package_version", kept(programs.known.versions))
    join(needs, "period", kept(programs.known.periods))
    running = [need for need in needs if need.package.program.is_running]
    return sorted(running, key=lambda need: (order.index(need.location_id), *_position(need.package), need.pk))


def _position(package):
    return package.program.position, package.position
