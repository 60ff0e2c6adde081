"""Canaries: a word of its own in every field that is not for everybody, and a walk over all the public can get."""

import io
import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile

from django.conf import settings
from django.db import models

from ksbb.core.crypto import encrypt
from tests.engines import editable
from tests.house.test_audience import OURS

FAR_DAY = datetime(2087, 7, 13, tzinfo=UTC)
SAID_DAY = re.compile(r"2087-07-1|Jul\w* 2087")
WORD = re.compile(r"(?i)zq(\d{5})x|7a71((?:3\d){5})78")  # plain, or as hexadecimal bytes
ADDRESS = re.compile(rf"(?:{re.escape(settings.SITE_URL)}|http://testserver)?(/[\w\-./%~]*(?:\?[\w\-./%~&=+:,;@*]*)?)")
BEFORE_ADDRESS = re.compile(r"""(?<=["'(>\s])(?=https?://|/)""")
LEFT_OUT = ("/static/", "/admin/", "//")


class Canaries:
    """Hands out words and knows where each was put."""

    def __init__(self):
        self.places = []

    def word(self, place):
        self.places.append(place)
        return f"zq{len(self.places):05d}x"

    def seen(self, text):
        """Return where the words that stand in a text come from; "a date" for one of the far day."""
        numbers = {plain or bytes.fromhex(packed).decode() for plain, packed in WORD.findall(text)}
        dates = {"a date"} if SAID_DAY.search(text) else set()
        return {self.places[int(number) - 1] for number in numbers} | dates

    def put(self, row, name):
        """Put a word, or a far date, into one field of a row; fields that hold neither are left as they are."""
        field = row._meta.get_field(name)
        value = self.value(field, f"{type(row).__name__}.{name} of {row.pk}")
        if value is not None:
            type(row).objects.filter(pk=row.pk).update(**{name: value})

    def value(self, field, place):
        if field.choices or field.is_relation:
            return None
        if isinstance(field, models.DateTimeField):
            return FAR_DAY
        if isinstance(field, models.DateField):
            return FAR_DAY.date()
        if isinstance(field, models.BinaryField):
            sealed = field.name.endswith("_cipher")
            return encrypt(self.word(place)) if sealed else self.word(place).encode()
        if isinstance(field, models.JSONField):
            return {"x": self.word(place)}
        return self.word(place) if isinstance(field, models.CharField | models.TextField | models.FileField) else None

    def put_everywhere(self, but=()):
        """Put a word into every field of every row that is not PUBLIC, those named "Model.field" in `but` left out."""
        with editable():
            for model in OURS:
                names = [
                    field.name
                    for field in model._meta.concrete_fields
                    if not field.primary_key and model.audience.of(field.name) != "public"
                ]
                for row in model.objects.all():
                    for name in names:
                        if f"{model.__name__}.{name}" not in but:
                            self.put(row, name)


# --- Everything the public can get ------------------------------------------------------------------------------------
def text_of(answer):
    """Return all text of an answer: a streamed body as a whole, a workbook unpacked."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        book = ZipFile(io.BytesIO(body))
        body = b"\n".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace")


def addresses(text):
    """Yield the addresses of this site that stand in a page, a file or an answer of the API."""
    text = unescape(text)
    for place in BEFORE_ADDRESS.finditer(text):
        found = ADDRESS.match(text, place.end())
        if found and not found[1].startswith(LEFT_OUT):
            yield found[1]


def walk(client, starts, but=()):
    """Yield (address, status, text) of everything that links lead to, one of each kind of filtered list.

    Addresses that begin with one of `but` are left out.
    """
    waiting, known, alike = list(starts), set(), set()
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        kind = (parts.path, tuple(sorted(name for name, _ in parse_qsl(parts.query))))
        if address in known or kind in alike or address.startswith(but):
            continue
        known.add(address)
        alike.add(kind)
        answer = client.get(address)
        text = text_of(answer)
        yield address, answer.status_code, text
        if not address.startswith("/data/") and "image/" not in answer.get("Content-Type", ""):
            waiting += [found for found in addresses(text) if found not in known]
        if answer.has_header("Location"):
            waiting.append(answer["Location"])
