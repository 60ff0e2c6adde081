"""Photos of deliveries: re-encoded before they are kept, so that nothing but the picture remains."""

import io
import warnings

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from donations.errors import Refused
from ksbb.core.crypto import new_code

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 2000


def re_encode(upload, field="photos"):
    """Return an uploaded photo as a new JPEG without metadata, at most 2,000 pixels a side, under a random name.

    Raises Refused (about `field`) above 8 MB or 40 megapixels (settings), or when it is no JPEG, PNG or WebP.
    """
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise Refused(_("Foto ini terlalu besar. Paling besar 8 MB."), field=field)
    try:
        picture = _read(upload, field)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise Refused(_("Berkas ini bukan foto JPEG, PNG, atau WebP yang utuh."), field=field) from None
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return ContentFile(out.getvalue(), name=f"{new_code(16).lower()}.jpg")


def _read(upload, field):
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = Image.open(upload, formats=FORMATS)
    if picture.width * picture.height > settings.PHOTO_MAX_PIXELS:
        raise Refused(_("Foto ini terlalu besar. Paling besar 40 megapiksel."), field=field)
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    return clean
