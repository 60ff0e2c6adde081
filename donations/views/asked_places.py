"""The places that an address asks to promise to (`?lokasi=a&lokasi=b`): what they lack, and why some take nothing."""

from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict

from donations.actions.ledger import wib_day
from donations.models import ContactPerson
from locations.models import Location, Need
from programs.models import ProgramStatus

MOST_PLACES = 20


@dataclass
class Asked:
    """Places in the order asked for, with all their open needs; what could not be taken is named."""

    today: date
    places: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    beyond: int = 0
    needs: list = field(default_factory=list)
    contacts: dict = field(default_factory=dict)

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

    def paused_until(self, place):
        """Return the last day on which a place takes nothing (*cukup dulu*), or None."""
        contact = self.contacts.get(place.pk)
        return contact.paused_on(self.today) if contact else None

    def left_at(self, need):
        """Return how many packages of a need can be promised now: none while its place asked for a pause."""
        return 0 if self.paused_until(need.location) else need.remaining

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
    found = Location.objects.public().filter(code__in=taken).select_related("kind", "area__parent__parent")
    by_code = {place.code: place for place in found} if taken else {}
    places = [by_code[code] for code in taken if code in by_code]
    return Asked(
        today=wib_day(now),
        places=places,
        unknown=[code[:80] for code in taken if code not in by_code],
        beyond=len(codes) - len(taken),
        needs=_open_needs(places),
        contacts={each.location_id: each for each in ContactPerson.objects.filter(location__in=places)},
    )


def _open_needs(places):
    order = {place.pk: (at, place) for at, place in enumerate(places)}
    needs = list(
        Need.objects.open()
        .filter(location__in=places, package__program__status=ProgramStatus.RUNNING)
        .select_related("package__program", "package__statement", "package_version", "period")
        .order_by("package__program__position", "package__position", "pk")
    )
    for need in needs:
        need.location = order[need.location_id][1]
    return sorted(needs, key=lambda need: order[need.location_id][0])
