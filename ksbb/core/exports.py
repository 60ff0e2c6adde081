"""Files of rows: one column table per set, written as CSV, JSON or XLSX while the rows are still being read."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import chain, islice

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from .sheets import JAKARTA, as_xlsx

ROWS_AT_ONCE = 500
FORMULA_STARTS = frozenset("=+-@\t\r|%＝＋－＠")
# A spreadsheet with Indonesian settings splits a line at ";" too: what follows one begins a cell.
INNER_START = re.compile(r"(;\s*)(?=[=+\-@|%＝＋－＠])")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


@dataclass(frozen=True)
class Column:
    """One column: its name on the wire (the API's field, flattened with `_`) and what it means to people."""

    name: str
    meaning: str


@dataclass(frozen=True)
class DataSet:
    """A set of rows to take away.

    `filters(data)` makes the FilterSet of an address; `rows(filterset)` yields tuples in the columns' order for a valid
    one; `count()` says how many rows there are without filters. `formats` are file endings that `FORMATS` knows; a view
    may add its own.
    """

    slug: str
    title: str
    about: str
    columns: tuple
    filters: Callable
    rows: Callable
    count: Callable
    formats: tuple = ("csv", "json", "xlsx")

    @property
    def header(self):
        return [column.name for column in self.columns]


def response(dataset, ending, rows):
    """Return the answer that streams `rows` (tuples in the columns' order) as a file with this ending."""
    content_type, write = FORMATS[ending]
    answer = StreamingHttpResponse(write(dataset.header, begun(rows)), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="ksbb-{dataset.slug}.{ending}"'
    return answer


def begun(rows):
    """Return the same rows with the first one read: a database that is away is told of before an answer begins."""
    rows = iter(rows)
    return chain(list(islice(rows, 1)), rows)


def page_address(name, key):
    """Return the absolute address of a public page about one row."""
    before, after = _around_key(name, get_language())
    return f"{before}{key}{after}"


@cache
def _around_key(name, language):
    """Return what stands before and after the key: a file has very many addresses."""
    before, _key, after = (settings.SITE_URL + reverse(name, args=["0"])).rpartition("0")
    return before, after


def chunks(rows, size=ROWS_AT_ONCE):
    """Yield lists of at most `size` rows."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


# --- CSV: UTF-8, comma, decimal point ---------------------------------------------------------------------------------
def harmless(text):
    """Return text that a spreadsheet does not take for a formula; plain numbers stay as they are."""
    text = f"'{text}" if text[:1] in FORMULA_STARTS and not NUMBER.fullmatch(text) else text
    return INNER_START.sub(r"\1'", text) if ";" in text else text


def wib(moment):
    """Return a moment in ISO 8601 with Jakarta's offset, as the API writes it."""
    return moment.astimezone(JAKARTA).isoformat()


SPOKEN = {bool: lambda value: "true" if value else "false", datetime: wib}


def _csv_column(values):
    """Return a column as the csv module may write it. Columns, not rows: looked at whole, few need any work at all."""
    kinds = set(map(type, values))
    for kind in kinds & SPOKEN.keys():
        values = [SPOKEN[kind](value) if type(value) is kind else value for value in values]
    texts = [value for value in values if type(value) is str] if str in kinds else ()
    if FORMULA_STARTS & {text[:1] for text in texts} or ";" in "".join(texts):
        values = [harmless(value) if type(value) is str else value for value in values]
    return values


def as_csv(header, rows):
    """Yield the lines of a CSV file; the header leaves at once."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    yield _taken(buffer)
    for chunk in chunks(rows):
        writer.writerows(zip(*map(_csv_column, zip(*chunk, strict=True)), strict=True))
        yield _taken(buffer)


def _taken(buffer):
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


# --- JSON: an array of the same rows ----------------------------------------------------------------------------------
def _json_value(value):
    if isinstance(value, Decimal):
        return float(value)
    return wib(value) if isinstance(value, datetime) else value.isoformat()


def as_json(header, rows):
    """Yield an array of objects, one row a line."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_json_value).encode
    before = "[\n"
    for chunk in chunks(rows):
        yield before + ",\n".join(encode(dict(zip(header, row, strict=True))) for row in chunk)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


FORMATS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
