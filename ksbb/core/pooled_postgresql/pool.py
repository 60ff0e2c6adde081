"""A pool of connections that tells at once when the database is away.

psycopg_pool connects in the background, later and later while nobody answers, and whoever asked waits out the pool's
whole timeout; after a restart it sleeps a second for each connection that was cut. Here who needs a connection makes it
herself: she hears at once that nobody answers, and is the first to notice that somebody does again.
"""

import select
import time
from contextlib import suppress

import psycopg
from psycopg.pq import TransactionStatus

from ksbb.core.line import Line

# After a failed attempt nobody tries again for so long: a server that says nothing must not hold up every thread.
AWAY_SECONDS = 1.0


class Pool:
    """At most `size` connections made by `connect`; who finds all taken waits in line, at most `timeout` seconds."""

    def __init__(self, connect, *, size, timeout):
        self.connect, self.size, self.timeout = connect, size, timeout
        self.line, self.idle = Line(size), []
        self.closed, self.away_until, self.failure = False, 0.0, None

    def open(self):
        """Nothing is opened ahead of time; Django asks for it."""

    def getconn(self):
        """Return a connection that works; psycopg.OperationalError when there is none to be had."""
        if not self.line.enter(self.timeout):
            raise psycopg.OperationalError(f"all connections were taken for {self.timeout} seconds")
        try:
            connection = self._idle() or self._new()
        except BaseException:
            self.line.leave()
            raise
        connection._pool = self  # where Django looks when it gives the connection back
        return connection

    def putconn(self, connection):
        """Take a connection back, without the transaction it may be in; one that is broken is closed."""
        if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            with suppress(psycopg.Error):
                connection.rollback()
        if connection.info.transaction_status == TransactionStatus.IDLE and not self.closed:
            self.idle.append(connection)
        else:
            connection.close()
        self.line.leave()

    def state(self):
        """Return how many connections are in use and at rest, and how many wait for one."""
        return {"used": self.size - self.line.places, "idle": len(self.idle), "waiting": len(self.line.waiting)}

    def close(self):
        """Close the idle connections now and the others when they come back."""
        self.closed = True
        while (connection := self._pop()) is not None:
            connection.close()

    # --- Connections --------------------------------------------------------------------------------------------------
    def _pop(self):
        with suppress(IndexError):
            return self.idle.pop()  # the newest: what nobody needs stays at the bottom
        return None

    def _idle(self):
        """Return an idle connection that still works, or None."""
        while (connection := self._pop()) is not None:
            if not _has_news(connection) or _answers(connection):
                return connection
            connection.close()
        return None

    def _new(self):
        if time.monotonic() < self.away_until:
            raise psycopg.OperationalError(f"not tried again yet: {self.failure}")
        try:
            return self.connect()
        except psycopg.OperationalError as error:
            self.failure, self.away_until = error, time.monotonic() + AWAY_SECONDS
            raise


def _has_news(connection):
    """Tell whether an idle connection has something to read: from a server that lives it has nothing to expect."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(connection):
    try:
        connection.execute("")
    except psycopg.Error:
        return False
    return True
