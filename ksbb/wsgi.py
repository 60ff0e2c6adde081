"""The door for the production server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksbb.settings")
application = get_wsgi_application()
# Load addresses and views once, before the server forks its workers; else the first visitor of each would wait for it.
get_resolver().url_patterns  # noqa: B018 - loading is what reading it does
