"""The data version: one number that every committed action moves; caches and ETags hang on it."""

import threading
import time
from contextlib import nullcontext

from django.core.cache import cache
from django.db import connection, connections, transaction

from .models import VersionMark
from .source import PRIMARY, REPLICA, source
from .watermark import final_position, position_column, settle

# What a replica has may be half a second old itself.
FRESH_SECONDS = {PRIMARY: 1.0, REPLICA: 0.5}
NEVER = (float("-inf"), None)
# One thread asks for all: else each of a crowd would take a connection, and keep it while it waits for the page. Each
# server has its own: one that is silent must not hold up who reads from the other.
READING = {PRIMARY: threading.Lock(), REPLICA: threading.Lock()}
_last = {}


def data_version():
    """Return the number of committed audit entries, read at most once a second in this process and database."""
    alias = source()
    version = _known(alias)
    if version is None:
        # Nobody waits here with a connection in her hands: who asks for all may be in line for just that.
        with nullcontext() if connections[alias].connection else READING[alias]:
            version = _known(alias)
            if version is None:
                now, version = time.monotonic(), _read()
                _last[alias] = now, version
    return version


def _known(alias):
    read_at, version = _last.get(alias, NEVER)
    return version if time.monotonic() - read_at < FRESH_SECONDS[alias] else None


def remembered(name, make, seconds=600):
    """Return what `make()` made at this data version, remembered under a name: an older version's is not asked for."""
    return cache.get_or_set(f"{name}:{data_version()}", make, seconds)


def forget():
    """Make the next `data_version` read the database (this process has just changed something)."""
    _last.clear()


def _read():
    with connections[source()].cursor() as cursor:
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


@transaction.atomic
def refold():
    """Count all audit entries anew, for a database that was brought back on another server."""
    settle("core_auditentry")
    VersionMark.objects.all().delete()
    fold()
