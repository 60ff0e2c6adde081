"""What every answer tells a browser: what it may run, use, embed and pass on."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from ksbb.core.middleware import PolicyMiddleware

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


@pytest.mark.parametrize("path", ["/api/v1/program/", "/data/wilayah.csv"])
def test_open_data_may_be_fetched_by_any_site(client, path):
    answer = client.get(path)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_view_may_say_otherwise():
    made = PolicyMiddleware(lambda request: HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"}))
    assert made(RequestFactory().get("/"))["Cross-Origin-Resource-Policy"] == "cross-origin"
