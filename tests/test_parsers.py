"""What people type is read or refused, never anything else: amounts, days, contacts, codes, addresses of pages."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from donations.actions.givers import normalise_contact
from donations.errors import Refused
from donations.forms import inputs
from donations.forms.complaint import complaint_code, own_page
from donations.forms.reply import normalise_code
from ksbb.core import parameters
from ksbb.core.crypto import CODE_ALPHABET

pytestmark = pytest.mark.sqlite  # nothing here touches a database
TEXT = st.text(max_size=80) | st.text("0123456789 .,-RpP/:", max_size=45)
MOST = 10**12


@given(TEXT, st.sampled_from(["id", "en"]))
def test_any_text_is_an_amount_or_refused(text, language):
    with override(language):
        try:
            amount = inputs.WholeNumber(max_value=MOST, required=False).clean(text)
            assert amount is None or 0 <= amount <= MOST
        except ValidationError:
            pass


@given(st.integers(0, MOST))
def test_an_amount_is_read_as_people_write_it(amount):
    dotted = f"{amount:,}".replace(",", ".")
    for text in (str(amount), dotted, f"Rp {dotted}", f"Rp. {dotted},-", f"rp{dotted},00", f" {dotted} "):
        assert inputs.WholeNumber(max_value=MOST).clean(text) == amount
    with override("en"):
        assert inputs.WholeNumber(max_value=MOST).clean(f"Rp {amount:,}.00") == amount


@given(TEXT)
def test_any_text_is_a_day_or_refused(text):
    for field in (inputs.Day(required=False), parameters.Day(required=False)):
        try:
            day = field.clean(text)
            assert day is None or isinstance(day, date)
        except ValidationError:
            pass


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_as_people_write_it(day):
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        assert inputs.Day().clean(day.strftime(form)) == day
    assert parameters.Day().clean(day.isoformat()) == day


@given(TEXT | st.emails())
def test_any_text_is_a_contact_or_refused(text):
    try:
        channel, contact = normalise_contact(text)
        assert normalise_contact(contact) == (channel, contact)
        assert contact.isascii() or channel == "surel"
    except Refused:
        pass


@pytest.mark.parametrize("domain", [f"{'é' * 60}.id", "\u00ad.id", "\u06dd.id"])
def test_an_address_that_no_mail_reaches_is_refused(domain):
    with pytest.raises(Refused, match="tidak lengkap"):
        normalise_contact(f"budi@{domain}")
    assert normalise_contact("Budi@Münster.ID") == ("surel", "budi@münster.id")


@given(st.from_regex(r"8[0-9]{8,11}", fullmatch=True), st.sampled_from(["0", "62", "+62 ", "0062"[2:]]))
def test_a_number_is_one_however_it_is_typed(digits, start):
    spaced = start + "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    assert normalise_contact(spaced) == ("whatsapp", f"62{digits}")


@given(TEXT)
def test_any_text_is_a_code_as_it_is_stored_or_none(text):
    assert len(normalise_code(text)) <= 2 * len(text) + 2
    code = complaint_code(text)
    assert code == "" or complaint_code(code.lower().replace("-", " ")) == code


@given(st.text(CODE_ALPHABET, min_size=16, max_size=16))
def test_a_complaints_code_is_read_however_it_is_typed(letters):
    assert complaint_code(f" {letters.lower()} ").replace("-", "") == letters


@given(TEXT | st.text("/\\:.?#@[]℀az", max_size=20))
def test_no_text_leads_to_another_site(text):
    try:
        address, match = own_page(text)
        assert address.startswith("/")
        assert not address.startswith(("//", "/\\", "/admin"))
        assert "secret" not in match.kwargs
    except ValidationError:
        pass
