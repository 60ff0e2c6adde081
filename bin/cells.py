"""Make fixtures/cells.json, the approximate kelurahan of the map, from fixtures/areas.csv: `python bin/cells.py`."""

import csv
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from locations import cells, topology  # noqa: E402 - found only now

TARGET = ROOT / "fixtures" / "cells.json"


def made():
    """Return the topology of all kelurahan as text."""
    with (ROOT / "fixtures" / "areas.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "kelurahan"]
    numbers = ("longitude", "latitude", "area_km2")
    shapes = cells.approximate([(row["code"], *(float(row[name]) for name in numbers)) for row in rows])
    table = topology.encode(cells.simpler(shapes, cells.CALM), perkiraan=True)
    return json.dumps(table, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    TARGET.write_text(made(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes")
