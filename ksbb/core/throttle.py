"""A throttle in the database: exact however many workers serve."""

import hmac
import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .models import Throttle


def client_address(request):
    """Return the visitor's address; a forwarded one counts only from the configured trusted proxy."""
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.TRUSTED_PROXY and address in ("", settings.TRUSTED_PROXY) and forwarded:
        address = forwarded.rsplit(",", 1)[-1].strip()
    return address


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
    hour = now.replace(minute=0, second=0, microsecond=0)
    bucket = hmac.digest(settings.LINK_KEY.encode(), f"{purpose}|{visitor}|{hour.isoformat()}".encode(), "sha256")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_throttle (bucket, hits, expires_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (bucket) DO UPDATE SET hits = core_throttle.hits + 1 RETURNING hits",
            [bucket, connection.ops.adapt_datetimefield_value(hour + timedelta(hours=2))],
        )
        return cursor.fetchone()[0]


def forget(now):
    """Delete the counts of hours that are over; return how many."""
    return Throttle.objects.filter(expires_at__lt=now).delete()[0]


def seconds_to_next_hour(now=None):
    """Return the whole seconds until the running hour's count starts anew (for Retry-After)."""
    now = now or timezone.now()
    return 3600 - (now.minute * 60 + now.second)
