"""The only file that knows every address."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from ksbb import views

urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("admin/akun/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEBUG:
    from ksbb.style import style

    urlpatterns.append(path("gaya/", style, name="style"))
