"""SQLite with a queue: within a process one thread at a time begins to write, the others wait their turn.

SQLite lets waiting writers poll, each with a longer and longer sleep; among dozens of threads some starve until their
timeout ("database is locked"). Between processes, of which there are few, its own lock is enough.
"""

import threading

from django.db.backends.sqlite3 import base

TURN = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, whose transactions take the turn when they begin and pass it on when they end."""

    has_turn = False

    def _start_transaction_under_autocommit(self):
        self.has_turn = TURN.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5))
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
        super()._close()
        self._pass_on()

    def _pass_on(self):
        if self.has_turn:
            self.has_turn = False
            TURN.release()
