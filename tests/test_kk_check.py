"""`/cek-kk/`: what each number is answered, and that nothing but the words differs."""

import logging
import re

import pytest
from django.utils import timezone

from donations.actions import households
from donations.actions.households import Recipient
from donations.models.household import Household
from donations.views import kk_check
from tests import factories

URL = "/cek-kk/"
UNKNOWN, RECORDED, DELIVERED = "3174050000000001", "3174050000000002", "3174050000000003"

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt_code():
    """A family on the list, another that received; returns the code on the latter's receipt."""
    need = factories.need(10)
    now = timezone.now()
    commitment = factories.accepted(need, 3)
    delivery = factories.deliver(commitment)
    households.register(recipient=Recipient(RECORDED), location=need.location, program=need.package.program, now=now)
    line = commitment.lines.get()
    line.need = need
    return households.record_receipt(recipient=Recipient(DELIVERED, 4), delivery=delivery, line=line, now=now)[1]


def ask(client, number, code="", **extra):
    return client.post(URL, {"kk": number, "kode": code}, **extra)


def words(response):
    return response.content.decode()


def test_the_form_is_shown(client):
    page = client.get(URL)
    assert page.status_code == 200
    assert "Bukan bansos" in words(page)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(UNKNOWN, "Belum ada catatan"), (RECORDED, "Tercatat, dalam proses"), (DELIVERED, "Sudah disalurkan")],
)
def test_a_number_alone_gives_a_coarse_state(client, receipt_code, number, expected):
    page = ask(client, number)
    assert page.status_code == 200
    assert expected in words(page)
    assert "loket kelurahan" in words(page)
    assert "Tempat penyaluran" not in words(page)


def test_belum_tercatat_does_not_mean_tidak_berhak(client):
    assert "Belum tercatat tidak berarti tidak berhak" in words(ask(client, UNKNOWN))


def test_number_and_code_give_the_details(client, receipt_code):
    page = words(ask(client, "3174 0500 0000 0003", receipt_code.lower()))
    assert "Nomor tanda terima" in page
    assert "Tempat penyaluran" in page


def test_unknown_number_and_wrong_code_read_the_same(client, receipt_code):
    wrong = "22222222" if receipt_code != "22222222" else "33333333"
    answers = [words(ask(client, *asked)) for asked in ((DELIVERED, wrong), (UNKNOWN, receipt_code), (RECORDED, wrong))]
    assert "Nomor dan kode tidak cocok" in answers[0]
    assert len(set(answers)) == 1


@pytest.mark.parametrize("number", ["", "123", "31740500000000031", "3174O50000000003", "x" * 200, "٣١٧٤"])
def test_a_malformed_number_is_400_with_the_message_beside_it(client, number):
    page = ask(client, number)
    assert page.status_code == 400
    assert 'id="id_kk_error"' in words(page)
    assert not number or number not in words(page)


@pytest.mark.parametrize("code", ["123", "OOOOOOOO", "abcdefghi", "z" * 50])
def test_a_malformed_code_is_400(client, code):
    page = ask(client, UNKNOWN, code)
    assert page.status_code == 400
    assert 'id="id_kode_error"' in words(page)


def test_what_was_typed_is_never_echoed(client, receipt_code):
    for page in (ask(client, DELIVERED, receipt_code), ask(client, DELIVERED, "123"), ask(client, "3174050000000")):
        assert "317405" not in words(page)
        assert receipt_code not in words(page)
        assert DELIVERED not in str(page.headers)
    assert not client.session.keys()


def outcomes(client, code):
    return [
        ask(client, UNKNOWN),
        ask(client, RECORDED),
        ask(client, DELIVERED),
        ask(client, DELIVERED, code),
        ask(client, DELIVERED, "22222222"),
        ask(client, UNKNOWN, code),
    ]


def test_every_outcome_has_one_length_and_one_header_set(client, receipt_code, settings):
    settings.KK_LIMIT = 7
    ask(client, UNKNOWN)  # the first POST may set cookies
    answered = outcomes(client, receipt_code)
    refused = ask(client, UNKNOWN)
    assert [page.status_code for page in answered] == [200] * 6
    assert refused.status_code == 429
    assert {len(page.content) for page in [*answered, refused]} == {kk_check.BODY_BYTES}
    assert len({tuple(sorted(page.headers)) for page in [*answered, refused]}) == 1
    assert len({len(str(sorted(page.headers.items()))) for page in [*answered, refused]}) == 1


def test_every_outcome_asks_the_database_alike(client, receipt_code, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shapes = set()
    for asked in ((UNKNOWN,), (RECORDED,), (DELIVERED,), (DELIVERED, receipt_code), (UNKNOWN, "22222222")):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask(client, *asked)
        shapes.add(tuple(re.sub(r"'[^']*'|\b\d+\b|x'[0-9a-f]*'", "?", query["sql"])[:200] for query in captured))
    assert len({len(shape) for shape in shapes}) == 1
    assert {len(shape) for shape in shapes} == {3}


def test_nothing_is_stored_anywhere_but_in_the_throttle(client, receipt_code):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask(client, DELIVERED)
    writing = [query["sql"] for query in captured if not query["sql"].lstrip().upper().startswith("SELECT")]
    assert len(writing) == 1
    assert "core_throttle" in writing[0]
    assert Household.objects.count() == 2


def test_the_answer_is_kept_nowhere(client):
    page = ask(client, UNKNOWN)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"
    assert "Content-Encoding" not in page.headers


def test_the_free_checks_of_an_hour_are_counted_per_address(client, settings):
    settings.KK_LIMIT = 2
    answers = [ask(client, UNKNOWN).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert ask(client, UNKNOWN, REMOTE_ADDR="10.0.0.9").status_code == 200
    assert 0 < int(ask(client, UNKNOWN)["Retry-After"]) <= 3600


def test_neighbours_in_one_ipv6_network_count_together(client, settings):
    settings.KK_LIMIT = 1
    assert ask(client, UNKNOWN, REMOTE_ADDR="2001:db8::1").status_code == 200
    assert ask(client, UNKNOWN, REMOTE_ADDR="2001:db8::2").status_code == 429


def test_without_a_limit_nothing_is_counted(client, settings, django_assert_num_queries):
    settings.KK_LIMIT = 0
    with django_assert_num_queries(2):
        ask(client, UNKNOWN)


def test_a_number_in_the_address_is_not_looked_at(client):
    assert "Belum ada catatan" not in words(client.get(URL, {"kk": UNKNOWN}))


def test_a_number_in_a_log_line_is_masked(caplog):
    from ksbb.core.privacy import MaskFilter

    record = logging.LogRecord("ksbb", logging.ERROR, "", 0, "gagal: %s", (DELIVERED,), None)
    MaskFilter().filter(record)
    assert DELIVERED not in record.getMessage()
    assert record.getMessage().endswith("••••03")


def test_a_browser_that_tells_no_origin_is_answered():
    """Under "no-referrer" browsers send `Origin: null` with the form."""
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert browser.post(URL, {"kk": UNKNOWN}).status_code == 200
