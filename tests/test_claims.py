"""What a request claims about itself, its encoding or the portal's place, changes nothing of the answer."""

import pytest
from django.test import RequestFactory

from tests.portal import Portal

# Python's own codecs among them: some are no text at all.
CHARSETS = ["rot13", "hex", "base64", "zlib", "idna", "punycode", "undefined", "latin-1", "utf-16", "utf-7", "\0", "é"]
BODIES = {
    "multipart/form-data; boundary=x": b'--x\r\nContent-Disposition: form-data; name="kk"\r\n\r\n1\r\n--x--\r\n',
    "application/x-www-form-urlencoded": b"kk=1",
}
request = RequestFactory()


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal as it is served."""
    started = Portal(tmp_path_factory.mktemp("claims") / "var", DEMO="0").start()
    yield started
    started.stop()


def answer(door, asked, content_type):
    """Return status and body of what the server answers to a request that says its content is of that type."""
    begun = []
    environ = {**asked.environ, "CONTENT_TYPE": content_type}
    body = door(environ, lambda status, headers, trouble=None: begun.append(status))
    return begun[0], b"".join(body).decode()


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("path", ["/lokasi/?q=Zu%C3%A9", "/api/v1/lokasi/?q=Zu%C3%A9", "/tidak-ada/?q=Zu%C3%A9"])
def test_a_charset_changes_nothing_of_a_page(server_door, path, charset):
    status, page = answer(server_door, request.get(path), f"text/plain; charset={charset}")
    assert status[:3] in ("200", "404")
    assert (status, page) == answer(server_door, request.get(path), "")


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", BODIES)
def test_a_charset_breaks_no_form(server_door, kind, charset):
    status, _page = answer(server_door, request.post("/cek-kk/", BODIES[kind], kind), f"{kind}; charset={charset}")
    assert status[0] in "24"


@pytest.mark.sqlite
@pytest.mark.parametrize("claim", [{"SCRIPT_NAME": "/en"}, {"SCRIPT_NAME": "/x"}, {"X-Forwarded-Proto": "https"}])
def test_no_header_moves_the_portal(portal, claim):
    """Not even from this machine, where proxies stand, whom a server may trust unasked."""
    for path in ("/en/tentang/", "/data/lokasi.csv", "/api/v1/"):
        claimed, honest = portal.ask(path, **claim), portal.ask(path)
        assert (claimed[0], claimed[2]) == (200, honest[2])
