"""Static files: hashed names, module imports rewritten too, brotli and gzip made ahead of time."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
