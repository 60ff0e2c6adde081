"""The proof of work: only ours, only for its form, only once, only in time; garbage costs next to nothing."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ksbb.core import challenge
from tests.test_concurrency import in_threads

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _easy(monkeypatch):
    monkeypatch.setattr(challenge, "ITERATIONS", 10)
    monkeypatch.setattr(challenge, "MOST_TRIES", 20)


def solve(text):
    """Return the answer a browser would send for a challenge."""
    asked = altcha.Challenge.from_dict(json.loads(text))
    return altcha.Payload(asked, altcha.solve_challenge(asked)).to_base64()


def tampered(answer, **changes):
    parts = json.loads(base64.b64decode(answer))
    parts["challenge"]["parameters"].update(changes)
    return base64.b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.django_db
def test_an_answer_counts_once():
    answer = solve(challenge.issue("cek-kk", NOW))
    assert [challenge.is_solved("cek-kk", answer, NOW) for _ in range(2)] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_an_answer_counts_once_however_many_send_it_at_once():
    answer = solve(challenge.issue("cek-kk", NOW))
    assert sum(in_threads(lambda _: challenge.is_solved("cek-kk", answer, NOW), range(32), threads=16)) == 1


@pytest.mark.django_db
def test_an_answer_of_another_form_or_too_late_is_refused():
    answer = solve(challenge.issue("pengaduan", NOW))
    assert not challenge.is_solved("cek-kk", answer, NOW)
    assert not challenge.is_solved("pengaduan", answer, NOW + challenge.LIFETIME + timedelta(seconds=1))
    assert challenge.is_solved("pengaduan", answer, NOW)


@pytest.mark.parametrize(
    "change",
    [{"cost": 1}, {"data": {"form": "lain"}}, {"expiresAt": 2**40}, {"keyPrefix": ""}, {"algorithm": "SHA-256"}],
)
def test_a_changed_challenge_is_refused_without_the_database(change):
    assert not challenge.is_solved("cek-kk", tampered(solve(challenge.issue("cek-kk", NOW)), **change), NOW)


def test_a_wrong_key_is_refused_without_the_database():
    answer = json.loads(base64.b64decode(solve(challenge.issue("cek-kk", NOW))))
    answer["solution"]["derivedKey"] = "00" * 32
    assert not challenge.is_solved("cek-kk", base64.b64encode(json.dumps(answer).encode()).decode(), NOW)


JUNK = st.one_of(
    st.text(max_size=300),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(lambda value: base64.b64encode(json.dumps({"challenge": value, "solution": value}).encode()).decode()),
    st.fixed_dictionaries({"parameters": st.dictionaries(st.text(), st.integers()), "signature": st.text()}).map(
        lambda value: base64.b64encode(
            json.dumps({"challenge": value, "solution": {"counter": 2**64, "derivedKey": []}}).encode()
        ).decode()
    ),
)


@given(JUNK)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_is_refused_and_breaks_nothing(junk):
    assert challenge.is_solved("cek-kk", junk, NOW) is False


def test_a_challenge_does_not_tell_its_answer():
    parameters = json.loads(challenge.issue("cek-kk", NOW))["parameters"]
    assert set(parameters) == {
        "algorithm", "cost", "keyLength", "keyPrefix", "nonce", "salt", "expiresAt", "data", "keySignature"
    }  # fmt: skip
