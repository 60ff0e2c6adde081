"""Django's PostgreSQL with our pool, and with limits to how long a server may keep silent."""

from contextlib import contextmanager
from itertools import islice

import psycopg
from django.db import transaction
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from .pool import Pool

# In seconds, tcp_user_timeout in milliseconds: a machine that is gone says neither yes nor no.
SILENCE = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
# The first row leaves before others are sorted, or the plan compiled; a reader on a slow line may take her time.
AS_FOUND = "SET LOCAL enable_sort = off; SET LOCAL jit = off; SET LOCAL idle_in_transaction_session_timeout = 0"
LINES_AT_ONCE = 500


class DatabaseWrapper(base.DatabaseWrapper):
    """`OPTIONS["pool"]` gives `size` (connections per process) and `timeout` (seconds in line for one)."""

    @property
    def pool(self):
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self.alias == NO_DB_ALIAS:
            return None
        if self.alias not in self._connection_pools:
            params = {**self.get_connection_params(), "autocommit": True}  # Django sets what it needs for each use
            self._connection_pools.setdefault(self.alias, Pool(lambda: self._connected(params), **options))
        return self._connection_pools[self.alias]

    def _connected(self, params):
        connection = self.Database.connect(**params)
        self._configure_connection(connection)
        return connection

    def get_connection_params(self):
        # Only for `planned_cursor`: Django's own cursors put the values into the statement.
        return {**SILENCE, **super().get_connection_params(), "prepare_threshold": 2}

    def planned_cursor(self):
        """Return a cursor for statements that come again and again: the server plans them once for each connection."""
        with self.wrap_database_errors:
            self.ensure_connection()
            return self._prepare_cursor(psycopg.Cursor(self.connection))

    @contextmanager
    def reading_long(self):
        """Send rows as they are found while the block runs, all of one moment.

        Outside a transaction Django would have the server collect a cursor's rows, to the last, before it sends any.
        """
        with transaction.atomic(using=self.alias):
            with self.cursor() as cursor:
                cursor.execute(AS_FOUND)
            yield

    def copied(self, sql, params):
        """Yield the lines of CSV that the server makes of a query's rows, some at once."""
        with self.cursor() as cursor, self.wrap_database_errors, self._copy(cursor, sql, params) as lines:
            while some := [line[:-1] for line in islice(lines, LINES_AT_ONCE)]:
                yield b"\r\n".join([*some, b""])

    @staticmethod
    def _copy(cursor, sql, params):
        """Begin to copy, watched as every statement is: psycopg has a way of its own for it, which nobody watches."""
        copy = f"COPY ({cursor.mogrify(sql, params)}) TO STDOUT (FORMAT csv)"
        return cursor._execute_with_wrappers(copy, None, False, lambda sql, *_: cursor.cursor.copy(sql))
