"""What production refuses to start with, and what it starts with."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.keys import KEYS
from tests.production import SETTINGS, production, settings_of

pytestmark = pytest.mark.sqlite  # nothing here touches a database
REFUSED = [
    *({name: value} for name in KEYS for value in (None, "", "pendek", "x" * 64, f"django-insecure-{KEYS[name]}")),
    *({name: "changeme" * 8} for name in KEYS),
    {"KK_KEY": KEYS["LINK_KEY"]},
    {"KK_KEY_2": KEYS["KK_KEY"]},
    {"KK_KEY_2": "pendek"},
    {"DEBUG": "1"},
    {"KK_LIMIT": "0"},
]


@pytest.mark.parametrize(
    "changes", REFUSED, ids=lambda changes: "-".join(f"{k}={str(v)[:9]}" for k, v in changes.items())
)
def test_it_does_not_start_with(monkeypatch, changes):
    with pytest.raises(ImproperlyConfigured):
        settings_of(monkeypatch, **changes)


def manage(folder, *arguments, **changes):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=SETTINGS.parent.parent, env=production(VAR=str(folder), **changes), capture_output=True, text=True
    )


def test_the_command_line_says_which_secret_and_how_to_get_one(tmp_path):
    ended = manage(tmp_path, "check", LINK_KEY="pendek", DJANGO_SETTINGS_MODULE="ksbb.settings")
    assert ended.returncode != 0
    assert "LINK_KEY must be a random string of at least 32 characters" in ended.stderr
    assert "pendek" not in ended.stderr


def test_a_production_portal_has_nothing_left_to_say_about_its_deployment(tmp_path):
    ended = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", DJANGO_SETTINGS_MODULE="ksbb.settings")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_passwords_sizes_and_sessions_are_bounded(monkeypatch):
    values = settings_of(monkeypatch)
    assert values["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert values["DATA_UPLOAD_MAX_MEMORY_SIZE"] <= 2_500_000
    assert values["DATA_UPLOAD_MAX_NUMBER_FIELDS"] <= 1_000
    assert values["DATA_UPLOAD_MAX_NUMBER_FILES"] <= 10
    assert values["SESSION_COOKIE_AGE"] <= 8 * 3600
    assert not values["DEBUG"]
