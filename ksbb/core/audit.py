"""The audit log: one row per thing done, in the transaction that does it."""

from .models import AuditEntry
from .rows import insert


def record(kind, subject, *, by=None, now, **data):
    """Write that `by` (a user, or None for the public and for jobs) did `kind` (`noun.verb`) to `subject`.

    `data` must be JSON and hold nothing secret: no KK number, no contact, no link.
    """
    entry = AuditEntry(kind=kind, subject=str(subject), by=by.get_username() if by else "", at=now, data=data)
    insert([entry])
    return entry
