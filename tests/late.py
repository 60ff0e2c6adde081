"""A transaction that is still open while others go on."""

import threading
from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def still_open(act):
    """Do `act` in a transaction of another connection that commits only when this block ends."""
    done, may_commit = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            act()
            done.set()
            may_commit.wait(30)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait(30)
    try:
        yield
    finally:
        may_commit.set()
        thread.join()
