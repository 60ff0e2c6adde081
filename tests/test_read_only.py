"""Public GETs cannot write (rule 11), and text no column can hold is refused with 400."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from ksbb.core.middleware import READING, CleanInputMiddleware, PublicWriteError, ReadOnlyGetMiddleware
from ksbb.core.models import Throttle
from tests import factories

pytestmark = pytest.mark.django_db
request = RequestFactory()


def writing(_request):
    factories.user()
    return HttpResponse("written")


def streaming(_request):
    return StreamingHttpResponse(str(Throttle.objects.all().delete()) for _ in range(1))


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_public_get_that_writes_is_stopped(method):
    with pytest.raises(PublicWriteError):
        ReadOnlyGetMiddleware(writing)(getattr(request, method)("/lokasi/"))


def test_a_streamed_body_is_guarded_too():
    response = ReadOnlyGetMiddleware(streaming)(request.get("/data/lokasi.csv"))
    with pytest.raises(PublicWriteError):
        b"".join(response.streaming_content)


@pytest.mark.parametrize(("method", "path"), [("post", "/cek-kk/"), ("get", "/admin/")])
def test_posts_and_the_admin_may_write(method, path):
    assert ReadOnlyGetMiddleware(writing)(getattr(request, method)(path)).content == b"written"


READS = ["SELECT 1", "  select 1", "WITH a AS (SELECT 1) SELECT * FROM a", "COPY (SELECT 1) TO STDOUT", "SAVEPOINT a"]
WRITES = [
    "INSERT INTO a VALUES (1)",
    "UPDATE a SET b = 1",
    "DELETE FROM a",
    "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
    "COPY a FROM STDIN",
    "COPY (DELETE FROM a RETURNING *) TO STDOUT",
    "COPY (SELECT 1) TO '/tmp/a'",
    "CREATE TABLE a (b int)",
    "TRUNCATE a",
    "/* SELECT */ DELETE FROM a",
]


@pytest.mark.parametrize("sql", READS)
def test_reading_statements_pass(sql):
    assert READING.match(sql)


@pytest.mark.parametrize("sql", WRITES)
def test_writing_statements_do_not(sql):
    assert not READING.match(sql)


@pytest.mark.parametrize("bad", ["\0", "a\0b", "\ud800"])
def test_what_no_column_can_hold_is_refused(bad):
    passes = CleanInputMiddleware(lambda _request: HttpResponse("ok"))
    plain = request.get("/lokasi/")
    plain.GET = plain.GET.copy()
    plain.GET["q"] = bad
    assert passes(plain).status_code == 400
    posted = request.post("/beri-bantuan/", {"nama": "x"})
    posted.POST = posted.POST.copy()
    posted.POST["nama"] = bad
    assert passes(posted).status_code == 400
    assert passes(request.get("/lokasi/?q=Ragunan")).status_code == 200


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [("/cek-kk/", 2, 400), ("/tidak-ada/", 2, 400), ("/en/lokasi-saya/x/", 8, 404), ("/en/lokasi-saya/x/", 10, 400)],
)
def test_no_body_is_written_to_the_disk_that_is_longer_than_what_is_asked_for(client, path, megabytes, status):
    file = SimpleUploadedFile("foto.jpg", bytes(megabytes * 1_000_000))
    assert client.post(path, {"photo": file}).status_code == status
