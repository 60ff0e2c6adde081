"""`/kolaborasi/`: four doors above the list of collaborations, and the full public report of one."""

from collections import Counter

from django.db.models import Count, Prefetch, Sum
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from donations import figures, rows
from donations.filters import CollaborationFilter
from donations.models import Commitment, DeliveryPhoto
from donations.models.commitment import S
from donations.steps import steps_of
from ksbb import area_maps, pictures
from ksbb.core.exports import page_address
from ksbb.core.pages import fresh
from ksbb.core.parameters import address, without_page
from ksbb.templatetags.formats import amid, day, number
from locations.models import Location
from locations.queries import public

LISTED = Commitment.objects.select_related("collaborator", "program", "aggregator__collaborator")
ENDINGS = {
    S.EXPIRED: gettext_lazy(
        "Waktunya habis sebelum bantuan tiba. Paket yang dijanjikan dibuka lagi untuk pemberi lain."
    ),
    S.CANCELLED: gettext_lazy("Janji ini ditarik kembali. Paket yang dijanjikan dibuka lagi untuk pemberi lain."),
    S.REJECTED: gettext_lazy("Janji ini tidak dapat diterima. Paket yang dijanjikan dibuka lagi untuk pemberi lain."),
}


@require_safe
@fresh(takes=CollaborationFilter)
def collaborations(request):
    """The four doors, and the list with its filters."""
    chosen = CollaborationFilter(request.GET, queryset=LISTED)
    page = chosen.page()
    rows.with_lines(page.rows, chosen.lines)
    sums = chosen.lines.aggregate(
        submitted=Sum("submitted_then"), committed=Sum("committed_then"), delivered=Sum("delivered_then")
    )
    context = {
        "chosen": chosen,
        "cards": [listed(commitment) for commitment in page.rows],
        "count": chosen.qs.count(),
        "sums": {name: amount or 0 for name, amount in sums.items()},
        "counts": _counts(chosen),
        "csv": reverse("dataset", args=["kolaborasi", "csv"]) + without_page(request.GET),
        "next": address(request, page.next),
        "previous": address(request, page.previous),
    }
    return render(request, "donations/collaborations.html", context, status=400 if chosen.errors else 200)


def _counts(chosen):
    """Return how many collaborations each choice of a filter has, within the chosen days."""
    standing = rows.collaborations(chosen.scope, Commitment.objects)
    counts = {"status": Counter(), "program": Counter(), "saluran": Counter(), "kategori": Counter()}
    groups = standing.values_list("state", "program__slug", "aggregator", "collaborator__category")
    for state, program, partner, category, many in groups.annotate(many=Count("pk")):
        words = (state, program, "agregator" if partner else "langsung", category)
        for name, word in zip(counts, words, strict=True):
            counts[name][word] += many
    return counts


def giver_of(commitment):
    """Return (name, slug or "") of a collaboration's giver as the public may know it."""
    if commitment.name_shown:
        return commitment.collaborator.name, commitment.collaborator.slug
    if commitment.collaborator.is_anonymous and commitment.state not in rows.UNPROVED:
        return _("Hamba Allah"), ""
    return _("Menunggu konfirmasi"), ""


def listed(commitment):
    """Return what the list shows of one collaboration, as plain words and numbers."""
    giver, slug = giver_of(commitment)
    lines = commitment.lines_then
    packages = Counter()
    for line in lines:
        packages[line.package_name] += line.submitted + line.committed
    return {
        "code": commitment.code,
        "url": reverse("collaboration", args=[commitment.code]),
        "giver": giver,
        "giver_url": reverse("collaborator", args=[slug]) if slug else "",
        "partner": commitment.aggregator.collaborator.name if commitment.aggregator else "",
        "program": commitment.program.name,
        "packages": ", ".join(f"{number(many)} {amid(name)}" for name, many in packages.items() if many),
        "places": places_of(lines),
        "submitted": sum(line.submitted for line in lines),
        "committed": sum(line.committed for line in lines),
        "delivered": sum(line.delivered for line in lines),
        "at": commitment.submitted_at,
        "state": "terlambat" if commitment.is_late(timezone.localdate()) else commitment.state,
        "state_label": _("Terlambat") if commitment.is_late(timezone.localdate()) else commitment.get_state_display(),
    }


def places_of(lines):
    """Return "RW 03 Kebayoran Lama Utara dan 4 tempat lain"."""
    names = list(dict.fromkeys(line.place for line in lines))
    if len(names) < 3:
        return _(" dan ").join(names)
    more = len(names) - 1
    return ngettext("%(place)s dan %(more)s tempat lain", "%(place)s dan %(more)s tempat lain", more) % {
        "place": names[0],
        "more": number(more),
    }


# --- One collaboration ------------------------------------------------------------------------------------------------
@require_safe
@fresh
def collaboration(request, code):
    """The full public report of one collaboration."""
    commitment = found(code)
    deliveries = list(_deliveries(commitment))
    context = {
        "commitment": commitment,
        "row": listed(commitment),
        "ended": ENDINGS.get(commitment.state, ""),
        "steps": steps_of(commitment),
        "lines": _lines(commitment, deliveries),
        "map": collaboration_map(commitment.lines_then),
        "promised": sum(line.quantity for line in commitment.lines_then),
        "deliveries": [_delivery(delivery) for delivery in deliveries],
        "facts": _facts(commitment),
        "plea": plea(commitment),
        "page_url": page_address("collaboration", commitment.code),
        "picture_url": page_address("collaboration_image", commitment.code),
        "api": reverse("api_collaboration", args=[commitment.code]),
        "csv": reverse("dataset", args=["kolaborasi", "csv"]) + f"?q={commitment.code}",
    }
    return render(request, "donations/collaboration.html", context)


@require_safe
def collaboration_image(request, code):
    """The picture beside a shared link to a collaboration."""
    commitment = found(code)
    return pictures.answer(request, lambda: picture(commitment))


def found(code):
    """Return a collaboration as the public may know it, with its lines; Http404 without one."""
    known = LISTED.annotate(name_shown=rows.whether(rows.named())).filter(code=code.upper())
    if not known:
        raise Http404(_("Kode kolaborasi ini tidak ada."))
    return rows.with_lines(known, rows.lines(figures.Scope(), known))[0]


def plea(commitment):
    """Return in one sentence what a collaboration gives: it goes along wherever its link is shared."""
    row = listed(commitment)
    words = _("%(giver)s: %(packages)s untuk %(places)s.") if row["packages"] else _("%(giver)s untuk %(places)s.")
    return words % row


def picture(commitment):
    """Return what the picture of a collaboration says."""
    row = listed(commitment)
    promised = row["submitted"] + row["committed"]
    return pictures.Picture(
        title=row["giver"],
        kicker=f"{row['program']} · {commitment.code}",
        number=promised or None,
        words=_("paket untuk %(places)s") % row if promised else row["state_label"],
        detail=f"{row['state_label']} · {row['packages']}" if promised else "",
        sums=(promised, promised, row["committed"], row["delivered"]),
        gift=True,
    )


def _facts(commitment):
    partner = commitment.aggregator.collaborator.name if commitment.aggregator else _("langsung dari pemberi")
    return [
        (_("Program"), commitment.program.name),
        (_("Kategori pemberi"), commitment.collaborator.get_category_display()),
        (_("Disalurkan"), partner),
        (_("Dijanjikan"), day(commitment.submitted_at)),
        (_("Dikonfirmasi"), day(commitment.confirmed_at)),
        (_("Disepakati tiba"), day(commitment.scheduled_on)),
    ]


def _deliveries(commitment):
    """Return the hand-overs with their lines, and the photos that staff have looked at."""
    found = (
        commitment.deliveries.annotate(seen=rows.whether(public("location__")))
        .select_related("location__area")
        .prefetch_related(
            "lines__line__need__package",
            Prefetch("photos", DeliveryPhoto.objects.filter(checked_at__isnull=False).order_by("pk"), "checked_photos"),
        )
    )
    return found.order_by("delivered_at", "pk")


def _delivery(delivery):
    return {
        "number": delivery.number,
        "place": delivery.location.name if delivery.seen else delivery.location.area.label,
        "at": delivery.delivered_at,
        "receiver": delivery.receiver_role,
        "thanks": delivery.thanks,
        "outcomes": [_outcome(outcome) for outcome in delivery.lines.all()],
        "photos": delivery.checked_photos,
    }


def _outcome(outcome):
    """Return "Sembako: 4 diterima baik, 1 rusak" of one counted line."""
    counted = (
        (outcome.ok, _("diterima baik")),
        (outcome.damaged, _("rusak")),
        (outcome.short, _("kurang")),
        (outcome.lost, _("hilang")),
    )
    words = ", ".join(f"{number(many)} {word}" for many, word in counted if many)
    return f"{outcome.line.need.package.name}: {words}"


def _lines(commitment, deliveries):
    """Return the lines with what became of them: damaged, short, lost, and what fell away otherwise."""
    outcomes = {}
    for outcome in (each for delivery in deliveries for each in delivery.lines.all()):
        lost = outcomes.setdefault(outcome.line_id, Counter())
        lost.update(damaged=outcome.damaged, short=outcome.short, lost=outcome.lost)
    return [_line(line, outcomes.get(line.pk, Counter())) for line in commitment.lines_then]


def _line(line, outcome):
    return {
        "place": line.place,
        "url": reverse("location", args=[line.place_code]) if line.place_code else "",
        "package": line.package_name,
        "unit": line.unit,
        "period": line.period_name,
        "promised": line.quantity,
        "submitted": line.submitted,
        "committed": line.committed,
        "delivered": line.delivered,
        "fell_short": _shortfall(line, outcome),
    }


def collaboration_map(lines):
    """Return the map of the places that the public sees, each with what it was promised; None without any."""
    packages = {}
    for line in lines:
        packages.setdefault(line.place_code, []).append(f"{number(line.quantity)} {amid(line.package_name)}")
    places = Location.objects.public().filter(code__in=[code for code in packages if code]).with_point()
    pins, districts = [], {}
    for place in places.select_related("area__parent").order_by("pk"):
        pins.append(
            {
                "name": place.name,
                "words": ", ".join(packages[place.code]),
                "url": reverse("location", args=[place.code]),
                "longitude": place.shown_longitude,
                "latitude": place.shown_latitude,
            }
        )
        parent = place.area.parent
        point = (float(parent.latitude), float(parent.longitude))
        districts[parent.pk] = {"code": parent.pk, "name": parent.name, "point": point}
    return area_maps.places_map(pins, list(districts.values())) if pins else None


def _shortfall(line, outcome):
    """Return in words what of the promise did not arrive well, "" when nothing is missing."""
    words = ((_("rusak"), outcome["damaged"]), (_("kurang"), outcome["short"]), (_("hilang"), outcome["lost"]))
    missing = line.quantity - line.submitted - line.committed
    other = missing - sum(outcome.values())
    return ", ".join(
        f"{number(many)} {word}" for word, many in (*words, (_("dibatalkan atau dikembalikan"), other)) if many > 0
    )
