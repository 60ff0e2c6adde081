"""The product's own settings as a production portal would have them, read anew from an environment of the test's."""

import os
import runpy
import tempfile
from pathlib import Path

from tests.keys import KEYS

SETTINGS = Path(__file__).resolve().parent.parent / "ksbb" / "settings.py"
# Settings that say how answers look; middlewares read them when a client is made.
LOOKS = ("SECURE", "SESSION_", "CSRF_", "CONTENT_", "X_FRAME", "ALLOWED_HOSTS", "MESSAGE_STORAGE")


def production(**changes):
    """Return the environment of a production portal; None takes a name out of it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "KSBB_"))}
    plain |= {"SITE_URL": "https://ksbb.example", "DEMO": "0", "DEBUG": "0", **KEYS, **changes}
    return {name: value for name, value in plain.items() if value is not None}


def settings_of(monkeypatch, **changes):
    """Return the settings as a dict; raises what the product raises when it refuses to start."""
    with tempfile.TemporaryDirectory(prefix="ksbb-production-") as folder:
        environment = production(**{"VAR": folder, **changes})
        for name in set(os.environ) - set(environment):
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))


def dress(settings, values):
    """Give the settings under test the looks of production."""
    for name, value in values.items():
        if name.isupper() and name.startswith(LOOKS):
            setattr(settings, name, value)
