"""The settings under test: the product's own, with keys of no value, an empty state folder and the engine asked for.

`KSBB_ENGINE=postgres` (or `TEST_DATABASE_URL`) runs the same tests on PostgreSQL; without it they run on a SQLite file
with the product's options, since a database in memory has neither its locks nor its threads.
"""

import os
import tempfile
from pathlib import Path

from tests.keys import KEYS

if "KSBB_TEST_VAR" not in os.environ:
    folder = tempfile.TemporaryDirectory(prefix="ksbb-test-", ignore_cleanup_errors=True)
    os.environ["KSBB_TEST_VAR"] = folder.name

if os.environ.get("KSBB_ENGINE") == "postgres" and not os.environ.get("TEST_DATABASE_URL"):
    from tests.postgres import Server

    # Started once, by the first process of the run; xdist's workers inherit the address and use a database each.
    os.environ["TEST_DATABASE_URL"] = Server().url

for name in ("PORT", "HOST", "SITE_URL", "DEBUG", "EMAIL_URL", "KK_LIMIT", "DATABASE_URL", "DATABASE_REPLICA_URL"):
    os.environ.pop(name, None)
os.environ.update(
    VAR=os.environ["KSBB_TEST_VAR"],
    DEMO="0",
    **KEYS,
)
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from ksbb.settings import *  # noqa: E402, F403 - what stands above must be in the environment first
from ksbb.settings import CACHES, DATABASES, STORAGES, TEMPLATES, VAR  # noqa: E402
from tests.tripwires import Unknown  # noqa: E402

DATABASES["default"]["TEST"] = {
    "NAME": "test_ksbb" if "DATABASE_URL" in os.environ else str(Path(VAR) / "test.sqlite3")
}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Unknown("%s")
# Plain names, since a manifest would need collectstatic first; the browser tests see the hashed files.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
# Argon2 is slow by design; a test that logs in need not wait for it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Most tests look at a page again right after they changed something, or at its context: each page is made anew.
# tests/test_pages.py and the browser tests run with the pages kept.
PAGES_KEPT = CACHES["pages"]
DUMMY = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
CACHES = {**CACHES, "pages": DUMMY, "last": DUMMY}
