"""A pool of connections that tells at once when the database is away.

psycopg_pool connects in the background, later and later while nobody answers, and whoever asked waits out the pool's
whole timeout; after a restart it sleeps a second for each connection that was cut. Here who needs a connection makes it
herself: she hears at once that nobody answers, and is the first to notice that somebody does again.
"""

import select
import threading
import time
from collections import deque
from contextlib import suppress

import psycopg
from psycopg.pq import TransactionStatus

# After a failed attempt nobody tries again for so long: a server that says nothing must not hold up every thread.
AWAY_SECONDS = 1.0


class Pool:
    """At most `size` connections made by `connect`; who finds all taken waits in line, at most `timeout` seconds."""

    def __init__(self, connect, *, size, timeout):
        self.connect, self.size, self.timeout = connect, size, timeout
        self.lock = threading.Lock()
        self.places, self.line, self.idle = size, deque(), []
        self.closed, self.away_until, self.failure = False, 0.0, None

    def open(self):
        """Nothing is opened ahead of time; Django asks for it."""

    def getconn(self):
        """Return a connection that works; psycopg.OperationalError when there is none to be had."""
        self._take_place()
        try:
            connection = self._idle() or self._new()
        except BaseException:
            self._leave_place()
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
        self._leave_place()

    def state(self):
        """Return how many connections are in use and at rest, and how many wait for one."""
        return {"used": self.size - self.places, "idle": len(self.idle), "waiting": len(self.line)}

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

    # --- The line -----------------------------------------------------------------------------------------------------
    def _take_place(self):
        """Occupy one of the places, first come, first served."""
        with self.lock:
            if self.places and not self.line:
                self.places -= 1
                return
            turn = threading.Event()
            self.line.append(turn)
        if turn.wait(self.timeout):
            return
        with self.lock:
            if turn in self.line:
                self.line.remove(turn)
                raise psycopg.OperationalError(f"all connections were taken for {self.timeout} seconds")

    def _leave_place(self):
        """Hand the place to the first in line."""
        with self.lock:
            if self.line:
                self.line.popleft().set()
            else:
                self.places += 1


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
