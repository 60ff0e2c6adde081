"""*Siaga*: for a time the portal is on its guard for one purpose. Begin and end stand in the audit log."""

from django.db import connection

from .audit import record
from .models import Alert


def is_on(purpose):
    """Tell whether an alert for `purpose` runs."""
    with connection.planned_cursor() as cursor:  # at each status check: the ORM would cost more than the answer
        cursor.execute("SELECT 1 FROM core_alert WHERE purpose = %s AND until IS NULL", [purpose])
        return cursor.fetchone() is not None


def begin(purpose, *, now, **data):
    """Begin an alert unless one runs; tell whether this call began it. `data` goes into the audit log."""
    _alert, new = Alert.objects.get_or_create(purpose=purpose, until=None, defaults={"since": now})
    if new:
        record("alert.began", purpose, now=now, **data)
    return new


def end(purpose, *, now, began_before):
    """End the alert that runs if it began before that moment; tell whether it was ended."""
    ended = Alert.objects.filter(purpose=purpose, until=None, since__lte=began_before).update(until=now)
    if ended:
        record("alert.ended", purpose, now=now)
    return bool(ended)
