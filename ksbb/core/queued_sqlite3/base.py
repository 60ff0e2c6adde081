"""SQLite with a queue for writers and a few connections kept open.

One thread at a time begins to write, the others wait their turn: SQLite lets waiting writers poll, each with a longer
and longer sleep, and among dozens of threads some starve until their timeout ("database is locked"). The threads of a
process line up at a lock, and the first of each process at a lock on a file beside the database (`…-turn`), where the
system wakes who waits.

Opening a connection costs as much as drawing a page (functions, settings, the schema read anew), so a closed one is
kept for the next request.
"""

import os
from collections import defaultdict
from contextlib import nullcontext
from functools import lru_cache

from django.db.backends.sqlite3 import base

from .turn import TURN

MOST_IDLE = 24  # per process; each may hold its cache of pages
IDLE = defaultdict(list)


def file_of(path):
    """Return what tells a database's file from another that was put in its place."""
    try:
        return path, os.stat(path).st_ino
    except OSError:
        return path, None


@lru_cache(maxsize=100)
def in_marks(query):
    """Return a statement with `?` for each `%s`, as SQLite wants it."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class PlannedCursor(base.SQLiteCursorWrapper):
    """Django's cursor, which rewrites a statement only once."""

    def convert_query(self, query, *, param_names=None):
        return super().convert_query(query, param_names=param_names) if param_names else in_marks(query)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, whose transactions take the turn when they begin and pass it on when they end."""

    has_turn = False
    file = None

    def get_new_connection(self, conn_params):
        self.file = file_of(conn_params["database"])
        try:
            return IDLE[self.file].pop()
        except IndexError:
            return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self):
        self.has_turn = TURN.take(self.settings_dict["NAME"], self.settings_dict["OPTIONS"].get("timeout", 5))
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._pass_on()
            raise

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        if autocommit:
            self._pass_on()

    def _close(self):
        if self._is_sound() and len(IDLE[self.file]) < MOST_IDLE:
            IDLE[self.file].append(self.connection)
        else:
            super()._close()
        self._pass_on()

    def _is_sound(self):
        """Tell whether the connection is there, met no error and stands in no transaction."""
        return self.connection and not (self.errors_occurred or self.in_atomic_block or self.connection.in_transaction)

    def planned_cursor(self):
        """Return a cursor for statements that come again and again: SQLite keeps their plans anyway."""
        self.ensure_connection()
        return self._prepare_cursor(self.connection.cursor(factory=PlannedCursor))

    def reading_long(self):
        """Return what surrounds a long read: nothing, SQLite sends rows as it finds them, all of one moment."""
        return nullcontext()

    def close_pool(self):
        """Close what is kept, for a fork or when the file goes away."""
        for connections in IDLE.values():
            while connections:
                connections.pop().close()

    def _pass_on(self):
        if self.has_turn:
            self.has_turn = False
            TURN.pass_on()
