"""The production sample, started: nginx in front of the portal as `deploy/nginx.conf` says; systemd reads its units."""

import contextlib
import datetime
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.kk_numbers import kk
from tests.portal import ROOT, Portal
from tests.postgres import free_port

pytestmark = pytest.mark.sqlite  # the engine makes no difference here
DEPLOY = ROOT / "deploy"
NAME = "ksbb.example"
FRAME = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    gzip on;
    include {folder}/ksbb.conf;
}}
"""


def certificate(folder):
    """Write a certificate for NAME and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    made = made.sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, plain))


class Proxy:
    """nginx with the sample's lines, but this machine's ports and folders."""

    def __init__(self, folder, portal):
        self.folder, self.port = folder, free_port()
        certificate(folder)
        ours = {
            r"127\.0\.0\.1:8000": portal.url.removeprefix("http://"),
            r"/var/lib/ksbb": str(portal.var),
            r"/etc/ssl/ksbb|/var/log/nginx": str(folder),
            r"listen (\[::\]:)80 .*;|listen \[::\]:443 .*;": "",
            r"listen 80 ": f"listen 127.0.0.1:{free_port()} ",
            r"listen 443 ": f"listen 127.0.0.1:{self.port} ",
        }
        text = (DEPLOY / "nginx.conf").read_text()
        for there, here in ours.items():
            text = re.sub(there, here, text)
        (folder / "ksbb.conf").write_text(text)
        (folder / "nginx.conf").write_text(FRAME.format(folder=folder))
        self.command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]

    @contextlib.contextmanager
    def running(self):
        subprocess.run([*self.command, "-t"], check=True, capture_output=True)
        process = subprocess.Popen(self.command, stderr=subprocess.DEVNULL)
        try:
            while not self.listens():
                assert process.poll() is None
            yield self
        finally:
            process.terminate()
            process.wait(10)

    def listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def ask(self, path, form=None, **headers):
        """Return (status, headers, body) of an answer over TLS."""
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        headers = {"Host": NAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}", form, headers)
        try:
            with urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust), Stay).open(
                request, None, 60
            ) as a:
                return a.status, a.headers, a.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def log(self, name):
        return (self.folder / name).read_text()


class Stay(urllib.request.HTTPRedirectHandler):
    """Follow nothing."""

    def redirect_request(self, *_):
        return None


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The portal as it stands behind a proxy."""
    settings = {"SITE_URL": f"https://{NAME}", "BEHIND_PROXY": "1", "TRUSTED_PROXY": "127.0.0.1", "LOG_FORMAT": "json"}
    metrics = {"METRICS_TOKEN": "0123456789abcdefghijklmnopqrstuvwxyz"}
    server = Portal(tmp_path_factory.mktemp("behind") / "var", DEMO="1", **settings, **metrics).start()
    yield server
    with contextlib.suppress(ProcessLookupError):
        server.stop()


@pytest.fixture(scope="module")
def proxy(portal, tmp_path_factory):
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    with Proxy(tmp_path_factory.mktemp("nginx"), portal).running() as running:
        yield running


def test_pages_come_through_with_their_headers_and_uncompressed_where_they_hold_a_token(proxy):
    status, headers, _body = proxy.ask("/peta/", accept_encoding="br")
    assert (status, headers["Content-Encoding"]) == (200, "br")
    assert [value[:16] for value in headers.get_all("Strict-Transport-Security")] == ["max-age=63072000"]
    assert len(headers["X-Request-ID"]) == 32
    for path in ("/cek-kk/", "/en/cek-kk/", "/pengaduan/", "/admin/akun/masuk/"):
        status, headers, _body = proxy.ask(path, accept_encoding="br, gzip")
        assert (status, headers["Content-Encoding"]) == (200, None)
    assert headers["Set-Cookie"].startswith("__Host-")


def test_files_come_from_the_disk_compressed_and_for_ever(proxy, portal):
    page = proxy.ask("/")[2].decode()
    style = re.search(r"/static/css/ksbb\.[0-9a-f]{12}\.css", page).group()
    status, headers, _body = proxy.ask(style, accept_encoding="gzip")
    assert (status, headers["Content-Encoding"], headers["Content-Type"]) == (200, "gzip", "text/css; charset=utf-8")
    assert headers["X-Request-ID"] is None  # nobody asked the portal
    assert "immutable" in headers["Cache-Control"]
    assert "immutable" not in proxy.ask("/static/img/favicon.svg")[1]["Cache-Control"]
    map_file = json.loads(proxy.ask("/api/v1/peta/")[2])["url"].removeprefix(f"https://{NAME}")
    while not (portal.var / "peta").is_dir():
        time.sleep(0.1)
    status, headers, body = proxy.ask(map_file)
    assert (status, headers["X-Request-ID"], headers["Access-Control-Allow-Origin"]) == (200, None, "*")
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)
    assert proxy.ask(f"/api/v1/peta/{'0' * 20}.json")[0] == 404


def test_nobody_claims_another_address_or_name(proxy):
    form = f"kk={kk()}".encode()
    checks = [proxy.ask("/cek-kk/", form, x_forwarded_for=f"10.0.0.{each}")[0] for each in range(12)]
    assert checks == [200] * 10 + [429] * 2
    assert proxy.ask("/", x_request_id="chosen-by-a-visitor")[1]["X-Request-ID"] != "chosen-by-a-visitor"
    assert proxy.ask("/metrics")[0] == 404
    with pytest.raises(http.client.RemoteDisconnected):
        proxy.ask("/", host="other.example")


def test_no_log_tells_a_secret(proxy, portal):
    proxy.ask("/komitmen-saya/s3cr3t-l1nk/")
    proxy.ask("/lacak/?kode=KSBB-7F3K-Q2MD")
    proxy.ask(f"/cek-kk/?kk={kk()}")
    lines = [json.loads(line) for line in proxy.log("ksbb.log").splitlines()]
    assert "/komitmen-saya/..." in {line["path"] for line in lines}
    assert {line["net"] for line in lines} == {"127.0.0.0"}
    written = proxy.log("ksbb.log") + proxy.log("ksbb-error.log") + proxy.log("error.log") + portal.log.read_text()
    assert not {secret for secret in ("s3cr3t", "7F3K", kk()) if secret in written}
    assert "cek-kk" not in proxy.log("ksbb.log") + proxy.log("ksbb-error.log")
    said = [json.loads(line) for line in portal.log.read_text().splitlines() if line.startswith("{")]
    assert {line.get("request_id") for line in said} & {line["request_id"] for line in lines}


def test_slow_clients_do_not_keep_others_waiting(proxy):
    with contextlib.ExitStack() as slow:
        for _ in range(90):
            line = slow.enter_context(socket.create_connection(("127.0.0.1", proxy.port)))
            line.sendall(b"\x16\x03\x01")
        began = time.monotonic()
        assert proxy.ask("/healthz")[0] == 200
        assert time.monotonic() - began < 1


def test_figures_add_up_over_the_workers(portal):
    request = urllib.request.Request(
        f"{portal.url}/metrics", headers={"Authorization": f"Bearer {portal.environment['METRICS_TOKEN']}"}
    )
    text = urllib.request.urlopen(request, timeout=60).read().decode()
    assert 'ksbb_job_done_timestamp_seconds{job="fold"}' in text
    assert float(re.search(r'ksbb_answers_total\{method="GET",status="200",view="alive"\} (\d+)', text).group(1)) > 0


def test_work_on_the_portal_is_told_kindly(proxy, portal):
    (portal.var / "maintenance").touch()
    status, headers, body = proxy.ask("/peta/")
    assert (status, headers["Retry-After"]) == (503, "120")
    assert "dirawat" in body.decode()
    status, headers, body = proxy.ask("/api/v1/lokasi/")
    assert (status, headers["Retry-After"], list(json.loads(body))) == (503, "120", ["galat"])
    (portal.var / "maintenance").unlink()
    assert proxy.ask("/peta/")[0] == 200
    portal.stop()
    away = [proxy.ask("/cek-kk/", b"kk=1"), proxy.ask(f"/peta/?q={kk()}"), proxy.ask("/data/lokasi.csv")]
    assert [status for status, _headers, _body in away] == [503] * 3
    assert {headers["Strict-Transport-Security"][:16] for _status, headers, _body in away} == {"max-age=63072000"}
    assert kk() not in proxy.log("ksbb-error.log") + proxy.log("error.log")


# --- systemd and the settings -----------------------------------------------------------------------------------------
def test_systemd_reads_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for unit in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        text = unit.read_text().replace("/srv/ksbb/.venv/bin/", "/bin/").replace("/bin/gunicorn", "/bin/true")
        (tmp_path / unit.name).write_text(text.replace("/bin/python", "/bin/true"))
    units = sorted(map(str, tmp_path.iterdir()))
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


def test_the_environment_file_names_every_setting():
    settings = {
        *re.findall(r'(?:env\.\w+|secret|newest_last)\("([A-Z_]+)"', (ROOT / "ksbb" / "settings.py").read_text())
    }
    settings |= {*re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "ksbb" / "databases.py").read_text())}
    settings |= {*re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / "gunicorn.conf.py").read_text())}
    sample = {*re.findall(r"^#?([A-Z_0-9]+)=", (DEPLOY / "ksbb.env").read_text(), re.M)}
    assert settings - {"DEBUG"} <= sample
