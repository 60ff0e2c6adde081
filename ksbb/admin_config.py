"""The admin's start: discovers every app's admin but leaflet's, which would need GDAL."""

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import import_module, module_has_submodule


class KsbbAdminConfig(SimpleAdminConfig):
    default_site = "ksbb.admin_site.KsbbAdminSite"

    def ready(self):
        super().ready()
        for config in apps.get_app_configs():
            if config.name != "leaflet" and module_has_submodule(config.module, "admin"):
                import_module(f"{config.name}.admin")
