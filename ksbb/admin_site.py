"""The staff's door."""

from django.contrib import admin


class KsbbAdminSite(admin.AdminSite):
    pass
