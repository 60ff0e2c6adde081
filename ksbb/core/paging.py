"""Keyset pages: stable while rows come and go, and as fast on the last page as on the first."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from .middleware import unstorable

LARGEST = 2**63 - 1
LONGEST_TEXT = 300


class BadCursor(ValueError):
    """A cursor that this list did not hand out, or handed out for another order."""


@dataclass(frozen=True)
class Key:
    """A column or annotation that a list is sorted by, never null; `kind` is int, str, date or datetime."""

    name: str
    kind: type = int
    descending: bool = False


@dataclass(frozen=True)
class Order:
    """A way to sort a list: its wire slug, its label, and its keys, of which the last is unique."""

    slug: str
    label: str
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Cursor:
    """The place between two rows from which a page starts: the values of the row beside it."""

    values: tuple
    backwards: bool = False


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the opaque cursors of its neighbours (None where there is none)."""

    rows: list
    next: str | None
    previous: str | None


def page_of(queryset, order, size, cursor=None):
    """Return the Page of at most `size` rows from `cursor` (None: the first); rows may be objects or dictionaries."""
    backwards = bool(cursor and cursor.backwards)
    if cursor:
        queryset = queryset.filter(_beyond(order.keys, cursor))
    rows = list(queryset.order_by(*_sorting(order.keys, backwards))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (bool(rows), more) if backwards else (more, bool(cursor) and bool(rows))
    return Page(
        rows=rows,
        next=encode(order, rows[-1]) if has_next else None,
        previous=encode(order, rows[0], backwards=True) if has_previous else None,
    )


def _sorting(keys, backwards):
    return [("-" if key.descending != backwards else "") + key.name for key in keys]


def _beyond(keys, cursor):
    """Return the condition of all rows that come after the cursor's row, in its direction."""
    condition, equal = Q(), Q()
    for key, value in zip(keys, cursor.values, strict=True):
        comparison = "lt" if key.descending != cursor.backwards else "gt"
        condition |= equal & Q(**{f"{key.name}__{comparison}": value})
        equal &= Q(**{key.name: value})
    return condition


def encode(order, row, *, backwards=False):
    """Return the cursor beside a row, as opaque text for an address."""
    values = [row[key.name] if isinstance(row, dict) else getattr(row, key.name) for key in order.keys]
    parts = [order.slug, int(backwards), *(v.isoformat() if isinstance(v, date) else v for v in values)]
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).rstrip(b"=").decode()


def decode(text, order):
    """Return the Cursor that `encode` made for this order; BadCursor for everything else."""
    try:
        slug, backwards, *values = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        if slug != order.slug or backwards not in (0, 1) or len(values) != len(order.keys):
            raise BadCursor(text)
        return Cursor(tuple(map(_value, order.keys, values)), bool(backwards))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCursor(text) from error


def _value(key, value):
    expected = int if key.kind is int else str
    if type(value) is not expected:
        raise BadCursor(key.name)
    if key.kind is int:
        return _within(value)
    if len(value) > LONGEST_TEXT or unstorable(value):
        raise BadCursor(key.name)
    return value if key.kind is str else _moment(key, value)


def _within(value):
    if not -LARGEST <= value <= LARGEST:
        raise BadCursor(value)
    return value


def _moment(key, value):
    moment = key.kind.fromisoformat(value)
    if key.kind is datetime and moment.utcoffset() is None:
        raise BadCursor(value)
    return moment
