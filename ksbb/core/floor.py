"""Answers that do not leave early, so that their time tells nothing."""

import time

from django.db import connection


def wait(until):
    """Wait for a moment of the monotonic clock; the database's connection is free for others meanwhile."""
    if not connection.in_atomic_block:
        connection.close()
    time.sleep(max(0, until - time.monotonic()))
