"""Writing very many rows at once: primary keys are known before anything is stored, counters move in memory."""

from collections import defaultdict
from functools import cache
from itertools import islice

from django.db import connection, models

from donations.actions.ledger import FUND_COUNTERS, LINE_COUNTERS, NEED_COUNTERS, effects, entry_of, fund_effects

BLOCK = 2000
# Types whose values every database driver takes as they are.
PLAIN = (models.IntegerField, models.CharField, models.TextField, models.BooleanField)


class Store:
    """Rows waiting to be written. `add` gives a row its primary key at once, so that others can point to it."""

    def __init__(self):
        self.rows = defaultdict(list)
        self.keys = {}

    def add(self, row):
        """Take a row in and give it its primary key."""
        model = type(row)
        if model not in self.keys:
            self.keys[model] = free_keys(model)
        row.pk = next(self.keys[model])
        self.rows[model].append(row)
        return row

    def note(self, fact, at):
        """Take a fact in as a ledger entry of that moment, and move the counters of the waiting rows it touches."""
        entry = self.add(entry_of(fact, now=at))
        moved = effects(fact.kind, fact.quantity)
        if entry.need_id and any(moved):
            _move(entry.need, NEED_COUNTERS, moved)
        if fact.line:
            _move(fact.line, LINE_COUNTERS, moved[1:])
        if fact.contribution:
            _move(fact.contribution, FUND_COUNTERS, fund_effects(fact.kind, fact.quantity))
        return entry

    def count(self):
        """Return how many rows wait."""
        return sum(map(len, self.rows.values()))

    def flush(self):
        """Write every waiting row, in the caller's transaction (foreign keys are checked at its end)."""
        for model, rows in self.rows.items():
            insert(model, rows)
        self.rows.clear()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # so many new rows make every plan wrong


def _move(row, names, changes):
    for name, change in zip(names, changes, strict=True):
        setattr(row, name, getattr(row, name) + change)


def free_keys(model):
    """Yield primary keys that no row has and no other writer will get."""
    if connection.vendor == "sqlite":
        # One writer at a time: what follows the highest key stays free until this transaction ends.
        highest = model.objects.aggregate(models.Max("pk"))["pk__max"] or 0
        while True:
            highest += 1
            yield highest
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, BLOCK],
            )
            keys = [key for (key,) in cursor.fetchall()]
        yield from keys


def insert(model, rows):
    """Insert rows that have their primary keys, many times faster than `bulk_create` does."""
    takers = [(field.attname, _adapter(field)) for field in model._meta.concrete_fields]
    values = ([adapt(getattr(row, name)) if adapt else getattr(row, name) for name, adapt in takers] for row in rows)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields)
    target = f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"
    with connection.cursor() as cursor:
        (_copy if connection.vendor == "postgresql" else _insert)(cursor, target, values, len(takers))


def _insert(cursor, target, values, width):
    sql = f"INSERT INTO {target} VALUES ({', '.join(['%s'] * width)})"  # noqa: S608 - names of our own tables
    while batch := list(islice(values, BLOCK)):
        cursor.executemany(sql, batch)


def _copy(cursor, target, values, _width):
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _adapter(field):
    """Return what turns a value of `field` into what the database takes, or None when it is taken as it is."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, PLAIN):
        return None

    def adapt(value):
        return field.get_db_prep_save(value, connection)

    return adapt if isinstance(target, models.BinaryField | models.JSONField) else cache(adapt)
