"""Public pages read from a replica of PostgreSQL (`DATABASE_REPLICA_URL`), as long as it keeps up with the primary.

Everything else stays on the primary: writing, the admin, jobs, private pages, and the pages that somebody who has just
sent a form opens next. A replica that is away or behind costs no page: the primary answers instead.
"""

import threading
import time
from collections import deque

import psycopg
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import StreamingHttpResponse

from .source import PRIMARY, REPLICA, reading_from, source

# Behind by this much, and a page's version read half a second ago (ksbb/core/version.py): together the second in which
# all pages must agree.
LAG_SECONDS = 0.5
POLL_SECONDS = 0.1
COOKIE = f"{settings.SECURE_COOKIE_PREFIX}ksbb_baru"
COOKIE_SECONDS = 10
# A server that says nothing must not hold the watch up for longer than this.
QUICKLY = {"connect_timeout": 2, "tcp_user_timeout": 1000, "options": "-c statement_timeout=1000"}


class Watch:
    """Knows how far the replica has come, in a thread of its own, so that no page ever waits to learn it.

    The log's end on the primary is noted with its time; once the replica has replayed up to there, it holds everything
    that was committed until that time.
    """

    def __init__(self):
        self.distrust()
        self.lines = {}
        self.thread, self.lock = None, threading.Lock()

    def keeps_up(self):
        """Tell whether the replica held all that the primary had `LAG_SECONDS` ago; the first call starts the watch."""
        if self.thread is None:
            self._start()
        return time.monotonic() - self.complete_at < LAG_SECONDS

    def distrust(self):
        """Leave the replica alone until it has proved itself anew."""
        self.complete_at = float("-inf")
        self.noted = deque(maxlen=int(2 * LAG_SECONDS / POLL_SECONDS))

    def _start(self):
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name="replica", daemon=True)
                self.thread.start()

    def _run(self):
        while True:
            self.look()
            time.sleep(POLL_SECONDS)

    def look(self):
        """Compare the two servers once."""
        now = time.monotonic()
        replayed = self._ask(REPLICA, "SELECT pg_last_wal_replay_lsn() - '0/0' WHERE pg_is_in_recovery()")
        if replayed is None:
            return
        self.complete_at = max([self.complete_at, *(at for at, end in self.noted if end <= replayed)])
        end = self._ask(PRIMARY, "SELECT pg_current_wal_insert_lsn() - '0/0' WHERE NOT pg_is_in_recovery()")
        if end is not None:
            self.noted.append((now, end))
        elif self._is_away(PRIMARY):
            # Nobody can write now, so nothing newer exists than what the replica has. Asking may take seconds.
            self.complete_at = 2 * time.monotonic() - now

    def _ask(self, alias, sql):
        """Return one value, or None when the server cannot be asked or has none."""
        try:
            row = self._line(alias).execute(sql).fetchone()
        except psycopg.Error:
            self._hang_up(alias)
            return None
        return row and row[0]

    def _line(self, alias):
        """Return our own connection to a server; the pool's are for pages."""
        if alias not in self.lines:
            params = {**connections[alias].get_connection_params(), **QUICKLY}
            self.lines[alias] = psycopg.connect(**params, autocommit=True)
        return self.lines[alias]

    def _hang_up(self, alias):
        if line := self.lines.pop(alias, None):
            line.close()

    def _is_away(self, alias):
        """Tell whether a server takes no new connection either."""
        try:
            self._line(alias)
        except psycopg.Error:
            return True
        return False


watch = Watch()


class ReplicaMiddleware:
    """Answers public GETs from the replica; what it cannot answer, the primary does."""

    def __init__(self, get_response):
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return _remembered(self.get_response(request))
        if request.path_info.startswith(("/admin/", "/readyz")) or COOKIE in request.COOKIES or not watch.keeps_up():
            return self.get_response(request)
        with reading_from(REPLICA):
            response = self.get_response(request)
            was_on_replica = source() == REPLICA
        if response.status_code >= 500 and was_on_replica:
            watch.distrust()
            return self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and was_on_replica:
            response.streaming_content = _streamed(response.streaming_content)
        return response


def _streamed(stream):
    with reading_from(REPLICA):
        yield from stream


def _remembered(response):
    """Let who has just sent a form read from the primary for a while: what she did must be there at once."""
    if response.status_code in (302, 303):
        response.set_cookie(COOKIE, "1", max_age=COOKIE_SECONDS, secure=settings.SECURE, httponly=True, samesite="Lax")
    return response
