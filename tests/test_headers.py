"""What every answer tells a browser: what it may run, use, embed and pass on."""

from functools import partial

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from ksbb.core.crypto import decrypt
from ksbb.core.middleware import PolicyMiddleware
from ksbb.core.models import OutboxMessage
from tests import factories, observatory
from tests.production import dress, settings_of

pytestmark = pytest.mark.django_db
PAGES = ["/", "/peta/", "/cek-kk/", "/pengaduan/", "/tidak-ada/", "/admin/akun/login/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_nothing_inline_and_use_only_what_they_need(client, path):
    answer = client.get(path)
    policy = dict(
        rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";") if " " in rule.strip()
    )
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")


def test_our_files_are_embedded_by_no_other_site(client, settings):
    settings.WHITENOISE_USE_FINDERS = True  # no files are collected here
    answer = client.get("/static/img/favicon.svg")
    answer.close()
    assert (answer.status_code, answer["Cross-Origin-Resource-Policy"]) == (200, "same-origin")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/api/v1/program/", "/data/wilayah.csv"])
def test_open_data_may_be_fetched_by_any_site(client, path):
    answer = client.get(path)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_view_may_say_otherwise():
    made = PolicyMiddleware(lambda request: HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"}))
    assert made(RequestFactory().get("/"))["Cross-Origin-Resource-Policy"] == "cross-origin"


# --- As in production, by https ---------------------------------------------------------------------------------------
@pytest.fixture
def https(settings, monkeypatch):
    """A client of a portal in production; `plain` asks by http."""
    dress(settings, settings_of(monkeypatch))
    client = Client(SERVER_NAME="ksbb.example")
    client.plain = client.get
    client.get = partial(client.get, secure=True)
    return client


MARKED = ["/", "/en/", "/peta/", "/lokasi/", "/transparansi/", "/beri-bantuan/", "/cek-kk/", "/pengaduan/", "/lacak/",
          "/en/cek-kk/", "/tentang/", "/data/", "/api/v1/dokumentasi/", "/admin/akun/masuk/"]  # fmt: skip


@pytest.mark.parametrize("path", MARKED)
def test_the_http_observatory_would_give_every_page_an_a_plus(https, path):
    factories.need(5)
    points, marks = observatory.score(https.get(path), https.plain(path))
    assert points >= 120, marks
    assert min(marks.values()) >= 0


def test_the_marks_fall_where_something_is_missing(https):
    answer, plain = https.get("/tentang/"), https.plain("/tentang/")
    points = observatory.score(answer, plain)[0]
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"):
        kept = answer.headers.pop(name)
        assert observatory.score(answer, plain)[0] < points, name
        answer[name] = kept
    assert observatory.score(answer, answer)[0] < points


def test_by_http_everything_leads_to_https_on_the_same_host(https):
    for path in ("/", "/lokasi/?q=rw", "/api/v1/", "/admin/"):
        answer = https.plain(path)
        assert (answer.status_code, answer["Location"]) == (301, f"https://ksbb.example{path}")
    assert "max-age=63072000; includeSubDomains; preload" in https.get("/")["Strict-Transport-Security"]
    assert "upgrade-insecure-requests" in https.get("/")["Content-Security-Policy"]


def test_every_cookie_belongs_to_this_host_alone(https, settings):
    settings.DEMO = True
    user = factories.user(is_superuser=True)
    answers = [
        https.get("/beri-bantuan/"),
        https.get("/pengaduan/"),
        https.get("/admin/akun/masuk/"),
        https.post("/lacak/", {"code": "KSBB-0000-0000", "contact": "a@contoh.id"}, secure=True),
        https.post("/admin/akun/masuk/", {"login": user.username, "password": "rahasia-sekali"}, secure=True),
        https.get("/admin/"),
    ]
    cookies = {cookie.key: cookie for answer in answers for cookie in answer.cookies.values()}
    assert {"__Host-csrftoken", "__Host-sessionid", "__Host-ksbb_demo"} <= set(cookies)
    for name, cookie in cookies.items():
        assert name.startswith("__Host-"), name
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
        assert cookie["samesite"] in ("Lax", "Strict")


def test_a_forged_host_reaches_no_mail_and_no_shared_page(client, settings):
    made = factories.promise(factories.need(), by=factories.giver("budi@contoh.id"))
    OutboxMessage.objects.all().delete()
    forged = {"host": "localhost:81", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    client.post("/lacak/", {"code": made.code, "contact": "budi@contoh.id"}, headers=forged)
    mail = decrypt(OutboxMessage.objects.get().body_cipher)
    assert f"{settings.SITE_URL}/komitmen-saya/" in mail
    for path in ("/", f"/lokasi/{made.lines.get().need.location.code}/", f"/kolaborasi/{made.code}/"):
        page = client.get(path, headers=forged).content.decode()
        assert f'property="og:image" content="{settings.SITE_URL}{path}gambar.png"' in page
        assert "localhost:81" not in page + mail
        assert "evil.example" not in page + mail
