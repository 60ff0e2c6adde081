"""Files of rows: one column table per set, written as CSV, JSON or XLSX while the rows are still being read."""

import csv
import io
import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import islice

from django.conf import settings
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Concat
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from .csv_lines import csv_lines, wib
from .line import Line
from .picked import Picked
from .sheets import as_xlsx, chunks
from .source import hand_back

# Files read at once in each process: a reader keeps her connection as long as her line takes, and most are for pages.
READERS = Line(max(1, settings.DATABASE_POOL_SIZE // 4))
LONGEST = 15 * 60  # seconds for one file


class TooSlow(Exception):
    """A reader took so long that her file breaks off, which her browser tells her."""


@dataclass(frozen=True)
class Column:
    """One column: its name on the wire (the API's field, flattened with `_`), what it means to people, and where the
    database finds its values: a path or an expression, None in a set whose rows are computed.
    """

    name: str
    meaning: str
    source: object = None


@dataclass(frozen=True)
class DataSet:
    """A set of rows to take away.

    `filters(data)` makes the FilterSet of an address; `rows(filterset)` returns for a valid one a queryset, of which
    the columns' sources are taken, or computed tuples in the columns' order; `count()` says how many rows there are
    without filters. `formats` are file endings that `FORMATS` knows; a view may add its own.
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

    def picked(self, filterset):
        """Return the rows for a valid FilterSet as what yields tuples."""
        rows = self.rows(filterset)
        return Picked(rows, [column.source for column in self.columns]) if isinstance(rows, QuerySet) else rows


def response(dataset, ending, filterset):
    """Return the answer that streams the rows for a valid FilterSet as a file with this ending."""
    content_type, write = FORMATS[ending]
    parts = Begun(in_line(write(dataset.header, dataset.picked(filterset))))
    answer = StreamingHttpResponse(parts, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="ksbb-{dataset.slug}.{ending}"'
    return answer


def in_line(parts):
    """Yield a file's parts while one of the few places for READERS is taken."""
    hand_back()  # nobody waits with a connection in her hands
    with READERS, closing(parts):
        until = time.monotonic() + LONGEST
        for part in parts:
            yield part
            if time.monotonic() > until:
                raise TooSlow(f"more than {LONGEST} seconds")


class Begun:
    """A file's parts, its head and its first rows made: a database that is away is told of before an answer begins.

    `close` ends what reads the rows, be it that nobody asked for a part: else a reader who goes away would leave it
    to the next one who gets this connection.
    """

    def __init__(self, parts):
        self.parts = parts
        self.made = list(islice(parts, 2))

    def __iter__(self):
        return self

    def __next__(self):
        return self.made.pop(0) if self.made else next(self.parts)

    def close(self):
        self.parts.close()


# --- Sources of columns -----------------------------------------------------------------------------------------------
def page_address(name, key):
    """Return the absolute address of a public page about one row."""
    before, after = _around_key(name, get_language())
    return f"{before}{key}{after}"


@cache
def _around_key(name, language):
    """Return what stands before and after the key: a file has very many addresses."""
    before, _key, after = (settings.SITE_URL + reverse(name, args=["0"])).rpartition("0")
    return before, after


class PageAddress(F):
    """The absolute address of a public page about each row, whose key is at a path."""

    def __init__(self, page, path):
        super().__init__(path)
        self.page = page

    def resolve_expression(self, *args, **kwargs):
        before, after = _around_key(self.page, get_language())
        address = Concat(Value(before), F(self.name), Value(after), output_field=CharField())
        return address.resolve_expression(*args, **kwargs)


def only(condition, source):
    """Return the text at a source as a source that is empty where a condition does not hold."""
    return Case(When(condition, then=source), default=Value(""), output_field=CharField())


# --- CSV --------------------------------------------------------------------------------------------------------------
def as_csv(header, rows):
    """Yield the lines of a CSV file; the header leaves at once."""
    head = io.StringIO()
    csv.writer(head).writerow(header)
    yield head.getvalue()
    yield from rows.csv() if isinstance(rows, Picked) else csv_lines(rows)


# --- JSON: an array of the same rows ----------------------------------------------------------------------------------
def _json_value(value):
    if isinstance(value, Decimal):
        return float(value)
    return wib(value) if isinstance(value, datetime) else value.isoformat()


def as_json(header, rows):
    """Yield an array of objects, one row a line."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_json_value).encode
    yield "["
    before = "\n"
    for chunk in chunks(rows):
        yield before + ",\n".join(encode(dict(zip(header, row, strict=True))) for row in chunk)
        before = ",\n"
    yield "\n]\n"


FORMATS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
