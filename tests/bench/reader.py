"""`python -m tests.bench.reader`: what answers cost on the city of this environment, printed as JSON.

The application that production serves is called in this process, without a network. A cost is time on a processor, of
this process and of its PostgreSQL server process, so what else the machine does shifts little; the cases take turns, so
that what it shifts, it shifts alike. Each figure is the median of its turns, in milliseconds.
"""

import itertools
import json
import re
import secrets
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import django

django.setup()

from django.conf import settings  # noqa: E402 - settings first
from django.core.cache import caches  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from ksbb.core import middleware, version  # noqa: E402
from ksbb.wsgi import application  # noqa: E402
from locations import snapshot  # noqa: E402
from locations.models import Location  # noqa: E402

ROUNDS, CHANGED_EVERY, IN_A_ROW = 25, 5, 5
PLACES = 60
DEEP_PAGES = 12  # of the largest size
SEARCHES = ("kebon", "RW 03", "panti", "pasar minggu", "sekolah")
ALONE, KEPT, MADE, CHANGED = "", "kept", "made", "changed"
BROWSER = {"HTTP_ACCEPT_ENCODING": "br", "HTTP_HOST": urlsplit(settings.SITE_URL).netloc}
request = RequestFactory()


@dataclass
class Case:
    """A request to look at.

    `how` says what the portal remembers of the answer: all of it (KEPT); its figures and its filter bar, as on the way
    to a page of a list that nobody saw yet (MADE); nothing, as after a change (CHANGED). ALONE: it never does.
    """

    name: str
    make: object
    how: str = ALONE
    costs: list = field(default_factory=list)


# --- One answer -------------------------------------------------------------------------------------------------------
def answer(environ):
    """Return status, headers and body of an answer."""
    begun = {}
    body = application(
        environ, lambda status, headers, trouble=None: begun.update(status=status, headers=dict(headers))
    )
    try:
        return begun["status"], begun["headers"], b"".join(body)
    finally:
        body.close()


def get(path, **headers):
    """Return what makes a fresh request for an address (of which there may be several, taken in turn)."""
    paths = itertools.cycle([path] if isinstance(path, str) else path)
    return lambda: request.get(next(paths), **BROWSER, **headers).environ


def again(path):
    """Return what makes the request of a browser that has this page already."""
    tag = answer(get(path)())[1]["ETag"]
    return get(path, HTTP_IF_NONE_MATCH=tag)


def kk_check():
    """Return a request that asks for a number nobody has, as a browser sends it."""
    values = urlencode({"kk": f"{secrets.randbelow(10**16):016d}", "kode": "", "bukti": "-"})
    return request.post("/cek-kk/", values, "application/x-www-form-urlencoded", **BROWSER).environ


# --- What it costs ----------------------------------------------------------------------------------------------------
def server_process():
    """Return where Linux writes how long our connection's PostgreSQL process was on a processor, or None."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return path if path.exists() else None


def milliseconds(server):
    """Return the time on a processor so far."""
    of_server = int(server.read_text().split()[0]) / 10**6 if server else 0
    return time.process_time() * 1000 + of_server


def cost(case, server):
    """Return what one answer costs."""
    if case.how == CHANGED:
        caches["pages"].clear()
        caches["default"].clear()
        version.forget()
    environ = case.make()
    if case.how in (KEPT, MADE):
        tag = answer({**environ})[1]["ETag"]
    if case.how == MADE:
        caches["pages"].delete(f"br:{tag}")
    before = milliseconds(server)
    status, _headers, _body = answer(environ)
    spent = milliseconds(server) - before
    if status[:3] not in ("200", "304"):
        raise RuntimeError(f"{case.name}: {status}")
    return spent


def take_turns(cases, server):
    """Let the cases take turns; those that compute all figures anew come less often.

    An answer that takes a millisecond costs more when what came before has emptied the processor's caches, now more,
    now less: one alone says little, so the cheap ones answer several times in a row.
    """
    for turn in range(ROUNDS):
        for case in cases:
            if case.how != CHANGED or turn % CHANGED_EVERY == 0:
                case.costs += [cost(case, server) for _time in range(1 if case.how in (MADE, CHANGED) else IN_A_ROW)]


# --- The cases --------------------------------------------------------------------------------------------------------
def deep():
    """Return the address of a page deep in the list."""
    path = "/api/v1/lokasi/?ukuran=200"
    for _page in range(DEEP_PAGES):
        path = json.loads(answer(get(path)())[2])["next"]
    [cursor] = re.findall("cursor=([^&]+)", path)
    return f"/lokasi/?cursor={cursor}"


def cases():
    """Return all cases: pages in each state of the portal's memory, and what has one."""
    places = Location.objects.public().order_by("pk")
    step = max(1, places.count() // PLACES)
    codes = places.values_list("code", flat=True)[::step]
    pages = {
        "home": "/",
        "map": "/peta/",
        "dashboard": "/transparansi/",
        "list": "/lokasi/",
        "deep": deep(),
        "place": [f"/lokasi/{code}/" for code in codes],
        "search": [f"/lokasi/?{urlencode({'q': text})}" for text in SEARCHES],
    }
    return [
        Case("hello", get("/hello/")),
        Case("one query", get("/one-query/")),
        Case("map data", get(f"/api/v1/peta/{snapshot.current().digest}.json")),
        Case("not modified", again("/peta/")),
        Case("suggestions", get([f"/api/v1/saran/?{urlencode({'q': text})}" for text in SEARCHES]), CHANGED),
        Case("kk check", kk_check),
        *(Case(f"{name} {how}", get(path), how) for name, path in pages.items() for how in (KEPT, MADE, CHANGED)),
    ]


# --- Searching, in SQL ------------------------------------------------------------------------------------------------
def search_in_sql(server):
    """Return what the statements that look for places cost the search box, without Django around them."""
    asked = [[in_sql(text, server) for _turn in range(ROUNDS)] for text in SEARCHES]
    return statistics.median(map(statistics.median, asked))


def in_sql(text, server):
    """Return the cost of the statements over places that the search box sends for a text."""
    caches["default"].clear()
    costs, pass_on = [], middleware.refuse_writes

    def note(execute, sql, params, many, context):
        before = milliseconds(server)
        done = pass_on(execute, sql, params, many, context)
        costs.append(milliseconds(server) - before if 'FROM "locations_location"' in sql else 0)
        return done

    middleware.refuse_writes = note
    try:
        answer(get(f"/api/v1/saran/?{urlencode({'q': text})}")())
    finally:
        middleware.refuse_writes = pass_on
    return sum(costs)


def main():
    server, measured = server_process(), cases()
    for case in measured:
        cost(case, server)  # templates, modules and plans are there from now on
    take_turns(measured, server)
    if server_process() != server:
        raise RuntimeError("the connection to PostgreSQL changed: its processor time was not seen")
    found = {case.name: statistics.median(case.costs) for case in measured}
    print(json.dumps({**found, "search in SQL": search_in_sql(server)}))


if __name__ == "__main__":
    main()
