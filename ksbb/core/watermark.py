"""Reading an append-only table up to a point that no late transaction can slip under.

Ids commit out of order on PostgreSQL, so there the writing transaction's id is the position and only those below the
oldest running one are final; SQLite has one writer, so ids commit in order.
"""

from django.db import connection


def position_column():
    """Return the column that orders an append-only table's rows by commit."""
    return "xact" if connection.vendor == "postgresql" else "id"


def final_position(table):
    """Return the position below which every row of `table` is committed and visible."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        else:
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")  # noqa: S608 - a table's name of ours
        return cursor.fetchone()[0]


def settle(table):
    """Let every row of `table` lie below every position to come.

    A server that a dump was brought into counts its transactions from a number of its own: rows that keep the old
    server's numbers would stand above the new ones, and what is written next would lie below the watermark, unseen.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(f"UPDATE {table} SET xact = 0 WHERE xact <> 0")  # noqa: S608 - a table's name of ours
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
