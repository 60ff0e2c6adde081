"""`/cek-kk/`: what each number is answered, and that nothing but the words differs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from donations.actions import households, kk_checks
from donations.actions.households import Recipient
from donations.models.household import Household
from donations.views import kk_check
from ksbb.core import challenge, floor
from ksbb.core.models import Alert, AuditEntry, OutboxMessage
from tests import factories
from tests.kk_numbers import kk
from tests.test_challenge import solve

URL = "/cek-kk/"
UNKNOWN, RECORDED, DELIVERED = map(kk, (1, 2, 3))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """No waiting; the floor has a test of its own."""
    monkeypatch.setattr(kk_check, "FLOOR", 0)
    monkeypatch.setattr(kk_check, "FLOOR_WITHOUT_PROOF", 0)
    monkeypatch.setattr(challenge, "ITERATIONS", 10)
    monkeypatch.setattr(challenge, "MOST_TRIES", 20)


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


def without_challenge(page):
    """Return a page less what differs each time: the challenge."""
    return re.sub(r'data-challenge="[^"]+"', "", page)


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
    page = words(ask(client, " ".join(re.findall("....", DELIVERED)), receipt_code.lower()))
    assert "Nomor tanda terima" in page
    assert "Tempat penyaluran" in page


def test_unknown_number_and_wrong_code_read_the_same(client, receipt_code):
    wrong = "22222222" if receipt_code != "22222222" else "33333333"
    asked = ((DELIVERED, wrong), (UNKNOWN, receipt_code), (RECORDED, wrong))
    answers = [without_challenge(words(ask(client, *each))) for each in asked]
    assert "Nomor dan kode tidak cocok" in answers[0]
    assert len(set(answers)) == 1


@pytest.mark.parametrize("number", ["", "123", "31740500000000031", "3174O50000000003", "x" * 200, "٣١٧٤"])
def test_a_malformed_number_is_400_with_the_message_beside_it(client, number):
    page = ask(client, number)
    assert page.status_code == 400
    assert 'id="id_kk_error"' in words(page)
    assert not number or number not in without_challenge(words(page))


@pytest.mark.parametrize("code", ["123", "OOOOOOOO", "abcdefghi", "z" * 50])
def test_a_malformed_code_is_400(client, code):
    page = ask(client, UNKNOWN, code)
    assert page.status_code == 400
    assert 'id="id_kode_error"' in words(page)


def test_what_was_typed_is_never_echoed(client, receipt_code):
    for page in (ask(client, DELIVERED, receipt_code), ask(client, DELIVERED, "123"), ask(client, "3174050000000")):
        assert "317405" not in without_challenge(words(page))
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


def statements(client, *asked):
    """Return the statements of one check, without their values."""
    seen = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask(client, *asked)
    return tuple(seen)


@pytest.mark.parametrize("coded", [False, True])
def test_every_outcome_asks_the_database_alike(client, receipt_code, coded):
    """With a code more is asked, whatever the code: who asks knows that there is one."""
    alone, with_code = (
        ((UNKNOWN,), (RECORDED,), (DELIVERED,)),
        (
            (DELIVERED, receipt_code),
            (UNKNOWN, "22222222"),
            (DELIVERED, "22222222"),
            (RECORDED, receipt_code),
        ),
    )
    assert len({statements(client, *each) for each in (with_code if coded else alone)}) == 1


def test_nothing_is_stored_anywhere_but_in_the_throttle(client, receipt_code):
    writing = [sql for sql in statements(client, DELIVERED) if "INSERT" in sql or "UPDATE" in sql]
    assert len(writing) == 3
    assert all("core_throttle" in sql for sql in writing)
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


def test_without_a_limit_everybody_is_answered(client, settings):
    settings.KK_LIMIT = 0
    assert {ask(client, UNKNOWN).status_code for _ in range(kk_check.CHECKS_AN_HOUR + 1)} == {200}


def test_a_number_in_the_address_is_neither_looked_at_nor_repeated(client):
    page = words(client.get(URL, {"kk": UNKNOWN}))
    assert "Belum ada catatan" not in page
    assert UNKNOWN not in page
    assert UNKNOWN not in words(client.get(URL))


def test_the_page_that_is_drawn_once_speaks_each_language(client):
    assert "Belum ada catatan" in words(ask(client, UNKNOWN))
    english = words(client.post(f"/en{URL}", {"kk": UNKNOWN}))
    assert "Belum ada catatan" not in english
    assert 'lang="en"' in english
    assert "Belum ada catatan" in words(ask(client, UNKNOWN))


def test_what_is_wrong_with_one_number_is_not_said_to_the_next(client):
    assert "id_kk_error" in words(ask(client, "123"))
    assert "id_kk_error" not in words(client.get(URL))


@pytest.mark.parametrize("state", ["unknown", "recorded", "delivered", "mismatch", "code-needed", "again", "busy"])
def test_every_answer_ends_in_a_next_step(client, state):
    answer = kk_checks.Answer(state, "Pangan", timezone.now())
    section = kk_check._answer_section(answer, timezone.now())
    assert "loket kelurahan" in section
    assert "/pengaduan/?kategori=" in section
    assert "Tutup dan hapus" in section
    assert "data-print" in section


def test_a_browser_that_tells_no_origin_is_answered():
    """Under "no-referrer" browsers send `Origin: null` with the form."""
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert browser.post(URL, {"kk": UNKNOWN}).status_code == 200


# --- The challenge ----------------------------------------------------------------------------------------------------
def fresh_proof():
    return solve(challenge.issue(kk_check.FORM, timezone.now()))


def test_after_the_free_checks_each_needs_its_own_proof_of_work(client, settings):
    settings.KK_LIMIT = 1
    ask(client, UNKNOWN)
    proof = fresh_proof()
    answers = [client.post(URL, {"kk": UNKNOWN, "bukti": sent}) for sent in ("", proof, proof, "sampah")]
    assert [answer.status_code for answer in answers] == [429, 200, 429, 429]
    # Who sent one that does not count any more need not wait for the next hour.
    assert ["tekan sekali lagi" in answer.text for answer in answers] == [False, False, True, True]


def test_at_sixty_an_hour_no_proof_helps(client, settings, monkeypatch):
    settings.KK_LIMIT = 1
    monkeypatch.setattr(kk_check, "CHECKS_AN_HOUR", 3)
    answers = [client.post(URL, {"kk": UNKNOWN, "bukti": fresh_proof()}).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_every_page_brings_a_fresh_challenge(client):
    pages = [words(client.get(URL)), words(ask(client, UNKNOWN)), words(ask(client, "123"))]
    challenges = [re.search(r'data-challenge="([^"]+)"', page).group(1) for page in pages]
    assert len(set(challenges)) == 3


@pytest.mark.parametrize(("proof", "least"), [("apa saja", "FLOOR"), ("", "FLOOR_WITHOUT_PROOF")])
def test_no_answer_leaves_before_its_floor(client, monkeypatch, proof, least):
    slept = []
    monkeypatch.setattr(kk_check, least, 5)
    monkeypatch.setattr(floor.time, "sleep", slept.append)
    client.post(URL, {"kk": UNKNOWN, "bukti": proof})
    assert 4 < slept[0] <= 5


def test_a_refusal_waits_for_nothing(client, settings, monkeypatch):
    settings.KK_LIMIT = 1
    ask(client, UNKNOWN)
    monkeypatch.setattr(floor, "wait", lambda until: pytest.fail("a thread was held"))
    assert client.post(URL, {"kk": UNKNOWN, "bukti": "sampah"}).status_code == 429


# --- Wrong codes and siaga --------------------------------------------------------------------------------------------
def test_after_five_wrong_codes_the_right_one_reads_like_a_wrong_one(client, receipt_code, settings):
    settings.KK_LIMIT = 0
    wrong = [words(ask(client, DELIVERED, "22222222")) for _ in range(5)]
    locked = ask(client, DELIVERED, receipt_code)
    assert "Nomor dan kode tidak cocok" in words(locked)
    assert without_challenge(words(locked)) == without_challenge(wrong[0])
    assert "Sudah disalurkan" in words(ask(client, DELIVERED))


def test_right_codes_lock_nobody_out(client, receipt_code, settings):
    settings.KK_LIMIT = 0
    assert all("Nomor tanda terima" in words(ask(client, DELIVERED, receipt_code)) for _ in range(7))


def miss(client, *serials):
    for serial in serials:
        ask(client, kk(serial))


def test_too_many_unknown_numbers_put_the_page_on_its_guard(client, receipt_code, settings):
    settings.KK_LIMIT, settings.KK_MISSES_AN_HOUR, settings.STAFF_EMAIL = 0, 3, ["pokja@contoh.id"]
    miss(client, 11, 11, 11, 12, 13)
    ask(client, DELIVERED)
    assert not Alert.objects.exists()
    before = ask(client, UNKNOWN)
    assert Alert.objects.filter(purpose=kk_checks.GUARD, until=None).count() == 1
    for number in (UNKNOWN, RECORDED, DELIVERED):
        page = ask(client, number)
        assert "perlu kode tanda terima" in words(page)
        assert (len(page.content), sorted(page.headers)) == (len(before.content), sorted(before.headers))
    assert "Nomor tanda terima" in words(ask(client, DELIVERED, receipt_code))
    miss(client, 14, 15)
    assert AuditEntry.objects.filter(kind="alert.began").count() == 1
    assert OutboxMessage.objects.filter(subject__startswith="Siaga: ").count() == 1


def test_the_guard_ends_once_it_is_calm(client, settings):
    settings.KK_LIMIT, settings.KK_MISSES_AN_HOUR = 0, 1
    miss(client, 11, 12)
    now = timezone.now()
    assert not kk_checks.calm_down(now)
    assert not kk_checks.calm_down(now + timedelta(hours=1))
    assert kk_checks.calm_down(now + timedelta(hours=3))
    assert not kk_checks.calm_down(now + timedelta(hours=3))
    assert "Belum ada catatan" in words(ask(client, UNKNOWN))
    assert AuditEntry.objects.filter(kind="alert.ended").count() == 1


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-origin", 200), ("none", 200)])
def test_no_page_elsewhere_has_its_readers_ask(client, site, status):
    assert ask(client, UNKNOWN, headers={"sec-fetch-site": site}).status_code == status
    assert client.get(URL, headers={"sec-fetch-site": site}).status_code == 200
