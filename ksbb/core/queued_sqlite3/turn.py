"""The turn to write: one thread of one process has it."""

import fcntl
import os
import threading


class Turn:
    """The threads of this process line up here, and the first of them at the file that all processes share."""

    def __init__(self):
        self.lock = threading.Lock()
        self.file = None

    def take(self, path, timeout):
        """Wait for the turn to write to the database at `path`; tell whether it came within `timeout` seconds.

        Whoever is first of this process waits longer for a long transaction of another one, an import perhaps.
        """
        if not self.lock.acquire(timeout=timeout):
            return False
        try:
            self.file = os.open(f"{path}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self.file, fcntl.LOCK_EX)
        except OSError:
            pass  # SQLite will say better what is wrong with the disk
        return True

    def pass_on(self):
        """End the turn, for other processes first: who is next in this one stands in line behind them."""
        if self.file is not None:
            os.close(self.file)
            self.file = None
        self.lock.release()


TURN = Turn()
