"""A proof of work that a browser solves for a form: ALTCHA's protocol (version 2, PBKDF2), each usable once.

A page carries a fresh signed challenge, made without writing anything. What it is worth: docs/privacy.md.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta

import altcha
from django.conf import settings
from django.utils.crypto import salted_hmac

from . import throttle

ALGORITHM = "PBKDF2/SHA-256"
ITERATIONS = 1_000  # of each try, and once for each challenge that we issue
MOST_TRIES = 1_400  # the answer is one of so many counters: never more than about three seconds on a cheap phone
LIFETIME = timedelta(minutes=30)
LONGEST = 2_000  # characters of an answer; a real one has about 900


def _secret(purpose):
    return salted_hmac("ksbb.core.challenge", purpose, secret=settings.SECRET_KEY, algorithm="sha256").digest()


def issue(form, now):
    """Return a fresh challenge for `form` as JSON text."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        ITERATIONS,
        counter=secrets.randbelow(MOST_TRIES),
        expires_at=now + LIFETIME,
        data={"form": form},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("answer"),
    )
    return json.dumps(challenge.to_dict(), separators=(",", ":"))


def is_solved(form, answer, now):
    """Tell whether `answer` (base64 of challenge and solution) solves a challenge of `form` for the first time.

    Anything not signed by us costs one HMAC; only a true answer is written down as spent.
    """
    if not answer or len(answer) > LONGEST:
        return False
    if not altcha.verify_solution(answer, _secret("challenge"), hmac_key_secret=_secret("answer")).verified:
        return False
    parameters = altcha.Payload.from_base64(answer).challenge.parameters
    expires_at = datetime.fromtimestamp(parameters.expires_at, UTC)
    if parameters.data != {"form": form} or expires_at < now:
        return False
    return throttle.add("spent", parameters.nonce, 1, since=expires_at, until=expires_at) == 1
