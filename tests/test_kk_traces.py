"""KK numbers leave no trace: the real portal is asked, misused and broken with them; then all it wrote is searched."""

import base64
import contextlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
from urllib.parse import quote, urlencode

import pytest

from tests import killed
from tests.engines import own_database
from tests.kk_numbers import PIECE, SERIALS, SPELLINGS, kk, postgres_folders, traces
from tests.portal import ROOT, Portal

FORM = "application/x-www-form-urlencoded"
KNOWN, RECEIVED, UNKNOWN = 1, 2, 3  # serials
LAY = f"""
from types import SimpleNamespace
from django.utils import timezone
from donations.actions import households
from donations.actions.households import Recipient
from tests import factories
from tests.kk_numbers import kk
need, now = factories.need(5), timezone.now()
households.register(recipient=Recipient(kk({KNOWN})), location=need.location, program=need.package.program, now=now)
made = factories.accepted(need, 2)
line = made.lines.select_related("need__package__program").get()
delivery = factories.deliver(made)
print(households.record_receipt(recipient=Recipient(kk({RECEIVED})), delivery=delivery, line=line, now=now)[1])
print(need.location.code)
"""
BREAK = """
from django.db import connection
for table in ("donations_householdreceipt", "donations_complaint", "locations_location"):
    connection.cursor().execute(f"ALTER TABLE {table} RENAME TO gone_{table}")
"""
# PostgreSQL repeats a row that it refuses in its DETAIL.
CLASH = """
import logging
from django.contrib.auth import get_user_model
from tests.kk_numbers import kk
try:
    get_user_model().objects.create(username=kk(), password=None)
except Exception:
    logging.getLogger("ksbb").exception("user %s", kk())
    raise
"""
CIPHERS = """
from django.core.management import call_command
from donations.models import Commitment, Complaint, Giver
from ksbb.core.crypto import decrypt
from ksbb.core.models import OutboxMessage
for model in (OutboxMessage, Complaint, Commitment, Giver):
    names = [field.name for field in model._meta.fields if field.name.endswith("_cipher")]
    for row in model.objects.values_list(*names):
        print(model.__name__, *(decrypt(cipher) for cipher in row if cipher))
call_command("send_outbox")
"""


# --- The search itself ------------------------------------------------------------------------------------------------
SPELT = {
    "plain": kk().encode(),
    "spaced": b" ".join(re.findall(rb"....", kk().encode())),
    "utf-16-le": kk().encode("utf-16-le"),
    "utf-16-be": kk().encode("utf-16-be"),
    "hex": kk().encode().hex().encode(),
    **{f"base64+{n}": base64.b64encode(b"x" * n + kk().encode() + b"y") for n in range(3)},
}


@pytest.fixture
def folder(tmp_path):
    """A folder that is gone when the run's own files are searched."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize("spelling", SPELT)
def test_a_number_is_found_however_it_was_written(folder, spelling):
    (folder / "kosong").write_bytes(b"\0" * 100 + b"3174053102 317405 0000")
    assert traces(folder) == []
    (folder / "berkas").write_bytes(b"\0" * (PIECE - 8) + SPELT[spelling] + b"\n")  # across two pieces
    assert len(traces(folder)) == 1


def test_a_number_in_the_name_of_a_file_is_found(folder):
    (folder / f"foto-{kk()}.jpg").touch()
    assert len(traces(folder)) == 1


# --- The portal -------------------------------------------------------------------------------------------------------
@pytest.fixture
def portal(tmp_path):
    """A portal that keeps all it writes under `tmp_path`: state, logs, mails, temporary files."""
    (tmp_path / "tmp").mkdir()
    with own_database() as settings:
        own = {"DEMO": "0", "KK_LIMIT": "6", "KK_MISSES_AN_HOUR": "2", "STAFF_EMAIL": "pokja@contoh.id", **settings}
        mails = f"filemail:///{tmp_path}/mails"
        server = Portal(tmp_path / "var", TMPDIR=str(tmp_path / "tmp"), EMAIL_URL=mails, **own).start()
        yield server
        if server.process.poll() is None:
            server.stop()


class Visitor:
    """Asks one portal all kinds of things; `seen` are the statuses it got."""

    def __init__(self, portal):
        self.host, self.seen, self.cookies = portal.url.removeprefix("http://"), [], {}

    def ask(self, method, path, body=None, **headers):
        """Send one request and return what came back."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, path, body, {"Cookie": cookies, **headers})
        answer = connection.getresponse()
        for name, value in (pair.split("=", 1) for pair in answer.headers.get_all("Set-Cookie", [])):
            self.cookies[name] = value.split(";")[0]
        self.seen.append(answer.status)
        with contextlib.closing(connection), contextlib.suppress(http.client.IncompleteRead):
            return answer.read().decode("utf-8", "replace")
        return ""  # a file that broke off, with its table

    def post(self, path, **fields):
        """Fetch a form, send it with its token, and return what came back."""
        hidden = re.findall(r'name="(csrfmiddlewaretoken|number)" value="([^"]+)"', self.ask("GET", path))
        body = urlencode({**dict(hidden), **fields})
        return self.ask("POST", path, body, **{"Content-Type": FORM})

    def shout(self, line):
        """Send a line that is no request."""
        host, port = self.host.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as line_out:
            line_out.sendall(f"{line}\r\nHost: {self.host}\r\n\r\n".encode())
            line_out.recv(10_000)


def check_numbers(visitor, code):
    """Ask for families as families do, rightly and wrongly, until the page is on its guard and then busy."""
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in kk(KNOWN))
    for number, printed in (
        (kk(KNOWN), ""), (" ".join(re.findall("....", kk(RECEIVED))), ""), (wide, "AAAA2222"), (kk(RECEIVED), code),
        (kk(UNKNOWN), ""), (kk(UNKNOWN + 1), code), (kk(UNKNOWN + 2), ""), (kk(UNKNOWN + 3), ""), (kk(KNOWN), ""),
        (kk(KNOWN) + "x", ""), (kk(KNOWN)[:15] + "O", code), (kk(KNOWN), kk(KNOWN)), ("", kk(KNOWN)),
        *[(kk(KNOWN), "")] * 4,  # more than twice what is free in an hour: one may end meanwhile
    ):  # fmt: skip
        assert SERIALS not in visitor.post("/cek-kk/", kk=number, kode=printed, bukti="sampah")


def put_everywhere(visitor, number):
    """Put a number where none belongs: addresses, headers, bodies of other kinds, other forms."""
    spelt = quote(" ".join(re.findall("....", number)))
    for path in (
        f"/cek-kk/?kk={number}", f"/cek-kk/{number}/", f"/lokasi/?q={number}", f"/lokasi/?q={spelt}",
        f"/lokasi/{number}/", f"/lacak/?kode={number}", f"/api/v1/lokasi/?q={number}", f"/api/v1/lokasi/{number}/",
        f"/data/lokasi.csv?q={number}", f"/pengaduan/{number}/", f"/pengaduan/?halaman=/{number}/&angka={number}",
        f"/beri-bantuan/?lokasi={number}", f"/kolaborasi/{number}/", f"/{number}", f"/static/{number}.css",
    ):  # fmt: skip
        visitor.ask("GET", path, **{"User-Agent": number, "Referer": f"/cek-kk/?kk={number}", "X-Request-ID": number})
    visitor.ask("GET", "/cek-kk/", Host=number)
    visitor.ask("POST", "/cek-kk/", json.dumps({"kk": number}), **{"Content-Type": "application/json"})
    visitor.ask("POST", "/cek-kk/", urlencode({"kk": number + "\0"}), **{"Content-Type": FORM})
    visitor.ask("POST", "/cek-kk/", urlencode({f"{number}{n}": n for n in range(1_100)}), **{"Content-Type": FORM})
    visitor.ask("POST", "/cek-kk/", urlencode({"kk": number * 100_000}), **{"Content-Type": FORM})
    part = f'--x\r\nContent-Disposition: form-data; name="kk"; filename="{number}"\r\n\r\n{number}\r\n--x--\r\n'
    visitor.ask("POST", "/cek-kk/", part, **{"Content-Type": "multipart/form-data; boundary=x"})
    visitor.ask("PUT", "/cek-kk/", number)
    for line in (
        f"GET /cek-kk/?kk={number} kk {number}",
        f"GET / HTTP/{number}",
        f"{number} / HTTP/1.1",
        f"GET /{number}",
    ):
        visitor.shout(line)


def complain(visitor, number, place):
    """Complain about a number, in words, as a figure, as a contact; open again what has no answer."""
    spelt = "-".join(re.findall("....", number))
    visitor.post("/pengaduan/", category="kurang", text=f"KK saya {number}, {spelt}", figure=number, contact="")
    visitor.post(f"/pengaduan/?lokasi={place}", category="lain", text=f"KK\u00a0{number}", contact="ibu@contoh.id")
    visitor.post("/pengaduan/", category="lain", text="Belum datang", contact=number)
    visitor.post("/pengaduan/", category=number, text=number * 200)
    visitor.post("/pengaduan/", act="track", code=number)
    visitor.post("/lacak/", act="link", code=number, contact=f"{number}@contoh.id")


def on_the_command_line(portal, number, folder):
    """Give a number to commands: in a file of borders that is refused, on standard input, in an exception."""
    file = folder / "masukan.geojson"
    feature = {"type": "Feature", "properties": {"kode": number, "nama": number}, "geometry": {"type": "Point"}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    told = command(portal, "import_data", "batas", file, "--commit")
    file.unlink()
    told += command(portal, "erase_person", "--keluarga", stdin=f"{number}x\n")
    told += command(portal, "shell", "-c", CLASH)
    return told


def command(portal, *arguments, stdin=""):
    """Run a command that may fail; return all it printed."""
    call = [sys.executable, "manage.py", *map(str, arguments)]
    done = subprocess.run(
        call, cwd=ROOT, env=portal.environment, input=stdin, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_no_number_stands_anywhere_after_all_that_can_happen(portal, tmp_path):
    code, place = killed.shell(portal, LAY)
    visitor = Visitor(portal)
    check_numbers(visitor, code)
    put_everywhere(visitor, kk(KNOWN))
    complain(visitor, kk(KNOWN), place)
    assert {200, 302, 400, 404, 405, 429} <= set(visitor.seen)
    assert 500 not in visitor.seen
    told = on_the_command_line(portal, kk(KNOWN), tmp_path)
    assert "IntegrityError" in told
    words = command(portal, "shell", "-c", CIPHERS + BREAK)
    assert "OutboxMessage" in words
    assert list((tmp_path / "mails").iterdir())

    visitor.seen.clear()
    check_numbers(visitor, code)
    put_everywhere(visitor, kk(KNOWN))
    complain(visitor, kk(KNOWN), place)
    assert 500 in visitor.seen

    assert [each for each in SPELLINGS if each in (told + words).encode()] == []
    assert traces(tmp_path, *postgres_folders(portal.environment.get("DATABASE_URL"))) == []
    portal.stop()
    assert traces(tmp_path) == []
