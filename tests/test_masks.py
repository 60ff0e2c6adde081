"""Runs of sixteen digits are masked in every log, error mail and exception text, however they were written."""

import io
import logging
import logging.config
from urllib.parse import quote, quote_plus

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from donations import kk as kk_numbers
from donations.forms.inputs import Words
from ksbb.core.privacy import MaskFormatter, mask
from tests.kk_numbers import SERIALS, kk

FILLING = st.text(" .-\u00a0\u2010\u2013\t\n", max_size=3)
SPELT = {"as typed": str, "in an address": quote, "in a form": quote_plus, "by repr": repr}


@pytest.mark.parametrize("spelling", SPELT.values(), ids=SPELT.keys())
@given(st.lists(FILLING, min_size=15, max_size=15), st.text(max_size=10), st.sampled_from([0, 0xFEE0]))
def test_whatever_the_status_check_reads_as_a_number_is_masked(spelling, between, before, width):
    digits = [chr(ord(digit) + width) for digit in kk(42)]
    typed = digits[0] + "".join(fill + digit for fill, digit in zip(between, digits[1:], strict=True))
    assert kk_numbers.normalise(typed) == kk(42)
    masked = mask(f"{before} {spelling(typed) if width == 0 else typed} dicari")
    assert kk_numbers.normalise(masked.removeprefix(before)) is None
    assert "dicari" in masked
    assert sum(char.isdigit() for char in masked.removeprefix(before)) < 8


@pytest.mark.parametrize("text", ["Rp 1.565.000.000 untuk 7.825 paket", "31.74.05.1006", "0812-3456-7890, 3 Mei 2020"])
def test_other_numbers_stay(text):
    assert mask(text) == text


@pytest.mark.parametrize("text", [f"KK {kk()}", f"{kk()[:4]} {kk()[4:]}"])
def test_words_that_others_may_read_lose_such_numbers(text):
    assert SERIALS[:4] not in Words().clean(text)
    assert Words().clean("Terima kasih, RW 03") == "Terima kasih, RW 03"


# --- Logs and mails ---------------------------------------------------------------------------------------------------
def logged(**more):
    """Return the line that our formatter makes of a record."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskFormatter("%(levelname)s %(name)s %(message)s"))
    handler.handle(logging.LogRecord("ksbb", logging.ERROR, "", 0, "gagal: %s", (kk(),), **more))
    return stream.getvalue()


@pytest.mark.django_db
def test_a_row_that_is_refused_is_logged_without_its_values():
    """PostgreSQL tells the row in the exception's DETAIL. Without a password it is refused before it is written."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        get_user_model().objects.create(username=kk(), password=None)
    if connection.vendor == "postgresql":
        assert kk() in str(caught.value)
    line = logged(exc_info=(caught.type, caught.value, caught.tb))
    assert "IntegrityError" in line
    assert SERIALS not in line


def test_a_stack_is_masked_too():
    assert SERIALS not in logged(exc_info=None, sinfo=f"Stack: {kk()}")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/cek-kk/", f"/cek-kk/?kk={kk()}"])
def test_a_mail_about_an_error_tells_no_number(client, settings, mailoutbox, monkeypatch, path):
    settings.ADMINS = [("Pokja", "pokja@contoh.id")]
    settings.KK_LIMIT = 0
    monkeypatch.setattr("donations.views.kk_check.FLOOR_WITHOUT_PROOF", 0)
    logging.config.dictConfig(settings.LOGGING)
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE donations_householdreceipt RENAME TO gone")
    client.cookies["sisa"] = kk()
    answer = client.post(path, {"kk": kk(), "kode": "AAAA2222"}, headers={"user-agent": f"Peramban {kk()}"})
    assert answer.status_code == 500
    assert SERIALS not in answer.text
    (mail,) = mailoutbox
    assert "donations_householdreceipt" in mail.body
    assert SERIALS not in mail.subject + mail.body + str(mail.alternatives)
