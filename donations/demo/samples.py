"""The numbers that the demo's families have, and those that the KK page shows as examples. Pure arithmetic."""

import random

from django.utils.translation import gettext as _

from ksbb.core.crypto import CODE_ALPHABET

DISTRICT = "31.74.05"
RECEIVED, RECORDED, UNKNOWN = 1, 9998, 9999  # serials: the second is on a list only, the third nowhere


def number(district, serial):
    """Return a KK number of the demo: the kecamatan's six digits, 000000 where a date stands, a serial."""
    return f"{district.replace('.', '')}000000{serial:04d}"


def code_for(kk):
    """Return the code printed on the receipts of one of the demo's families; the same each time."""
    return "".join(random.Random(f"kode {kk}").choices(CODE_ALPHABET, k=8))


def samples():
    """Return what the KK page shows on the demo: (what it is an example of, number) for each state, then a code."""
    received = number(DISTRICT, RECEIVED)
    return (
        (_("Sudah menerima"), received),
        (_("Tercatat, belum menerima"), number(DISTRICT, RECORDED)),
        (_("Belum ditemukan"), number(DISTRICT, UNKNOWN)),
        (_("Kode tanda terima untuk nomor pertama"), code_for(received)),
    )
