"""Copies of everything that must not be lost: made, checked, thinned out, brought back.

A copy is a folder with the database, the photographs, a word about both, and the sums of all three. The keys are not in
it: whoever holds the database and the keys together can try KK numbers.
"""

import hashlib
import hmac
import json
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

NAME = re.compile(r"ksbb-\d{8}T\d{6}Z")
SUMS = "SHA256SUMS"


class Unusable(Exception):
    """Why a copy cannot be made or brought back."""


def make(folder, now):
    """Write a copy into `folder` and return it; what is there under its name is whole."""
    copy = folder / f"ksbb-{now:%Y%m%dT%H%M%SZ}"
    part = folder / f".{copy.name}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    try:
        _fill(part, now)
        return part.rename(copy)
    except BaseException:  # half a copy would keep its space on a disk that is full, and the data longer than we say
        shutil.rmtree(part, ignore_errors=True)
        raise


def _fill(part, now):
    # The database first: a photograph's file is there before the row that names it.
    _dump(part / _database_name())
    _pack(Path(settings.MEDIA_ROOT), part / "media.zip")
    about = {"made_at": now.isoformat(), "engine": connection.vendor, "keys": key_checks()}
    (part / "about.json").write_text(json.dumps(about, indent=1))
    (part / SUMS).write_text("".join(f"{_sum(path)}  {path.name}\n" for path in sorted(part.iterdir())))
    os.sync()


def thin_out(folder, keep):
    """Remove all copies but the newest `keep`, and what is older of those that were broken off; return the removed."""
    whole = sorted(path.name for path in folder.iterdir() if NAME.fullmatch(path.name))
    oldest = min(whole[-keep:], default="")
    copies = [path for path in folder.iterdir() if NAME.fullmatch(_when(path))]
    removed = sorted((path for path in copies if _when(path) < oldest), key=_when)
    for copy in removed:
        shutil.rmtree(copy)
    return removed


def _when(copy):
    """Return what the names of copies are ordered by; one that is not whole has a dot before it."""
    return copy.name.removeprefix(".")


def check(copy):
    """Return what a copy says about itself; Unusable when a file of it is missing or changed."""
    if not (copy / SUMS).is_file():
        raise Unusable(f"{copy} is no copy: it has no {SUMS}.")
    for line in (copy / SUMS).read_text().splitlines():
        total, name = line.split("  ")
        if not (copy / name).is_file() or _sum(copy / name) != total:
            raise Unusable(f"{copy / name} is missing or is not what was written.")
    return json.loads((copy / "about.json").read_text())


def restore(copy):
    """Bring a copy back into an empty database and state folder; Unusable, with nothing touched, when it does not fit.

    The map's files are made anew: they remember how far another server's ledger was final.
    """
    about, media = check(copy), Path(settings.MEDIA_ROOT)
    if about["engine"] != connection.vendor:
        raise Unusable(f"The copy is of {about['engine']}, the database here is {connection.vendor}.")
    if other := [name for name, value in key_checks().items() if not _continues(about["keys"][name], value)]:
        raise Unusable(f"{', '.join(other)}: not the key of this copy. Restore VAR/env first.")
    if not _is_empty():
        raise Unusable("The database is not empty.")
    if media.is_dir() and any(media.iterdir()):
        raise Unusable(f"{media} is not empty.")
    _load(copy / _database_name())
    _unpack(copy / "media.zip", media)
    shutil.rmtree(settings.VAR / "peta", ignore_errors=True)


# --- Keys -------------------------------------------------------------------------------------------------------------
def key_checks():
    """Return for each purpose what tells its keys from others and says nothing about them."""
    keys = {"KK_KEY": settings.KK_KEYS, "CONTACT_KEY": [settings.CONTACT_KEY], "LINK_KEY": [settings.LINK_KEY]}
    return {name: [_key_check(value) for value in values] for name, values in keys.items()}


def _key_check(value):
    return hmac.new(value.encode(), b"which key a copy belongs to", "sha256").hexdigest()[:16]


def _continues(then, now):
    """Tell whether the keys of now begin with those of then: a rotation adds one and drops none."""
    return now[: len(then)] == then


# --- The database -----------------------------------------------------------------------------------------------------
def _database_name():
    return "database.dump" if connection.vendor == "postgresql" else "database.sqlite3"


def _is_empty():
    if connection.vendor == "postgresql":
        return not connection.introspection.table_names()
    file = Path(connection.settings_dict["NAME"])  # not opened: an open connection would go on with the file of before
    return not file.exists() or file.stat().st_size == 0


def _dump(target):
    if connection.vendor == "postgresql":
        _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        _call(["pg_restore", "--list", str(target)])
        return
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        database.execute("VACUUM INTO ?", [str(target)])


def _load(source):
    if connection.vendor == "postgresql":
        options = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction")
        _postgres("pg_restore", *options, "--dbname={name}", str(source), after=())
        return
    shutil.copyfile(source, connection.settings_dict["NAME"])


def _postgres(program, *options, after=None):
    """Run one of PostgreSQL's programs on our database; the password goes by its environment, which nobody sees."""
    place, password = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    *place, name = place[1:]
    options = [option.format(name=name) for option in options]
    _call([program, *place, *options, *((name,) if after is None else after)], password)


def _call(command, extra=None):
    try:
        subprocess.run(command, check=True, env={**os.environ, **(extra or {})}, capture_output=True, text=True)
    except FileNotFoundError:
        raise Unusable(f"{command[0]} is not on the PATH: install PostgreSQL's client programs.") from None
    except subprocess.CalledProcessError as error:
        raise Unusable(f"{command[0]}: {error.stderr.strip()}") from None


# --- Files ------------------------------------------------------------------------------------------------------------
def _sum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(folder, target):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(folder))


def _unpack(source, folder):
    with zipfile.ZipFile(source) as archive:
        archive.extractall(folder)
