"""Keyed secrets: contacts as ciphers, links and contacts as fingerprints. The keys live outside the database."""

import base64
import contextlib
import contextvars
import functools
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from django.conf import settings

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_chance = contextvars.ContextVar("chance", default=secrets.SystemRandom())  # noqa: B039 - it has no state


@functools.cache
def _fernet(key):
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))


def encrypt(text):
    """Return `text` as a cipher (bytes) that only the contact key opens; empty text stays empty."""
    return _fernet(settings.CONTACT_KEY).encrypt(text.encode()) if text else b""


def decrypt(cipher):
    """Return the text of a cipher made by `encrypt`; empty stays empty."""
    return _fernet(settings.CONTACT_KEY).decrypt(bytes(cipher)).decode() if cipher else ""


def contact_fingerprint(text):
    """Return the 32-byte fingerprint of a normalised e-mail address or phone number."""
    return hmac.digest(settings.CONTACT_KEY.encode(), b"contact:" + text.encode(), "sha256")


def private_link(purpose, subject, generation=1):
    """Return the secret part of a private link (160 bits), the same each time, so that it can be sent anew.

    Only its hash is stored; a new `generation` makes every older link of the subject void.
    """
    message = f"{purpose}|{subject}|{generation}".encode()
    digest = hmac.digest(settings.LINK_KEY.encode(), message, "sha256")
    return base64.urlsafe_b64encode(digest[:20]).rstrip(b"=").decode()


def private_code(purpose, subject):
    """Return a secret that people write down, e.g. `7F3K-Q2MD-9XPA-L4TT` (80 bits), the same each time.

    Only its hash is stored, like that of a private link.
    """
    digest = hmac.digest(settings.LINK_KEY.encode(), f"{purpose}|{subject}|code".encode(), "sha256")
    bits = int.from_bytes(digest[:10], "big")
    letters = "".join(CODE_ALPHABET[bits >> 5 * place & 31] for place in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def link_hash(link):
    """Return the 32-byte hash under which a private link is stored."""
    return hmac.digest(settings.LINK_KEY.encode(), link.encode(), "sha256")


def new_code(length=8):
    """Return a random code of characters that cannot be mistaken for one another, 5 bits each."""
    return "".join(_chance.get().choices(CODE_ALPHABET, k=length))


@contextlib.contextmanager
def repeatable_codes(chance):
    """Take codes from a seeded `chance` (a random.Random) while the block runs: the demo city is the same each time."""
    token = _chance.set(chance)
    try:
        yield
    finally:
        _chance.reset(token)


def public_code():
    """Return a code for a collaboration, e.g. `KSBB-7F3K-Q2MD`: 40 random bits."""
    return f"KSBB-{new_code(4)}-{new_code(4)}"
