"""Which exceptions say that the database is away or busy, or a disk full: all pass, none is an error in our code."""

import errno
import logging

import psycopg
from django.db import InterfaceError, OperationalError, connection

from .line import Crowded

# SQLite has no codes, only words; PostgreSQL's: no connection, too many of them, shutting down or starting.
SQLITE_AWAY = ("unable to open database file", "database is locked", "disk I/O error")
SQLITE_FULL = "database or disk is full"
POSTGRES_AWAY = ("08", "53", "57P")
POSTGRES_FULL = "53100"
# psycopg's own, too: Django closes a cursor on the server without translating what that meets.
LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_away(error):
    """Tell whether an exception says that the database cannot be reached now, or that too many stand in line for it."""
    if isinstance(error, Crowded):
        return True
    if not isinstance(error, LOST):
        return False
    if connection.vendor == "sqlite":
        return str(error).startswith(SQLITE_AWAY)
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(POSTGRES_AWAY)


def is_full(error):
    """Tell whether an exception says that the database's disk, or ours, holds no more."""
    if isinstance(error, OSError):
        return error.errno in DISK_FULL
    if not isinstance(error, OperationalError):
        return False
    return str(error).startswith(SQLITE_FULL) or getattr(error.__cause__, "sqlstate", None) == POSTGRES_FULL


class Briefly(logging.Filter):
    """Tells of a database that is away, or a full disk, in one line: a trace for each visitor would bury the rest."""

    def filter(self, record):
        error = record.exc_info and record.exc_info[1]
        if error and (is_away(error) or is_full(error)):
            record.msg, record.args = f"{record.getMessage()}: {type(error).__name__}: {error}".splitlines()[0], ()
            record.exc_info = record.exc_text = None
        return True
