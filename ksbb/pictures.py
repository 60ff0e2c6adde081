"""The picture that stands beside a shared link: what is still lacking, drawn by ourselves, 1200 × 630 points."""

import io
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from ksbb.core.api import etag, unchanged
from ksbb.core.pages import KEPT_SECONDS
from ksbb.templatetags.formats import day, fulfilled, number

SIZE = (1200, 630)
MARGIN, LINE = 72, 1200 - 2 * 72
FONT = settings.BASE_DIR / "static/vendor/plus-jakarta-sans-5.3.0/plus-jakarta-sans-latin-400-800.woff2"
# The tokens of static/css/ksbb.css; committed and submitted lie between the two blues and the empty bar.
PAPER, INK, SOFT, ACCENT, DEEP, MID, NEED = "#fbf9f5", "#17191f", "#50525b", "#2140c4", "#152c8f", "#8c9eee", "#b0400a"
EMPTY, EDGE, TINT, YELLOW = "#e9e3d7", "#827b6d", "#c9d2f8", "#ffd33d"
ELLIPSIS = "…"
WORD_SPACE = 0.08
BLOCKS = 32  # the grid of the sign


@dataclass(frozen=True)
class Picture:
    """What a picture says: who or where, the one number, what it is made of, and how far the need is fulfilled.

    `sums` are packages needed, promised, accepted and arrived, `share` the fulfilment from 0 to 1 (or None); `gift`
    tells that the number was given, not lacked.
    """

    title: str
    kicker: str = ""
    number: int | None = None
    words: str = ""
    detail: str = ""
    sums: tuple[int, int, int, int] = (0, 0, 0, 0)
    share: float | None = None
    gift: bool = False


def answer(request, picture):
    """Answer with the PNG of `picture()`, which is asked for only when nobody has drawn it since the data changed."""
    request.META["QUERY_STRING"] = ""  # no picture has parameters: each that is made up would have it drawn anew
    tag = etag(request)
    if unchanged(request, tag):
        response = HttpResponseNotModified()
    else:
        body = caches["pages"].get_or_set(f"picture:{tag}", lambda: png(picture()), KEPT_SECONDS)
        response = HttpResponse(body, "image/png")
    response["ETag"], response["Cache-Control"] = tag, "public, no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to be shown elsewhere
    return response


def png(picture):
    """Return the bytes of a PNG."""
    out = io.BytesIO()
    Sheet(picture).image.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


class Sheet:
    """One picture being drawn."""

    def __init__(self, picture):
        self.picture = picture
        self._fonts = {}

    @cached_property
    def image(self):
        self.canvas = Image.new("RGB", SIZE, PAPER)
        self.pen = ImageDraw.Draw(self.canvas)
        self._brand()
        self._head()
        self._figure()
        self._foot()
        return self.canvas

    def font(self, size, weight):
        """Return the house's font; made anew for each picture, as threads must not share one."""
        if (size, weight) not in self._fonts:
            font = ImageFont.truetype(FONT, size)
            font.set_variation_by_axes([weight])
            self._fonts[size, weight] = font
        return self._fonts[size, weight]

    def text(self, at, words, size, weight, fill, anchor="ls", room=LINE):
        """Write one line, cut with … where it does not fit, and return its width."""
        font, length = self.font(size, weight), self.length(size, weight)
        words = shortened(words, length, room)
        left = at[0] - (length(words) if anchor == "rs" else 0)
        for index, word in enumerate(words.split(" ")):
            before = " ".join([*words.split(" ")[:index], ""]) if index else ""
            self.pen.text((left + length(before), at[1]), word, fill, font, anchor="ls")
        return length(words)

    def length(self, size, weight):
        """Return the function that measures a line: the font's spaces are narrow, the pages widen them as well."""
        font = self.font(size, weight)
        return lambda words: font.getlength(words) + words.count(" ") * size * WORD_SPACE

    def _brand(self):
        self._mark(MARGIN, 56, 60)
        self.text((MARGIN + 78, 100), "KSBB", 40, 800, INK)
        host = urlsplit(settings.SITE_URL).netloc
        words = _("Peragaan · %(host)s") % {"host": host} if settings.DEMO else host
        self.text((SIZE[0] - MARGIN, 98), words, 26, 500, SOFT, "rs", 700)

    def _mark(self, left, top, size):
        big = Image.new("RGB", (size * 4, size * 4), PAPER)
        pen, unit = ImageDraw.Draw(big), size * 4 / BLOCKS
        block = [[unit * edge for edge in edges] for edges in ((7, 7, 15, 15), (17, 17, 25, 25), (7, 9, 23, 25))]
        pen.rounded_rectangle((0, 0, size * 4, size * 4), 7 * unit, ACCENT)
        pen.rectangle(block[0], "#fff")
        pen.rectangle(block[1], "#fff")
        pen.pieslice([7 * unit, 9 * unit, 23 * unit, 25 * unit], 90, 180, MID)
        pen.rectangle([7 * unit, 17 * unit, 15 * unit, 18 * unit], MID)
        pen.pieslice([9 * unit, 7 * unit, 25 * unit, 23 * unit], 270, 360, YELLOW)
        self.canvas.paste(big.resize((size, size), Image.Resampling.LANCZOS), (left, top))

    def _head(self):
        self.text((MARGIN, 186), self.picture.kicker, 30, 700, ACCENT)
        size, lines = fitted(self.picture.title, lambda size: self.length(size, 800))
        top = 200 + (0 if len(lines) > 1 else 16)
        for index, line in enumerate(lines):
            self.text((MARGIN - 3, top + size + index * size * 1.1), line, size, 800, INK)

    def _figure(self):
        shown = self.picture
        left = MARGIN
        if shown.number is not None:
            fill = ACCENT if shown.gift else NEED
            left += 24 + self.text((MARGIN - 4, 456), number(shown.number), 108, 800, fill, room=LINE - 200)
        size, room = 36 if shown.number is not None else 44, SIZE[0] - MARGIN - left
        lines = wrapped(shown.words, self.length(size, 700), room, 2)
        for index, line in enumerate(lines):
            self.text((left, 456 - (len(lines) - 1 - index) * size * 1.2), line, size, 700, INK, room=room)
        self.text((MARGIN, 506), shown.detail, 28, 500, SOFT)

    def _foot(self):
        needed = self.picture.sums[0]
        if needed:
            self._bar(MARGIN, 528, LINE, 26)
        caption = fulfilled(self.picture.share) if self.picture.share is not None else ""
        self.text((MARGIN, 594), caption, 28, 700, INK)
        self.text((SIZE[0] - MARGIN, 594), day_of_state(), 28, 500, SOFT, "rs", 700)

    def _bar(self, left, top, width, height):
        needed, promised, accepted, arrived = self.picture.sums
        edge = (left, top, left + width, top + height)
        self.pen.rounded_rectangle(edge, 4, EMPTY)
        for amount, fill in ((promised, TINT), (accepted, MID), (arrived, DEEP)):
            if amount:
                reach = left + max(6, width * min(amount, needed) / needed)
                self.pen.rounded_rectangle((left, top, reach, top + height), 4, fill)
        self.pen.rounded_rectangle(edge, 4, outline=EDGE, width=2)


def day_of_state():
    """Return "Keadaan 3 Mei 2020", of today."""
    return _("Keadaan %(day)s") % {"day": day(timezone.now())}


def shortened(words, length, room):
    """Return `words`, cut at the end and marked with … where they are longer than `room`."""
    if length(words) <= room:
        return words
    while words and length(words + ELLIPSIS) > room:
        words = words[:-1]
    return words.rstrip(" ,·") + ELLIPSIS


def wrapped(words, length, room, most):
    """Return `words` as at most `most` lines; the last one may be longer than `room` and is cut when it is written."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if length(longer) > room and lines[-1] and len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def fitted(title, length_at):
    """Return (size, lines) of a title: one line as large as fits, else two smaller ones."""
    for size in (84, 76, 68, 60):
        if length_at(size)(title) <= LINE:
            return size, [title]
    for size in (58, 52, 46, 40):
        lines = wrapped(title, length_at(size), LINE, 2)
        if all(length_at(size)(line) <= LINE for line in lines):
            break
    return size, lines
