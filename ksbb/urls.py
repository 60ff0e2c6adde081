"""The only file that knows every address."""

from allauth.account import views as account
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from donations import api as donations_api
from donations import map_api as donations_map_api
from donations.views import (
    aggregators,
    collaborations,
    collaborators,
    complaints,
    data,
    delivery_photo,
    demo_mail,
    figures,
    give_money,
    kk_check,
    my_commitment,
    my_location,
    promise,
    track,
)
from ksbb import api, views
from locations import api as locations_api
from locations import map_api
from locations.views import area, location, locations, map, poster
from programs import api as programs_api
from programs import views as program_views

# allauth's pages that staff need; signing up and resetting a password by mail do not exist.
staff_account = [
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("nonaktif/", account.account_inactive, name="account_inactive"),
    path("pastikan/", account.reauthenticate, name="account_reauthenticate"),
    path("kata-sandi/", account.password_change, name="account_change_password"),
    path("kata-sandi/baru/", account.password_set, name="account_set_password"),
    path("faktor-kedua/", include("allauth.mfa.urls")),
]


def moved_to(name):
    """Return the redirect of an address printed in 2020 to today's page."""
    return RedirectView.as_view(pattern_name=name, permanent=True, query_string=True)


# Pages that people read: Indonesian here, and the English twin of each below /en/.
pages = i18n_patterns(
    path("", views.home, name="home"),
    path("gambar.png", views.home_image, name="home_image"),
    path("peta/", map.map, name="map"),
    path("lokasi/", locations.locations, name="locations"),
    path("lokasi/<str:code>/", location.location, name="location"),
    path("lokasi/<str:code>/poster/", poster.poster, name="poster"),
    path("lokasi/<str:code>/gambar.png", location.location_image, name="location_image"),
    path("wilayah/<str:code>/", area.area, name="area"),
    path("wilayah/<str:code>/gambar.png", area.area_image, name="area_image"),
    path("program/", program_views.programs, name="programs"),
    path("program/<slug:slug>/", program_views.program, name="program"),
    path("tentang/", views.about, name="about"),
    path("privasi/", views.privacy, name="privacy"),
    path("aksesibilitas/", views.accessibility, name="accessibility"),
    path("beri-bantuan/", promise.promise, name="promise"),
    path("beri-bantuan/dana/", give_money.give_money, name="give_money"),
    path("komitmen-saya/<str:secret>/", my_commitment.my_commitment, name="my_commitment"),
    path("komitmen-saya/bukti/<str:secret>/", my_commitment.prove_contact, name="prove_contact"),
    path("dana-saya/<str:secret>/", give_money.my_contribution, name="my_contribution"),
    path("lokasi-saya/<str:secret>/", my_location.my_location, name="my_location"),
    path("lacak/", track.track, name="track"),
    path("demo/surel/", demo_mail.demo_mail, name="demo_mail"),
    path("kolaborasi/", collaborations.collaborations, name="collaborations"),
    path("kolaborasi/<str:code>/", collaborations.collaboration, name="collaboration"),
    path("kolaborasi/<str:code>/gambar.png", collaborations.collaboration_image, name="collaboration_image"),
    path("kolaborator/", collaborators.collaborators, name="collaborators"),
    path("kolaborator/<slug:slug>/", collaborators.collaborator, name="collaborator"),
    path("agregator/", aggregators.aggregators, name="aggregators"),
    path("transparansi/", figures.figures, name="figures"),
    path("transparansi/definisi/", figures.definitions, name="definitions"),
    path("cek-kk/", kk_check.kk_check, name="kk_check"),
    path("pengaduan/", complaints.complaints, name="complaints"),
    path("pengaduan/<str:secret>/", complaints.complaint, name="complaint"),
    path("data/", data.data, name="data"),
    path("api/v1/dokumentasi/", api.api_docs, name="api_docs"),
    prefix_default_language=False,
)

# What has one address whatever the language: files, pictures, the API, addresses of 2020, health, staff.
urlpatterns = [
    *pages,
    path("foto/<int:pk>/", delivery_photo.delivery_photo, name="delivery_photo"),
    path("data/<slug:name>.<slug:ending>", data.dataset, name="dataset"),
    path("kolaborasi", moved_to("collaborations")),
    path("id/kolaborasi", moved_to("collaborations")),
    path("id/ksbb", moved_to("figures")),
    path("api/v1/", api.Root.as_view(), name="api"),
    path("api/v1/skema/", api.Schema.as_view(), name="api_schema"),
    path("api/v1/program/", programs_api.ProgramList.as_view(), name="api_programs"),
    path("api/v1/program/<slug:slug>/", programs_api.ProgramDetail.as_view(), name="api_program"),
    path("api/v1/paket/", programs_api.PackageList.as_view(), name="api_packages"),
    path("api/v1/periode/", programs_api.PeriodList.as_view(), name="api_periods"),
    path("api/v1/wilayah/", locations_api.AreaList.as_view(), name="api_areas"),
    path("api/v1/wilayah/<str:code>/", locations_api.AreaDetail.as_view(), name="api_area"),
    path("api/v1/lokasi/", locations_api.LocationList.as_view(), name="api_locations"),
    path("api/v1/lokasi/<str:code>/", locations_api.LocationDetail.as_view(), name="api_location"),
    path("api/v1/saran/", locations_api.Suggestions.as_view(), name="api_suggestions"),
    path("api/v1/kebutuhan/", locations_api.NeedList.as_view(), name="api_needs"),
    path("api/v1/kolaborator/", donations_api.CollaboratorList.as_view(), name="api_collaborators"),
    path("api/v1/agregator/", donations_api.AggregatorList.as_view(), name="api_aggregators"),
    path("api/v1/kolaborasi/", donations_api.CollaborationList.as_view(), name="api_collaborations"),
    path("api/v1/kolaborasi/<str:code>/", donations_api.CollaborationDetail.as_view(), name="api_collaboration"),
    path("api/v1/penyaluran/", donations_api.DeliveryList.as_view(), name="api_deliveries"),
    path("api/v1/angka/", donations_api.FigureView.as_view(), name="api_figures"),
    path("api/v1/peta/", map_api.Manifest.as_view(), name="api_map"),
    path("api/v1/peta/perubahan/", donations_map_api.MapChanges.as_view(), name="api_map_changes"),
    path("api/v1/peta/lokasi/", map_api.Matches.as_view(), name="api_map_matches"),
    path("api/v1/peta/batas/<slug:digest>.json", map_api.MapShapes.as_view(), name="api_map_shapes"),
    path("api/v1/peta/<slug:digest>.json", map_api.MapData.as_view(), name="api_map_data"),
    path("api/v1/<path:rest>", api.Missing.as_view(), name="api_missing"),
    path(".well-known/security.txt", views.security, name="security"),
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("admin/akun/", include(staff_account)),
    path("admin/", admin.site.urls),
]

handler500 = "ksbb.broken.server_error"

if settings.METRICS_TOKEN:
    from ksbb.core.metrics import metrics

    urlpatterns.append(path("metrics", metrics, name="metrics"))

if settings.DEBUG:
    from ksbb.style import style

    urlpatterns.append(path("gaya/", style, name="style"))
