"""Files named by their content and packed ahead of time: written by a job, read by everybody, never changed."""

import gzip
import hashlib
import os
import time

import brotli

KEPT_SECONDS = 3_600  # an older file stays for pages that are still open
# Quality 11 takes more than twice as long for the same bytes.
ENCODINGS = {"br": lambda body: brotli.compress(body, quality=10), "gzip": lambda body: gzip.compress(body, 9, mtime=0)}
ENDINGS = {"br": ".br", "gzip": ".gz"}


def welcome(request):
    """Return the encodings that a browser reads, the best first."""
    offers = request.headers.get("Accept-Encoding", "").replace(" ", "").split(",")
    weights = {name: weight for name, _q, weight in (offer.partition(";q=") for offer in offers)}
    # Without a weight it is welcome; a weight of nothing but noughts refuses it.
    return [name for name in ENCODINGS if name in weights and (not weights[name] or weights[name].strip("0."))]


def digest(body):
    """Return the name of a file with this content."""
    return hashlib.blake2b(body, digest_size=10).hexdigest()


def put(folder, name, body):
    """Write a file and its packed forms."""
    folder.mkdir(parents=True, exist_ok=True)
    for encoding, compress in ENCODINGS.items():
        replace(folder / f"{name}{ENDINGS[encoding]}", compress(body))
    replace(folder / name, body)


def replace(path, body):
    """Write a file in one step, so that no reader ever sees half of it."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(body)
    os.replace(new, path)


def read(folder, name, accepted=()):
    """Return (body, content encoding or "") of a file in the best `accepted` encoding, or None."""
    # os.path, since pathlib raises where a name is longer than any file's.
    for encoding, ending in ENDINGS.items():
        if encoding in accepted and os.path.isfile(path := folder / f"{name}{ending}"):
            return path.read_bytes(), encoding
    path = folder / name
    return (path.read_bytes(), "") if os.path.isfile(path) else None


def sweep(folder, keep):
    """Remove files whose name starts with none of `keep` and that no open page can still want since they were kept."""
    for path in folder.glob("*.json*"):
        if path.name.startswith(tuple(keep)):
            path.touch()
        elif time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
