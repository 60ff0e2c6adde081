"""A throttle in the database: exact however many workers serve."""

import hmac
import ipaddress
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .models import Throttle
from .proxy import from_proxy

ADD = (
    "INSERT INTO core_throttle (bucket, hits, expires_at) VALUES ",
    " ON CONFLICT (bucket) DO UPDATE SET hits = core_throttle.hits + excluded.hits RETURNING bucket, hits",
)


def client_address(request):
    """Return the visitor's address; a forwarded one counts only from the configured trusted proxy."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if forwarded and from_proxy(request):
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")


def address_group(address):
    """Return what counts as one visitor: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def visitor_of(request):
    """Return as whom a throttle counts the sender of a request."""
    return address_group(client_address(request))


def hit(purpose, visitor, now):
    """Count one hit of `visitor` for `purpose` in the running hour; return how many there are, this one included."""
    since, until = hour_of(now)
    return add(purpose, visitor, 1, since=since, until=until)


class Step(NamedTuple):
    """Add `step` (0 or more) to the count of `subject` for `purpose` that began at `since`; its row is kept an hour
    beyond `until`.
    """

    purpose: str
    subject: str
    step: int
    since: datetime
    until: datetime

    def row(self):
        """Return the values of its row. Nobody sees by the first of them what is counted."""
        name = f"{self.purpose}|{self.subject}|{self.since.isoformat()}"
        bucket = hmac.digest(settings.LINK_KEY.encode(), name.encode(), "sha256")
        return bucket, self.step, connection.ops.adapt_datetimefield_value(self.until + timedelta(hours=1))


def add(purpose, subject, step, *, since, until):
    """Take one Step; return the new count. The statement is the same whatever the step."""
    return add_all(Step(purpose, subject, step, since, until))[0]


def add_all(*steps):
    """Take Steps of different counts in one statement, a transaction of its own; return the new counts in order."""
    rows = [step.row() for step in steps]
    with connection.planned_cursor() as cursor:
        cursor.execute(
            ADD[0] + ", ".join(["(%s, %s, %s)"] * len(rows)) + ADD[1], [value for row in rows for value in row]
        )
        hits = {bytes(bucket): count for bucket, count in cursor.fetchall()}
    return [hits[bucket] for bucket, *_rest in rows]


def hour_of(now):
    """Return the first moment of the hour that `now` lies in, and of the next."""
    start = now.replace(minute=0, second=0, microsecond=0)
    return start, start + timedelta(hours=1)


def day_of(now):
    """Return the first moment of the day (WIB) that `now` lies in, and of the next."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, midnight + timedelta(days=1)


def forget(now):
    """Delete the counts whose time is over; return how many."""
    return Throttle.objects.filter(expires_at__lt=now).delete()[0]


def seconds_to_next_hour(now=None):
    """Return the whole seconds until the running hour's count starts anew (for Retry-After)."""
    now = now or timezone.now()
    return 3600 - (now.minute * 60 + now.second)
