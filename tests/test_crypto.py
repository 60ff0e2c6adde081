"""Keyed secrets: contacts come back, links are derived and void by generation, codes cannot be misread."""

from hypothesis import given
from hypothesis import strategies as st

from ksbb.core import crypto
from ksbb.core.privacy import mask


@given(st.text())
def test_a_contact_comes_back_and_is_not_readable_meanwhile(text):
    cipher = crypto.encrypt(text)
    assert crypto.decrypt(cipher) == text
    assert len(text) < 4 or text.encode("utf-8", "surrogatepass") not in cipher


def test_a_link_is_the_same_each_time_and_another_by_purpose_subject_and_generation():
    link = crypto.private_link("commitment", "KSBB-7F3K-Q2MD")
    assert link == crypto.private_link("commitment", "KSBB-7F3K-Q2MD", 1)
    others = {
        crypto.private_link("proof", "KSBB-7F3K-Q2MD"),
        crypto.private_link("commitment", "KSBB-7F3K-Q2ME"),
        crypto.private_link("commitment", "KSBB-7F3K-Q2MD", 2),
    }
    assert link not in others
    assert len(others) == 3
    assert len(link) * 6 >= 128
    assert crypto.link_hash(link) != link.encode()


def test_codes_have_no_characters_that_look_alike():
    assert not set("0O1Il") & set(crypto.CODE_ALPHABET)
    assert crypto.public_code().startswith("KSBB-")


def test_logs_never_show_a_kk_number_or_a_private_link():
    text = "POST kk=3174 0500 0000 1234 ke /komitmen-saya/aBcDeF-123/ dan /lokasi-saya/rahasia_9?x=1"
    masked = mask(text)
    assert "3174" not in masked
    assert "aBcDeF" not in masked
    assert "rahasia_9" not in masked
    assert mask("Rp 20.000.000 untuk 31.74.05.1006") == "Rp 20.000.000 untuk 31.74.05.1006"


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_any_sixteen_digits_are_masked(digits):
    assert digits not in mask(f"kk {digits} dicari")
