"""All public places for the map, in files named by their content, made after changes and never by a visitor."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.utils import timezone

from ksbb.core import packed
from ksbb.core.version import data_version, remembered

from .snapshot_tables import open_periods, tables

KEPT_MARKS = 300
MOVING = ("terpenuhi", "sisa")  # the columns of `markers` that a promise changes


@dataclass(frozen=True)
class Manifest:
    """Which files hold the places now: the hashes that name them, how many places, when made, for which data.

    `frame` is a hash over all but what promises move.
    """

    digest: str
    names: str
    needs: str
    count: int
    made_at: datetime
    version: int
    frame: str

    @property
    def files(self):
        return self.digest, self.names, self.needs


def is_digest(text):
    """Tell whether a text can be the hash that names a file."""
    return re.fullmatch("[0-9a-f]{20}", text) is not None


def folder():
    """Return where the files lie."""
    return settings.VAR / "peta"


def _json(table):
    return json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()


def build(now):
    """Return (Manifest, {hash: body}) of the places as they are now; writes nothing."""
    version = data_version()
    made = tables()
    bodies = {name: _json(table) for name, table in made.items()}
    digests = {name: packed.digest(body) for name, body in bodies.items()}
    still = {name: column for name, column in made["markers"].items() if name not in MOVING}
    manifest = Manifest(
        digest=digests["markers"],
        names=digests["names"],
        needs=digests["needs"],
        count=len(made["markers"]["id"]),
        made_at=now,
        version=version,
        frame=packed.digest(_json([still, digests["names"], open_periods()])),
    )
    return manifest, {digests[name]: body for name, body in bodies.items()}


def current():
    """Return the Manifest that holds now: the written one, or (before there is one) of files kept in memory."""
    return _written() or in_memory()[0]


def _written():
    try:
        values = json.loads((folder() / "manifest.json").read_bytes())
        return Manifest(**{**values, "made_at": datetime.fromisoformat(values["made_at"])})
    except (FileNotFoundError, TypeError):  # TypeError: an earlier release wrote it
        return None


def in_memory():
    """Return (Manifest, {hash: body}) made for this process while no file has been written yet."""
    return remembered("snapshot", lambda: build(timezone.now()))


def read(digest, accepted=()):
    """Return (body, content encoding or "") of the file with this hash in the best `accepted` encoding, or None."""
    if found := packed.read(folder(), f"{digest}.json", accepted):
        return found
    body = in_memory()[1].get(digest)
    return (body, "") if body is not None else None


def rebuild(now=None, position=0):
    """Write the files of the places as they are now if the data moved; returns whether it did. For `run_jobs` only.

    `position`: how far the ledger is final, read before this is called, so that no entry falls between the two.
    """
    written = _written()
    if written and written.version == data_version():
        return False
    manifest, bodies = build(now or timezone.now())
    for digest, body in bodies.items():
        if not packed.read(folder(), f"{digest}.json"):
            packed.put(folder(), f"{digest}.json", body)
    _mark(manifest, position)
    values = {**asdict(manifest), "made_at": manifest.made_at.isoformat()}
    packed.replace(folder() / "manifest.json", json.dumps(values).encode())
    packed.sweep(folder(), [*manifest.files, *(written.files if written else ()), "manifest", "marks"])
    return True


def mark(digest):
    """Return how far the ledger was final when this file was made, or None when what changed since cannot be told."""
    return _marks().get("positions", {}).get(digest)


def _marks():
    path = folder() / "marks.json"
    return json.loads(path.read_bytes()) if path.is_file() else {}


def _mark(manifest, position):
    """Remember the position of a file, and those of older ones as long as only what promises move differs."""
    before = _marks()
    older = before["positions"] if before.get("frame") == manifest.frame else {}
    positions = {manifest.digest: position, **{key: at for key, at in older.items() if key != manifest.digest}}
    kept = dict(islice(positions.items(), KEPT_MARKS))
    packed.replace(folder() / "marks.json", json.dumps({"frame": manifest.frame, "positions": kept}).encode())
