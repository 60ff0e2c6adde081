"""Photos of deliveries: drawn anew before they are kept, so that nothing of the file but its pixels remains."""

import io

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from donations.errors import Refused
from ksbb.core.crypto import new_code

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 2000


def re_encode(upload, field="photos"):
    """Return an uploaded photo as a new JPEG: upright, no metadata, at most 2,000 pixels a side, a random name.

    Raises Refused (about `field`) above 8 MB or 40 megapixels (settings), or when it is no JPEG, PNG or WebP.
    """
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise Refused(_("Foto ini terlalu besar. Paling besar 8 MB."), field=field)
    try:
        picture = _read(upload, field)
    except Refused:
        raise
    except Exception:  # a decoder fed with a broken or hostile file fails in any way it likes
        raise Refused(_("Berkas ini bukan foto JPEG, PNG, atau WebP yang utuh."), field=field) from None
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return ContentFile(out.getvalue(), name=f"{new_code(16).lower()}.jpg")


def _read(upload, field):
    picture = Image.open(upload, formats=FORMATS)
    if picture.width * picture.height > settings.PHOTO_MAX_PIXELS:
        raise Refused(_("Foto ini terlalu besar. Paling besar 40 megapiksel."), field=field)
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    seen = picture.convert("RGBA")
    clean = Image.new("RGB", seen.size, "white")
    clean.paste(seen, mask=seen.getchannel("A"))
    return clean
