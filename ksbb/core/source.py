"""Which database a request reads from: the primary, or for public pages the replica (`ksbb/core/replica.py`)."""

import contextlib
from contextvars import ContextVar

from django.db import connections

PRIMARY, REPLICA = "default", "replica"

_source = ContextVar("source", default=PRIMARY)


def source():
    """Return the alias of the database that what runs now reads from."""
    return _source.get()


@contextlib.contextmanager
def reading_from(alias):
    """Read from a database while the block runs."""
    token = _source.set(alias)
    try:
        yield
    finally:
        _source.reset(token)


def stay_on_primary():
    """Read from the primary until this request is answered: it shows something to whom it belongs."""
    _source.set(PRIMARY)


def hand_back():
    """Give this thread's connections back: whoever waits, for a turn or for a slow line, keeps none from others."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


class Router:
    """Reads go where the request reads, writes to the primary, and the replica is never migrated."""

    def db_for_read(self, model, **hints):
        return _source.get()

    def db_for_write(self, model, **hints):
        return PRIMARY

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == PRIMARY
