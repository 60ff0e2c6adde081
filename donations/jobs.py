"""What happens by itself: each job is a function of the moment, safe to run at any time and as often as one likes."""

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.management import call_command

from donations import changes, summaries
from donations.actions import complaints, deadlines, kk_checks, promises
from donations.actions.ledger import wib_day
from ksbb.core import last_known, outbox, throttle, version
from locations import shapes, snapshot

logger = logging.getLogger("ksbb.jobs")
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)  # between two questions to a mail server


@dataclass
class Job:
    """Something to do every so often; `do(now)` returns how much it did, for the log."""

    name: str
    do: Callable
    every: timedelta
    next_at: object = None

    def is_due(self, now):
        return self.next_at is None or self.next_at <= now

    def run(self, now):
        """Do it, and come back later whatever happened: a failure is logged and stops no other job."""
        self.next_at = now + self.every
        try:
            done = self.do(now)
        except Exception:
            logger.exception("job %s failed", self.name)
            return False
        if done:
            logger.info("%s: %s", self.name, done)
        return True


def fold(now):
    """Fold the ledger and the audit log, so that figures and pages stay cheap."""
    summaries.fold()
    version.fold()


def draw_map(now):
    """Write the map's files anew if the data moved; between two of them pages ask for the changes."""
    return snapshot.rebuild(now, changes.position())


class Post:
    """Sends what is due. While the mail server is away it is asked later and later, so that the other jobs go on."""

    def __init__(self):
        self.pause, self.again_at = FIRST_PAUSE, None

    def __call__(self, now):
        if self.again_at and now < self.again_at:
            return 0
        try:
            sent = outbox.send_due(now)
        except outbox.ServerAway as error:
            logger.warning("mail server away (%s); asked again in %d s", error, self.pause.seconds)
            self.again_at, self.pause = now + self.pause, min(2 * self.pause, LONGEST_PAUSE)
            return 0
        self.pause, self.again_at = FIRST_PAUSE, None
        return sent


class Week:
    """Opens the running week, once after each midnight (WIB)."""

    def __init__(self):
        self.day = None

    def __call__(self, now):
        if wib_day(now) != self.day:
            call_command("open_week", now=now, stdout=io.StringIO())
            self.day = wib_day(now)


def keep_pages(now):
    """Keep the pages that must outlive the database, the ones nobody visits too."""
    last_known.refresh("home", "map", "figures", "api_figures")


def purge(now):
    """Forget throttle counts whose hour is over, idempotency keys and messages after thirty days, contacts of old
    complaints, and sessions that have ended."""
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    forgotten = (throttle.forget, promises.forget_keys, outbox.forget, complaints.forget_contacts)
    return sessions + sum(forget(now) for forget in forgotten)


def all_jobs():
    """Return every job, due at once."""
    seconds, minute, day = timedelta(seconds=3), timedelta(minutes=1), timedelta(days=1)
    return [
        Job("fold", fold, seconds),
        Job("lapse", deadlines.lapse_due, seconds),
        Job("outbox", Post(), seconds),
        Job("open_week", Week(), seconds),
        Job("snapshot", draw_map, timedelta(seconds=15)),
        Job("shapes", shapes.rebuild, seconds),
        Job("keep_pages", keep_pages, timedelta(minutes=10)),
        Job("remind", deadlines.remind_due, minute),
        Job("ask_late", deadlines.ask_late, minute),
        Job("close_complaints", complaints.close_due, minute),
        Job("calm_down", kk_checks.calm_down, minute),
        Job("purge", purge, day),
    ]
