"""The outlines of all kelurahan as one file named by its content: real borders where given, else approximate cells."""

import json
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max

from ksbb.core import packed
from ksbb.core.version import remembered

from . import topology
from .models import Boundary

FALLBACK = settings.BASE_DIR / "fixtures" / "cells.json"


def folder():
    """Return where the files lie."""
    return settings.VAR / "batas"


def build():
    """Return the topology of the outlines as they are now, as bytes; writes nothing.

    Its properties say `perkiraan` (true: all outlines are guessed) and, where only some are, which (`perkiraan_di`).
    """
    rows = list(Boundary.objects.order_by("area_id").values_list("area_id", "outline", "geometry__type"))
    given = {code for code, _outline, kind in rows if kind}
    outlines = {code: _parts(outline) for code, outline, _kind in rows if outline}
    if not outlines:
        return FALLBACK.read_bytes().strip()
    guessed = sorted(outlines.keys() - given)
    more = {"perkiraan_di": guessed} if guessed and outlines.keys() & given else {}
    borders = topology.encode(
        outlines, lambda codes: is_border(codes, given), perkiraan=not outlines.keys() & given, **more
    )
    return json.dumps(borders, separators=(",", ":")).encode()


def _parts(outline):
    return [[[tuple(point) for point in ring] for ring in part] for part in outline]


def is_border(codes, given):
    """Say whether the line between these kelurahan is real: one of them, or one kecamatan of two, was `given`."""
    districts = {code.rpartition(".")[0] for code in codes}
    return bool(codes & given or (districts & given and (len(codes) == 1 or len(districts) > 1)))


def current():
    """Return the digest that names the file that holds now: the written one, or (before there is one) one in memory."""
    written = _written()
    return written["digest"] if written else packed.digest(in_memory())


def _written():
    try:
        return json.loads((folder() / "manifest.json").read_bytes())
    except FileNotFoundError:
        return None


def in_memory():
    """Return the body made for this process while no file has been written yet."""
    return remembered("shapes", build)


def read(digest, accepted=()):
    """Return (body, content encoding or "") of the file with this digest, or None."""
    if found := packed.read(folder(), f"{digest}.json", accepted):
        return found
    body = in_memory()
    return (body, "") if packed.digest(body) == digest else None


def outlines():
    """Return the Topology that holds now, for drawings made on the server."""
    return _outlines(current())


@lru_cache(maxsize=2)
def _outlines(digest):
    body, _encoding = read(digest)
    return topology.Topology(json.loads(body))


def rebuild(now=None):
    """Write the file of the outlines as they are now if they changed; returns whether they did. For `run_jobs` only."""
    stamp, written = _stamp(), _written() or {}
    if written.get("stamp") == stamp:
        return False
    body = build()
    name = packed.digest(body)
    packed.put(folder(), f"{name}.json", body)
    packed.replace(folder() / "manifest.json", json.dumps({"digest": name, "stamp": stamp}).encode())
    packed.sweep(folder(), [name, "manifest"])
    return True


def _stamp():
    """Return text that differs when the outlines do; a new release may bring another file of cells."""
    state = Boundary.objects.aggregate(Count("pk"), Max("changed_at"))
    return " ".join(map(str, (*state.values(), packed.digest(FALLBACK.read_bytes()))))
