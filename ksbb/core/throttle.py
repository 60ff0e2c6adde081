"""A throttle in the database: exact however many workers serve."""

import hmac
import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .models import Throttle
from .proxy import from_proxy


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


def hit(purpose, visitor, now):
    """Count one hit of `visitor` for `purpose` in the running hour; return how many there are, this one included."""
    return add(purpose, visitor, 1, since=start_of_hour(now), until=start_of_hour(now) + timedelta(hours=1))


def add(purpose, subject, step, *, since, until):
    """Add `step` (0 or more) to the count of `subject` for `purpose` that began at `since`; return the new count.

    The row is kept an hour beyond `until`. One statement whatever the step, so that nobody sees by it what was counted.
    """
    bucket = hmac.digest(settings.LINK_KEY.encode(), f"{purpose}|{subject}|{since.isoformat()}".encode(), "sha256")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_throttle (bucket, hits, expires_at) VALUES (%s, %s, %s) "
            "ON CONFLICT (bucket) DO UPDATE SET hits = core_throttle.hits + excluded.hits RETURNING hits",
            [bucket, step, connection.ops.adapt_datetimefield_value(until + timedelta(hours=1))],
        )
        return cursor.fetchone()[0]


def start_of_hour(now):
    """Return the first moment of the hour that `now` lies in."""
    return now.replace(minute=0, second=0, microsecond=0)


def forget(now):
    """Delete the counts of hours that are over; return how many."""
    return Throttle.objects.filter(expires_at__lt=now).delete()[0]


def seconds_to_next_hour(now=None):
    """Return the whole seconds until the running hour's count starts anew (for Retry-After)."""
    now = now or timezone.now()
    return 3600 - (now.minute * 60 + now.second)
