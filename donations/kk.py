"""KK numbers: reading and fingerprinting them. Pure Python; nothing here stores or prints one."""

import hmac
import re
import unicodedata

_FILLING = re.compile(r"[\s.\-\u00a0\u2010-\u2015]+")
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}", re.ASCII)


def normalise(text):
    """Return the 16 digits of a KK number typed with spaces, dots, hyphens or full-width digits; None if it is none.

    Any 16 digits are accepted, whatever their date part says.
    """
    digits = _FILLING.sub("", unicodedata.normalize("NFKC", text))
    return digits if _SIXTEEN_DIGITS.fullmatch(digits) else None


def fingerprint(kk, keys):
    """Return the 32-byte fingerprint of a normalised KK number: HMAC-SHA256 with each key in turn, oldest first.

    Rotating adds a key: HMAC of the old HMAC, so that no plain number is needed.
    """
    digest = kk.encode()
    for key in keys:
        digest = hmac.digest(key.encode(), digest, "sha256")
    return digest


def layers(kk, keys):
    """Return the fingerprints under which a number may stand while a rotation runs: one per prefix of the keys."""
    return [fingerprint(kk, keys[: count + 1]) for count in range(len(keys))]
