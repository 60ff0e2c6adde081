"""Which places and needs the public sees, where, and how they are found: picks and annotations of rows."""

import re
from datetime import UTC, datetime

from django.apps import apps
from django.db import models
from django.db.models import BigIntegerField, Case, Count, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

SMALLEST_RW = 5  # families; fewer could be told apart (rule 10)
WHOLE = 10**9  # fulfilment is counted in billionths, so that sorting and cursors never meet a rounded fraction
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = 2 * WHOLE  # where a place without needs stands in the order: last
RW = re.compile(r"\brw\.?\s*0*(\d{1,3})\b", re.I)
MOST_WORDS = 8


def coarse(prefix=""):
    """Return the condition under which a place may only be shown as its kelurahan: it said so, or children live there
    and nobody agreed to more.
    """
    children = {f"{prefix}kind__houses_children": True, f"{prefix}agreed_exact": False}
    return Q(**{f"{prefix}precision": "kelurahan"}) | Q(**children)


COARSE = coarse()


def public(prefix=""):
    """Return the condition under which a place is public, for a query that reaches it by `prefix`."""
    small = {f"{prefix}rw__isnull": False, f"{prefix}vulnerable_families__lt": SMALLEST_RW}
    known = Q(**{f"{prefix}vulnerable_families__isnull": False})
    return Q(**{f"{prefix}published": True}) & ~(known & Q(**small))


def inside(codes, field="area__code"):
    """Return the condition that an area's code lies in one of the areas `codes`, whatever their level."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{field: code}) | Q(**{f"{field}__startswith": f"{code}."})
    return condition


class LocationQuerySet(models.QuerySet):
    def public(self):
        """Return the places that the public may see."""
        return self.filter(public())

    def within(self, code):
        """Return the places inside the area with this Kemendagri code, whatever its level."""
        return self.filter(inside([code]))

    def with_point(self):
        """Add `shown_longitude`, `shown_latitude`, `shown_precision`: the kelurahan's point where we tell no more."""
        return self.annotate(
            shown_longitude=Case(When(COARSE, then=F("area__longitude")), default=F("longitude")),
            shown_latitude=Case(When(COARSE, then=F("area__latitude")), default=F("latitude")),
            shown_precision=Case(When(COARSE, then=Value("kelurahan")), default=F("precision")),
        )

    def with_fulfilment(self):
        """Add `fulfilment`: the mean share promised of a place's open needs, in billionths; null without any.

        `fulfilment_order` is the same with the places without needs last.
        """
        share = ExpressionWrapper(Cast("reserved", BigIntegerField()) * WHOLE / F("quantity"), BigIntegerField())
        mean = ExpressionWrapper(Cast(Sum(share), BigIntegerField()) / Count("*"), BigIntegerField())
        open_needs = apps.get_model("locations", "Need").objects.in_open_periods()
        return self.annotate(
            fulfilment=of_needs(open_needs.filter(quantity__gt=0), mean),
            fulfilment_order=Coalesce("fulfilment", NEVER),
        )

    def fulfilled(self, least, most):
        """Return the places whose fulfilment reads from `least` to `most`, in whole percent; none without needs."""
        low, high = least * WHOLE // 100, (most + 1) * WHOLE // 100
        return self.with_fulfilment().filter(fulfilment__gte=low, fulfilment__lt=high)

    def with_lacking(self, needs):
        """Add `lacking`: how many packages can still be promised for the open ones among `needs`."""
        return self.annotate(lacking=Coalesce(of_needs(needs.in_open_periods(), Sum(F("quantity") - F("reserved"))), 0))

    def with_check_date(self):
        """Add `checked_at`: when a place was last verified, long ago where it never was."""
        return self.annotate(checked_at=Coalesce("verified_at", LONG_AGO))

    def detailed(self):
        """Return the places as lists, the map and the API show them: kind, areas, shown point, fulfilment."""
        return self.select_related("kind", "area__parent__parent").with_point().with_fulfilment()

    def in_box(self, edges):
        """Return the places whose shown point (see `with_point`) lies between west, south, east and north, in degrees.

        The hidden point of a place must not be found by trying boxes.
        """
        west, south, east, north = edges
        return self.with_point().filter(shown_longitude__range=(west, east), shown_latitude__range=(south, north))

    def search(self, text):
        """Return the places whose name, RW or area has every word; areas by any spelling met in public files."""
        found = self.of_rw(text)
        for word in RW.sub(" ", text).split()[:MOST_WORDS]:
            found = found.filter(Q(name__icontains=word) | Q(area__in=villages_named(word)) | begins_code(word))
        return found

    def named(self, text):
        """Return those of the places that `search` finds whose own name holds the text as it stands."""
        return self.of_rw(text).filter(name__icontains=text)

    def of_rw(self, text):
        """Return the places of the RW that a text names; all where it names none."""
        found = self
        for number in RW.findall(text):
            found = found.filter(rw=int(number))
        return found


def of_needs(needs, value):
    """Return an aggregate over a place's `needs`, as a subquery of a query over places."""
    rows = needs.filter(location=OuterRef("pk")).order_by().values("location").annotate(of_needs=value)
    return Subquery(rows.values("of_needs"), output_field=BigIntegerField())


def begins_code(word):
    """Return the condition that a place's code begins with `word`; all begin with the digits of their kelurahan."""
    return Q(code__startswith=word.lower()) if word[0].isdigit() else Q()


def areas_named(word):
    """Return the codes of the kota, kecamatan and kelurahan whose name, in any spelling, contains `word`."""
    Area = apps.get_model("locations", "Area")
    named = Area.objects.filter(Q(name__icontains=word) | Q(aliases__name__icontains=word))
    return list(named.exclude(level="provinsi").distinct().values_list("pk", flat=True))


def villages_named(word):
    """Return the codes of the kelurahan that `areas_named` names or that lie in what it names."""
    villages = apps.get_model("locations", "Area").objects.filter(level="kelurahan")
    codes = areas_named(word)
    return list(villages.filter(inside(codes, "pk")).values_list("pk", flat=True)) if codes else []


class NeedQuerySet(models.QuerySet):
    def open(self):
        """Return the needs that can be promised now: of an open period and a public place."""
        return self.filter(public("location__"), period__closed_at__isnull=True)

    def lacking(self):
        """Return the needs of which something is left to promise."""
        return self.filter(reserved__lt=F("quantity"))

    def in_open_periods(self):
        """Return the needs of the open periods, of whatever place."""
        return self.filter(period__in=apps.get_model("programs", "NeedPeriod").objects.open().values("pk"))

    def matching(self, *, programs=(), packages=(), periods=(), least=None):
        """Return the needs, of whatever place, of these programmes, packages and periods (none given: the open ones).

        `least`: at least so many packages can still be promised, which only an open period allows.
        """
        chosen = self.filter(period__in=[period.pk for period in periods]) if periods else self.in_open_periods()
        if programs:
            chosen = chosen.filter(package__program__in=[program.pk for program in programs])
        if packages:
            chosen = chosen.filter(package__in=[package.pk for package in packages])
        if least:
            chosen = chosen.in_open_periods().filter(quantity__gte=F("reserved") + least)
        return chosen

    def of_public_places(self):
        """Return the needs of the places that the public may see."""
        return self.filter(public("location__"))

    def in_order(self, fields=("package__program__position", "package__position", "period__starts_on", "pk")):
        """Return the needs with programme, package and period, as lists show them; `fields` None keeps the order."""
        needs = self.select_related("package__program", "period")
        return needs.order_by(*fields) if fields else needs

    def sortable(self):
        """Add what lists sort by: `share` (in billionths), `lacking` (none once closed), `place` (its name)."""
        share = Cast("reserved", BigIntegerField()) * WHOLE / F("quantity")
        left = ExpressionWrapper(F("quantity") - F("reserved"), BigIntegerField())
        return self.annotate(
            share=Case(When(quantity=0, then=WHOLE), default=share, output_field=BigIntegerField()),
            lacking=Case(When(period__closed_at=None, then=left), default=0, output_field=BigIntegerField()),
            place=F("location__name"),
        )

    def sums(self):
        """Return one row of sums over the needs: needed, reserved, committed, delivered, left to promise, places,
        and those of them that still lack something.

        `share` is the mean share promised of the needs, each alike, in billionths: the rule of one place, for many.
        """
        return self.aggregate(**SUMS)

    def sums_per(self, **key):
        """Return rows of `sums` for each value of an expression (`name=expression`), as dictionaries."""
        return self.annotate(**key).order_by().values(*key).annotate(**SUMS)


_SHARE = ExpressionWrapper(
    Cast("reserved", BigIntegerField()) * WHOLE / NullIf(F("quantity"), Value(0)),
    BigIntegerField(),
)
SUMS = {
    "needed": Coalesce(Sum("quantity"), 0),
    "promised": Coalesce(Sum("reserved"), 0),
    "accepted": Coalesce(Sum("committed"), 0),
    "arrived": Coalesce(Sum("delivered"), 0),
    "left": Coalesce(Sum(F("quantity") - F("reserved")), 0),
    "places": Count("location", distinct=True),
    "lacking_places": Count("location", distinct=True, filter=Q(reserved__lt=F("quantity"))),
    "share": ExpressionWrapper(
        Cast(Sum(_SHARE), BigIntegerField()) / NullIf(Count(_SHARE), Value(0)), BigIntegerField()
    ),
}
