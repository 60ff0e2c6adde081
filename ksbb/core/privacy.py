"""Who may see what: the audience of every model field, and the masks over what must never be written down."""

import logging
import re
from dataclasses import dataclass, fields

KK_RUN = re.compile(r"(?<!\d)(?:\d[ .\u00a0-]?){15}\d(?!\d)")
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
    """Return `text` without runs of 16 digits (they may be KK numbers) and without secret links."""
    text = KK_RUN.sub(lambda match: "••••" + match.group()[-2:], text)
    text = SECRET_PATH.sub(r"\1••••", text)
    return LONG_TOKEN.sub(r"\1••••", text)


class MaskFilter(logging.Filter):
    """Masks a record's message before any handler sees it."""

    def filter(self, record):
        record.msg, record.args = mask(record.getMessage()), ()
        return True


class MaskFormatter(logging.Formatter):
    """Masks what the record's traceback would print."""

    def formatException(self, ei):  # noqa: N802 - the library's name
        return mask(super().formatException(ei))
