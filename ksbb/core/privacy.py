"""Who may see what: the audience of every model field, and the masks over what must never be written down."""

import logging
import re
import sys
import traceback
from dataclasses import dataclass, fields

# Between the digits whatever the status check takes away, as it is typed, as an address spells it, and as repr() does.
_GAP = r"(?:[\s.+\-\u00a0\u2010-\u2015]|%(?:20|0[9a-d]|C2%A0|E2%80%9[0-5])|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[nrt]){0,3}"
KK_RUN = re.compile(rf"\d(?:{_GAP}\d){{15,}}", re.I)
SECRET_PATH = re.compile(r"(/(?:komitmen-saya/bukti|komitmen-saya|lokasi-saya|dana-saya|pengaduan)/)[^/\s\"?]+")
LONG_TOKEN = re.compile(r"((?:token|kode)=)[^&\s\"]+")


@dataclass(frozen=True)
class Audience:
    """The fields of a model by who may see them, each a string of names.

    `public`: everybody, on pages, API and files. `staff`: people with an account. `secret`: nobody as plain text
    (fingerprints, ciphers, hashes of links). A structural test holds that every field stands in exactly one of them.
    """

    public: str = ""
    staff: str = ""
    secret: str = ""

    def of(self, name):
        """Return "public", "staff" or "secret" for a field's name; KeyError when it is not declared."""
        for level in fields(self):
            if name in getattr(self, level.name).split():
                return level.name
        raise KeyError(name)

    def names(self):
        """Return all declared names, repeated as often as they are declared."""
        return [name for level in fields(self) for name in getattr(self, level.name).split()]


def mask(text):
    """Return `text` without runs of 16 digits or more (they may be KK numbers) and without secret links."""
    text = KK_RUN.sub(lambda match: "••••" + match.group()[-2:], text)
    text = SECRET_PATH.sub(r"\1••••", text)
    return LONG_TOKEN.sub(r"\1••••", text)


class MaskFilter(logging.Filter):
    """Masks a record's message before any handler sees it."""

    def filter(self, record):
        record.msg, record.args = mask(record.getMessage()), ()
        return True


class MaskFormatter(logging.Formatter):
    """Masks all that a record prints, its traceback too."""

    def format(self, record):
        return mask(super().format(record))


def print_masked(kind, error, trace):
    """Print an exception that nobody caught as Python does, but masked (`sys.excepthook` of a command)."""
    print(mask("".join(traceback.format_exception(kind, error, trace))), end="", file=sys.stderr)
