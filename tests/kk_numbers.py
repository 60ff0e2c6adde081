"""The KK numbers that only tests have, and the search for them in everything that a run has written."""

import base64
import os
import re
from pathlib import Path

import psycopg

DAY_OF_NO_CALENDAR = "310299"
SERIALS = "317405" + DAY_OF_NO_CALENDAR
SAMPLES = "317405000000"  # what the demo's numbers begin with: its visitors type them too
PIECE, OVERLAP = 1 << 24, 64


def kk(serial=1):
    """Return a KK number; none of them may stand anywhere when the tests are over."""
    return f"{SERIALS}{serial:04d}"


def _spellings(number):
    """Return the first digits of a number as bytes: plain, in groups, in wide characters, as hex, in base64."""
    plain, groups = number.encode(), re.findall("....", number)
    # The characters of base64 that follow from these bytes alone, whatever stands before and behind them.
    packed = [(shift, base64.b64encode(b"\0" * shift + plain)) for shift in range(3)]
    return [
        plain,
        *(between.join(groups).encode() for between in " .-"),
        number.encode("utf-16-le")[:-1],  # without the last zero: either order of bytes
        plain.hex().encode(),
        *(text[(shift * 8 + 5) // 6 : (shift + len(plain)) * 8 // 6] for shift, text in packed),
    ]


SPELLINGS = [*_spellings(SERIALS), *_spellings(SAMPLES)[:2]]


def traces(*folders):
    """Return where a KK number stands under some folders: in the name of a file, or as bytes within one."""
    return [str(path) for folder in folders for path in sorted(_all_in(folder)) if _is_trace(path)]


def _all_in(folder):
    """Yield what lies under a folder; unlike `rglob`, this passes over folders that a database drops meanwhile."""
    for parent, folders, files in os.walk(folder):
        yield from (Path(parent, name) for name in (*folders, *files))


def _is_trace(path):
    try:
        return _holds(path.name.encode()) or (path.is_file() and any(map(_holds, _pieces(path))))
    except FileNotFoundError:
        return False  # a database moves its files about


def _pieces(path):
    """Yield a file piece by piece, each with the end of the one before."""
    with path.open("rb") as file:
        end = b""
        while piece := file.read(PIECE):
            yield end + piece
            end = piece[-OVERLAP:]


def _holds(data):
    return any(spelling in data for spelling in SPELLINGS)


def postgres_folders(url, everything=True):
    """Return where the server behind `url` keeps its files and its log, or only this database, all written out.

    Nothing without a server, or where its files are not ours to read.
    """
    if not url:
        return []
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            connection.execute("CHECKPOINT")
            data = Path(connection.execute("SHOW data_directory").fetchone()[0])
        except psycopg.errors.InsufficientPrivilege:
            return []
        (own,) = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    folder = data.parent if everything else data / "base" / str(own)
    return [folder] if folder.exists() else []
