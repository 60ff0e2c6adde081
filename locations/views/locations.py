"""`/lokasi/`: every place as a list, the same set as the map."""

from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ksbb.core.pages import fresh
from ksbb.core.parameters import address, without_page
from ksbb.core.version import remembered
from locations import suggestions
from locations.filters import LocationFilters
from locations.models import Area, AreaLevel, Location
from locations.shown import listed, short_city


@require_safe
@fresh(takes=LocationFilters)
def locations(request):
    """The list with its filters, counts and keyset pages."""
    chosen = LocationFilters(request.GET, queryset=Location.objects.all())
    page = chosen.page()
    offer_areas(chosen)
    offer_suggestions(chosen)
    context = {
        "form": chosen.form,
        "places": [listed(place) for place in page.rows],
        "count": chosen.count,
        "counts": counts(chosen),
        "left": left(chosen),
        "query": without_page(request.GET),
        "next": address(request, page.next),
        "previous": address(request, page.previous),
    }
    return render(request, "locations/locations.html", context, status=400 if chosen.errors else 200)


def offer_areas(chosen):
    """Let the filter offer kota and kecamatan, and the kelurahan that the address names."""
    rows = Area.objects.filter(level__in=[AreaLevel.CITY, AreaLevel.DISTRICT]).order_by("pk")
    groups = []
    for code, level, name in rows.values_list("pk", "level", "name"):
        if level == AreaLevel.CITY:
            groups.append((short_city(name), [(code, name)]))
        else:
            groups[-1][1].append((code, name))
    named = [(area.pk, area.label) for area in chosen.cleaned.get("wilayah") or [] if area.level == AreaLevel.VILLAGE]
    field = chosen.form.fields["wilayah"]
    chosen.form["wilayah"].help_text = ""  # people choose from names; the code is for addresses and machines
    field.widget.choices = field.choices = [("", field.empty_label), *named, *groups]


def offer_suggestions(chosen):
    """Tell the search box where its suggestions come from and where a chosen place leads, for pages with scripts."""
    chosen.form.fields["q"].widget.attrs |= {
        "placeholder": _("RW, kelurahan, panti, sekolah"),
        **suggestions.box(),
        "data-place": reverse("location", args=["KODE"]),
        "data-none": _("Tidak ada saran. Tekan Enter untuk mencari."),
    }


def left(chosen):
    """Return how many packages the chosen places lack, of what the filter asks for."""
    needs, places = chosen.needs.in_open_periods(), chosen.qs.values("pk")
    return remembered(f"left:{chosen.fingerprint()}", lambda: needs.filter(location__in=places).sums()["left"])


def counts(chosen):
    """Return {parameter: {value: places}}: how many places a choice would show, all other filters as they are."""
    return remembered(f"counts:{chosen.fingerprint()}", lambda: _counts(chosen))


def _counts(chosen):
    counted = {"program": "package__program__slug", "paket": "package__slug"}
    found = {name: dict(_per_need(chosen.without(name), path)) for name, path in counted.items()}
    found["jenis"] = dict(_per_place(chosen.without("jenis"), "kind__slug"))
    priority = dict(_per_place(chosen.without("prioritas"), "is_priority"))
    return {**found, "prioritas": {"ya": priority.get(True, 0), "tidak": priority.get(False, 0)}}


def _per_need(others, path):
    places = others.places(Location.objects.all()).values("pk")
    needs = others.needs.filter(location__in=places).order_by()
    return needs.values_list(path).annotate(places=Count("location", distinct=True))


def _per_place(others, path):
    return others.qs.order_by().values_list(path).annotate(places=Count("pk"))
