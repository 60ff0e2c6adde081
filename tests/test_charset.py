"""Whatever encoding a client declares, its request is read as UTF-8: the only one our pages send."""

import pytest
from django.test import RequestFactory

# Python's own codecs among them: some are no text at all.
CHARSETS = ["rot13", "hex", "base64", "zlib", "idna", "punycode", "undefined", "latin-1", "utf-16", "utf-7", "\0", "é"]
BODIES = {
    "multipart/form-data; boundary=x": b'--x\r\nContent-Disposition: form-data; name="kk"\r\n\r\n1\r\n--x--\r\n',
    "application/x-www-form-urlencoded": b"kk=1",
}
request = RequestFactory()


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
