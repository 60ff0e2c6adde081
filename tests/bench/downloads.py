"""`python -m tests.bench.downloads`: what files of rows cost on the city of this environment, printed as JSON.

Figures of a set: lines, microseconds of a processor a line, milliseconds to the first byte. The last file has a million
lines: needs that nobody asked for, in a transaction that is rolled back.
"""

import json
import time
from pathlib import Path

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction

from tests.bench import reader

SETS = ("kebutuhan", "penyaluran", "kolaborasi", "lokasi")
LINES = 1_000_000
PAGE_BYTES = 4096


def memory(server):
    """Return how many megabytes this process occupies, and its PostgreSQL server process of its own."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    if server:
        _size, resident, shared, *_rest = map(int, server.with_name("statm").read_text().split())
        pages += resident - shared
    return pages * PAGE_BYTES / 2**20


def download(path, server):
    """Return what a file costs; `memory` is how much the processes grew after a tenth of its lines, in megabytes."""
    begun, lines, sizes, first = {}, 0, [], None
    clock, before = time.perf_counter(), reader.milliseconds(server)
    body = reader.application(reader.get(path)(), lambda status, headers, trouble=None: begun.update(status=status))
    for part in body:
        first = first or time.perf_counter() - clock
        lines += part.count(b"\n")
        sizes.append((lines, memory(server)))
    body.close()
    spent = reader.milliseconds(server) - before
    if begun["status"][:3] != "200":
        raise RuntimeError(f"{path}: {begun['status']}")
    start = next(size for count, size in sizes if count >= lines / 10)
    grown = max(size for _count, size in sizes) - start
    return {"lines": lines, "microseconds": spent * 1000 / lines, "first": first * 1000, "memory": grown}


def invent_needs():
    """Add periods with the same needs until there are more than a million; return the periods' slugs."""
    [(open_now, count)] = _rows("SELECT period_id, COUNT(*) FROM locations_need GROUP BY 1 ORDER BY 2 DESC LIMIT 1")
    period = apps.get_model("programs", "NeedPeriod").objects.get(pk=open_now)
    slugs = [f"bench-{number}" for number in range(LINES // count + 2)]
    for slug in slugs:
        period.pk, period.slug = None, slug
        period.save(force_insert=True)
        columns = "location_id, package_id, package_version_id"
        _run(
            f"INSERT INTO locations_need ({columns}, period_id, quantity, reserved, committed, delivered) "
            f"SELECT {columns}, %s, 9, 3, 2, 1 FROM locations_need WHERE period_id = %s",
            [period.pk, open_now],
        )
    _run("ANALYZE")  # as a server does by itself before long: so many new rows make every plan wrong
    return slugs


def _run(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def main():
    server = reader.server_process()
    found = {}
    for name in SETS:
        download(f"/data/{name}.csv", server)
        found[name] = download(f"/data/{name}.csv", server)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # as in tests: a request must not end the transaction around it
    with transaction.atomic():
        query = "&".join(f"periode={slug}" for slug in invent_needs())
        server = reader.server_process()
        found["a million lines"] = download(f"/data/kebutuhan.csv?{query}", server)
        transaction.set_rollback(True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
