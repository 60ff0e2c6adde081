"""Reading KK numbers: whatever sixteen digits look like, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations import kk
from tests.kk_numbers import SERIALS

digits = st.text("0123456789", min_size=16, max_size=16)
filling = st.text(" .-\u00a0\u2013\t\n", max_size=3)


@given(digits, st.lists(filling, min_size=17, max_size=17))
def test_filling_between_the_digits_is_cleaned(number, between):
    typed = between[0] + "".join(digit + fill for digit, fill in zip(number, between[1:], strict=True))
    assert kk.normalise(typed) == number


@given(digits)
def test_full_width_digits_are_read(number):
    assert kk.normalise("".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in number)) == number


@given(st.text())
def test_anything_else_is_none_or_sixteen_ascii_digits(text):
    read = kk.normalise(text)
    assert read is None or (len(read) == 16 and read.isascii() and read.isdigit())


@given(digits.map(lambda number: number[1:]) | digits.map(lambda number: number + "0"))
def test_another_length_is_no_number(text):
    assert kk.normalise(text) is None


@pytest.mark.parametrize("text", ["", "3174O50000000003", "٣١٧٤٠٥٠٠٠٠٠٠٠٠٠٣", f"{SERIALS}0003a"])
def test_letters_and_other_scripts_are_no_number(text):
    assert kk.normalise(text) is None


@given(digits, digits)
def test_a_fingerprint_tells_numbers_apart_and_keys_too(one, other):
    keys = ["a" * 32, "b" * 32]
    assert (kk.fingerprint(one, keys) == kk.fingerprint(other, keys)) == (one == other)
    assert kk.fingerprint(one, keys) != kk.fingerprint(one, keys[:1])


@given(digits)
def test_layers_hold_every_live_fingerprint(number):
    keys = ["a" * 32, "b" * 32, "c" * 32]
    assert kk.layers(number, keys) == [kk.fingerprint(number, keys[:n]) for n in (1, 2, 3)]
    assert all(len(layer) == 32 for layer in kk.layers(number, keys))
