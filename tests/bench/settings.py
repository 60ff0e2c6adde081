"""The product's own settings, and two pages to compare with (tests/bench/urls.py)."""

from ksbb.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
