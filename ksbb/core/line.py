"""Lines before a few places, first come, first served: threads that wait in one take nothing from those at work."""

import threading
from collections import deque

LINE_SECONDS = 20  # that anybody waits in line


class Crowded(Exception):
    """No place came free in time."""


class Line:
    """So many `places`; who finds all taken stands in line."""

    def __init__(self, places):
        self.places, self.waiting, self.lock = places, deque(), threading.Lock()

    def enter(self, timeout=None):
        """Take a place; tell whether one came free within `timeout` seconds."""
        with self.lock:
            if self.places and not self.waiting:
                self.places -= 1
                return True
            turn = threading.Event()
            self.waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self.lock:
            if turn in self.waiting:
                self.waiting.remove(turn)
                return False
        return True

    def leave(self):
        """Hand the place to the first in line."""
        with self.lock:
            if self.waiting:
                self.waiting.popleft().set()
            else:
                self.places += 1

    def __enter__(self):
        if not self.enter(LINE_SECONDS):
            raise Crowded(f"all places were taken for {LINE_SECONDS} seconds")

    def __exit__(self, *trouble):
        self.leave()
