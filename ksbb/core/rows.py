"""New rows, by statements composed once: Django composes an INSERT anew each time, at ten times the database's cost."""

from datetime import datetime
from functools import cache, lru_cache

from django.db import connection

MOST_AT_ONCE = 500
PLAIN = {int, str, bytes, bool, type(None)}  # what every column of ours takes as it is (JSON columns hold objects)


def insert(rows, conflict=""):
    """Insert new objects of one model, each of whose fields has a plain value, and give them their keys.

    `conflict` is an `ON CONFLICT …` clause for a single object, which then gets the key of the row that it met, or
    none when the clause does nothing.
    """
    if not rows:
        return
    model = type(rows[0])
    most = _most(model)
    with connection.planned_cursor() as cursor:
        for start in range(0, len(rows), most):
            some = rows[start : start + most]
            cursor.execute(_sql(model, len(some), conflict), [*_values(some, _fields(model))])
            for row, (key,) in zip(some, cursor.fetchall(), strict=not conflict):
                row.pk = key
                row._state.adding, row._state.db = False, connection.alias


@cache
def _fields(model):
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _most(model):
    return min(connection.ops.bulk_batch_size(_fields(model), range(MOST_AT_ONCE)), MOST_AT_ONCE)


def _values(rows, fields):
    for row in rows:
        values = vars(row)
        for field in fields:
            value = values[field.attname]
            if type(value) is datetime:
                yield _moment(value)
            else:
                yield value if type(value) in PLAIN else field.get_db_prep_save(value, connection)


@lru_cache(maxsize=100)
def _moment(value):
    """Return a moment as its column takes it; that of a request comes many times."""
    return connection.ops.adapt_datetimefield_value(value)


@lru_cache(maxsize=500)
def _sql(model, count, conflict):
    columns = [field.column for field in _fields(model)]
    row = f"({', '.join(['%s'] * len(columns))})"
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    table, key = (connection.ops.quote_name(name) for name in (model._meta.db_table, model._meta.pk.column))
    rows = ", ".join([row] * count)
    return f"INSERT INTO {table} ({quoted}) VALUES {rows} {conflict} RETURNING {key}"  # noqa: S608 - our own names
