"""`manage.py run_jobs`: one loop under one lock does what happens by itself, until it is told to stop."""

import contextlib
import fcntl
import logging
import signal
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection, connections
from django.utils import timezone

from donations.jobs import all_jobs
from ksbb.core import metrics

logger = logging.getLogger("ksbb.jobs")
TICK_SECONDS = 2
LOCK_KEY = 7_452_020


class FileLock:
    """Held by one process of this machine: SQLite lives on one machine."""

    def __init__(self):
        self.file = (Path(settings.VAR) / "jobs.lock").open("w")

    def held(self):
        """Take the lock, or keep it; tell whether we have it."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def close(self):
        self.file.close()


class AdvisoryLock:
    """Held by one connection to PostgreSQL, whichever machine it comes from; lost with the connection."""

    def __init__(self):
        # A connection of its own, not one of the pool: closing it must end its session, and the lock with it.
        shared = connections[connection.alias]
        options = {name: value for name, value in shared.settings_dict["OPTIONS"].items() if name != "pool"}
        self.connection = type(shared)({**shared.settings_dict, "OPTIONS": options}, shared.alias)
        self.is_held = False

    def held(self):
        """Take the lock, or make sure that our connection still has it; tell whether we have it."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT 1" if self.is_held else f"SELECT pg_try_advisory_lock({LOCK_KEY})")
                self.is_held = self.is_held or cursor.fetchone()[0]
        except DatabaseError:
            self.is_held = False
            self.connection.close()
        return self.is_held

    def close(self):
        """Give the lock back ourselves: the server ends a session some time after we have left it."""
        with contextlib.suppress(DatabaseError), contextlib.closing(self.connection):
            if self.is_held:
                self.connection.cursor().execute(f"SELECT pg_advisory_unlock({LOCK_KEY})")
        self.is_held = False


def stop(signum, frame):
    """End at once; a transaction that is open rolls back, and what it would have done is due again next time."""
    sys.exit(0)


class Command(BaseCommand):
    help = "Fold, lapse, remind, send, open the week and tidy up, every few seconds, until stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run every job once, then end")

    def handle(self, once, **options):
        if not once:
            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGINT, stop)
        lock = AdvisoryLock() if connection.vendor == "postgresql" else FileLock()
        with contextlib.closing(lock):
            self.loop(lock, once)

    def loop(self, lock, once):
        """Run what is due while the lock is ours, wait while it is another's."""
        jobs, waiting = all_jobs(), False
        while True:
            if lock.held():
                self.tick(jobs)
                waiting = False
            elif not waiting:
                logger.info("another run_jobs is at work; waiting")
                waiting = True
            if once:
                return
            close_old_connections()
            time.sleep(TICK_SECONDS)

    @staticmethod
    def tick(jobs):
        """Run what is due."""
        for job in jobs:
            now = timezone.now()
            if job.is_due(now):
                metrics.note_job(job.name, job.run(now))
