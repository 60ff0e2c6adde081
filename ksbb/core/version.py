"""The data version: one number that every committed action moves; caches and ETags hang on it."""

import time

from django.db import connection, transaction

from .models import VersionMark
from .watermark import final_position, position_column

FRESH_SECONDS = 1.0
_last = {"read_at": 0.0, "version": None}


def data_version():
    """Return the number of committed audit entries, read at most once a second in this process."""
    now = time.monotonic()
    if _last["version"] is None or now - _last["read_at"] >= FRESH_SECONDS:
        _last.update(version=_read(), read_at=now)
    return _last["version"]


def forget():
    """Make the next `data_version` read the database (this process has just changed something)."""
    _last["version"] = None


def _read():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE((SELECT count FROM core_versionmark), 0) + COUNT(*) FROM core_auditentry "  # noqa: S608
            f"WHERE {position_column()} >= COALESCE((SELECT position FROM core_versionmark), 0)"
        )
        return cursor.fetchone()[0]


@transaction.atomic
def fold():
    """Count the final audit entries into the mark, so that reading the version stays cheap."""
    mark, _new = VersionMark.objects.select_for_update().get_or_create(pk=1)
    position = final_position("core_auditentry")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM core_auditentry WHERE {position_column()} >= %s AND {position_column()} < %s",  # noqa: S608
            [mark.position, position],
        )
        added = cursor.fetchone()[0]
    VersionMark.objects.filter(pk=1).update(position=position, count=mark.count + added)
