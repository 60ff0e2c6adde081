"""All public places for the map: one columnar file named by its content, made after changes, never by a visitor."""

import gzip
import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby, pairwise
from operator import itemgetter

import brotli
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from ksbb.core.version import data_version

from .models import Location, LocationKind, Need
from .queries import WHOLE

GRID = 100_000  # points are whole numbers of 0.00001 degree, about a metre
KEPT_SECONDS = 3_600  # an older file stays for pages that are still open
ENCODINGS = {"br": lambda body: brotli.compress(body, quality=11), "gzip": lambda body: gzip.compress(body, 9, mtime=0)}
ENDINGS = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True)
class Manifest:
    """Which file holds the places now: the hash that names it, how many places, when it was made, for which data."""

    digest: str
    count: int
    made_at: datetime
    version: int


def folder():
    """Return where the files lie."""
    return settings.VAR / "peta"


def steps(numbers):
    """Return the differences of a list of whole numbers, the first as it is: small numbers compress well."""
    return [number - before for before, number in pairwise([0, *numbers])]


def short_code(area, code):
    """Return what a place's code says beyond its kelurahan; "=" and all of it when it does not start with that."""
    before = area.replace(".", "") + "-"
    return code.removeprefix(before) if code.startswith(before) else f"={code}"


def columns():
    """Return (the columns of all public places, sorted by kelurahan; how many places)."""
    kinds = list(LocationKind.objects.order_by("position", "pk").values_list("pk", "slug", "name"))
    position = {pk: index for index, (pk, _slug, _name) in enumerate(kinds)}
    fields = "area_id code pk kind_id is_priority shown_longitude shown_latitude fulfilment lacking".split()
    rows = list(
        Location.objects.public()
        .with_point()
        .with_fulfilment()
        .with_lacking(Need.objects.all())
        .order_by("area_id", "pk")
        .values_list(*fields)
    )
    areas = [(code, len(list(group))) for code, group in groupby(rows, itemgetter(0))]
    by_column = zip(*rows, strict=True) if rows else [()] * len(fields)
    homes, codes, keys, kind_of, priority, east, north, fulfilment, lacking = by_column
    return {
        "jenis": [{"slug": slug, "nama": name} for _pk, slug, name in kinds],
        "kelurahan": [code for code, _count in areas],
        "banyak": [count for _code, count in areas],
        "kode": [short_code(area, code) for area, code in zip(homes, codes, strict=True)],
        "id": steps(keys),
        "j": [position[kind] for kind in kind_of],
        "p": "".join("01"[flag] for flag in priority),
        "x": steps([round(degrees * GRID) for degrees in east]),
        "y": steps([round(degrees * GRID) for degrees in north]),
        "terpenuhi": [-1 if share is None else share * 100 // WHOLE for share in fulfilment],
        "sisa": list(lacking),
    }, len(rows)


def build(now):
    """Return (Manifest, body) of the places as they are now; writes nothing."""
    version = data_version()
    table, count = columns()
    body = json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
    return Manifest(hashlib.blake2b(body, digest_size=10).hexdigest(), count, now, version), body


def current():
    """Return the Manifest that holds now: the written one, or (before there is one) of a file kept in memory."""
    return _written() or in_memory()[0]


def _written():
    try:
        values = json.loads((folder() / "manifest.json").read_bytes())
    except FileNotFoundError:
        return None
    return Manifest(**{**values, "made_at": datetime.fromisoformat(values["made_at"])})


def in_memory():
    """Return (Manifest, body) made for this process while no file has been written yet."""
    return cache.get_or_set(f"snapshot:{data_version()}", lambda: build(timezone.now()), 600)


def read(digest, accepted=""):
    """Return (body, content encoding or "") of the file with this hash in the best `accepted` encoding, or None."""
    for encoding, ending in ENDINGS.items():
        if encoding in accepted and (path := folder() / f"{digest}.json{ending}").is_file():
            return path.read_bytes(), encoding
    path = folder() / f"{digest}.json"
    if path.is_file():
        return path.read_bytes(), ""
    manifest, body = in_memory()
    return (body, "") if manifest.digest == digest else None


def rebuild(now=None):
    """Write the file of the places as they are now if the data moved; returns whether it did. For `run_jobs` only."""
    written = _written()
    if written and written.version == data_version():
        return False
    manifest, body = build(now or timezone.now())
    folder().mkdir(parents=True, exist_ok=True)
    if not written or written.digest != manifest.digest:
        for encoding, compress in ENCODINGS.items():
            _put(f"{manifest.digest}.json{ENDINGS[encoding]}", compress(body))
        _put(f"{manifest.digest}.json", body)
    values = {**asdict(manifest), "made_at": manifest.made_at.isoformat()}
    _put("manifest.json", json.dumps(values).encode())
    _sweep(manifest.digest)
    return True


def _put(name, body):
    """Write a file in one step, so that no reader ever sees half of it."""
    path = folder() / f".{name}.new"
    path.write_bytes(body)
    os.replace(path, folder() / name)


def _sweep(digest):
    """Remove files that no open page can still want."""
    for path in folder().glob("*.json*"):
        old = time.time() - path.stat().st_mtime > KEPT_SECONDS
        if old and not path.name.startswith((digest, "manifest")):
            path.unlink(missing_ok=True)
