"""Rows of the API and of files as RFC 7946: the same properties, the point as geometry."""

import json

from ksbb.core.csv_lines import wib
from ksbb.core.sheets import chunks


def feature(row):
    """Return the Feature of a row with `bujur` and `lintang`."""
    point = {"type": "Point", "coordinates": [row["bujur"], row["lintang"]]}
    return {"type": "Feature", "id": row["kode"], "geometry": point, "properties": row}


def collection(answer):
    """Return the FeatureCollection of one page of a list; its neighbours and count stay beside the features."""
    frame = {name: answer[name] for name in ("next", "previous", "count")}
    return {"type": "FeatureCollection", "features": [feature(row) for row in answer["results"]], **frame}


def as_geojson(header, rows):
    """Yield a FeatureCollection of all rows (tuples in the header's order), one feature a line."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=wib).encode
    before = '{"type":"FeatureCollection","features":[\n'
    for chunk in chunks(rows):
        yield before + ",\n".join(encode(feature(dict(zip(header, row, strict=True)))) for row in chunk)
        before = ",\n"
    yield before + "]}\n" if before.startswith("{") else "\n]}\n"
