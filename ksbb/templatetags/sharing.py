"""When a page is passed on: how a shared link looks elsewhere, and the code on paper that leads back."""

from itertools import groupby

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from ksbb.pictures import SIZE

register = template.Library()
QUIET = 4  # modules of white around a code, as its standard asks


@register.simple_tag
def open_graph(title, text, picture):
    """The tags of a shared link: title, one sentence with the numbers of now, and the address of our own picture."""
    width, height = SIZE
    return format_html(
        '<meta property="og:type" content="website">\n<meta property="og:title" content="{title}">\n'
        '<meta property="og:description" content="{text}">\n<meta property="og:image" content="{picture}">\n'
        '<meta property="og:image:type" content="image/png">\n<meta property="og:image:width" content="{width}">\n'
        '<meta property="og:image:height" content="{height}">\n<meta property="og:image:alt" content="{text}">\n'
        '<meta name="twitter:card" content="summary_large_image">\n',
        title=title, text=text, picture=picture, width=width, height=height,
    )  # fmt: skip


@register.simple_tag
def qr(address, label):
    """A code that telephones read, drawn as one path; `label` says where it leads."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    rows = code.get_matrix()
    side = len(rows) + 2 * QUIET
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d="{2}"/></svg>',
        side, label, mark_safe("".join(_runs(rows))),
    )  # fmt: skip


def _runs(rows):
    """Yield the dark runs of each row as pieces of a path."""
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                yield f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z"
            x += width
