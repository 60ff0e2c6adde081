"""Static files: hashed names, module imports rewritten too, brotli and gzip made ahead of time."""

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The package whose files the public's pages load beside ours; compressing all packages would take half a minute.
PUBLIC_PACKAGES = {"leaflet"}


def without_source_maps(patterns):
    """Return Django's patterns of references to rewrite, less those to source maps, which are not collected."""
    return [
        (kind, [rule for rule in rules if "sourceMappingURL" not in (rule[0] if isinstance(rule, tuple) else rule)])
        for kind, rules in patterns
    ]


class StaticStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    patterns = tuple(without_source_maps(CompressedManifestStaticFilesStorage.patterns))

    def compress_files(self, names):
        """Compress what the public's pages load, under the hashed names they load it by."""
        folders = PUBLIC_PACKAGES | {path.name for path in (settings.BASE_DIR / "static").iterdir()}
        hashed = set(self.hashed_files.values())
        return super().compress_files({name for name in names & hashed if name.split("/")[0] in folders})
