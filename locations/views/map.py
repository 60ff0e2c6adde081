"""`/peta/`: where help is lacking, on a map; without scripts the same set as a list and a table by area."""

from django.conf import settings
from django.core.cache import cache
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ksbb.core.pages import fresh
from ksbb.core.version import data_version
from locations.filters import LocationFilters
from locations.models import Area, AreaLevel, Location
from locations.shown import listed, sums_of_areas
from programs.models import PackageType, Program

from .locations import counts, offer_areas, without_page

BESIDE = "10"  # places in the list beside the map


@require_safe
@fresh
def map(request):
    """The map, the list beside it and the table below it: one set of places."""
    data = request.GET.copy()
    data.setdefault("ukuran", BESIDE)
    chosen = LocationFilters(data, queryset=Location.objects.all())
    page = chosen.page()
    offer_areas(chosen)
    context = {
        "form": chosen.form,
        "counts": counts(chosen),
        "count": chosen.count,
        "places": [listed(place) for place in page.rows],
        "cities": cities(chosen),
        "query": without_page(request),
        "settings": map_settings(request),
    }
    return render(request, "locations/map.html", context, status=400 if chosen.errors else 200)


def cities(chosen):
    """Return the kota with their kecamatan, each with the sums of the chosen needs at the chosen places."""
    key = f"cities:{data_version()}:{chosen.fingerprint()}"
    return cache.get_or_set(key, lambda: _cities(chosen), 600)


def _cities(chosen):
    needs = chosen.needs.filter(location__in=chosen.qs.values("pk"))
    above, below = (
        sums_of_areas(level, Area.objects.filter(level=level).order_by("pk"), needs)
        for level in (AreaLevel.CITY, AreaLevel.DISTRICT)
    )
    return [
        {**city, "districts": [each for each in below if each["needed"] and each["code"].startswith(city["code"])]}
        for city in above
        if city["needed"]
    ]


def map_settings(request):
    """Return what the map's script needs to know: addresses, tiles, names and words."""
    filtered = any(name not in ("ukuran", "urut", "cursor") for name in request.GET)
    return {
        "manifest": reverse("api_map"),
        "matches": f"{reverse('api_map_matches')}{without_page(request)}" if filtered else "",
        "place": reverse("api_location", args=["KODE"]),
        "page": reverse("location", args=["KODE"]),
        "promise": reverse("promise"),
        "tiles": settings.TILE_URL,
        "attribution": settings.TILE_ATTRIBUTION,
        "packages": dict(PackageType.objects.values_list("slug", "name")),
        "programs": dict(Program.objects.values_list("slug", "name")),
        "words": {
            "close": _("Tutup"),
            "give": _("Beri bantuan"),
            "more": _("Buka halaman tempat ini"),
            "lacking": _("Masih dibutuhkan %s"),
            "of": _("dari %s"),
            "full": _("Semua sudah ada yang menanggung"),
            "none": _("Tidak ada kebutuhan yang terbuka"),
            "failed": _("Rincian tempat ini tidak dapat diambil. Coba lagi, atau buka daftarnya."),
            "coarse": _("Ditunjukkan hanya sampai kelurahan."),
            "approximate": _("Titiknya perkiraan."),
            "zoom_in": _("Perbesar"),
            "zoom_out": _("Perkecil"),
        },
    }
