"""Which tone and sign each state of a promise, a gift of money, a complaint carries; its words come from the model."""

from django import template

from ksbb.templatetags.icons import icon

register = template.Library()

LOOKS = {
    "diajukan": ("warning", "clock"),
    "terdaftar": ("info", "chat"),
    "terkonfirmasi": ("info", "check"),
    "dikirim": ("info", "truck"),
    "diterima-sebagian": ("warning", "check"),
    "diterima": ("ok", "check"),
    "selesai": ("ok", "check"),
    "terlambat": ("error", "clock"),
    "kedaluwarsa": ("quiet", "clock"),
    "dibatalkan": ("quiet", "cross"),
    "ditolak": ("quiet", "cross"),
    "dijanjikan": ("warning", "clock"),
    "terpakai": ("ok", "check"),
    "dikembalikan": ("quiet", "back"),
    "masuk": ("warning", "clock"),
    "ditangani": ("info", "search"),
    "dijawab": ("ok", "chat"),
    "dibuka-lagi": ("warning", "back"),
    "ditutup": ("quiet", "check"),
    "berjalan": ("ok", "check"),
    "diumumkan": ("quiet", "calendar"),
}


@register.inclusion_tag("components/state.html")
def state(slug, label):
    """`{% state promise.status promise.get_status_display %}`: a badge; an unknown state is shown quietly."""
    tone, sign = LOOKS.get(slug, ("quiet", "info"))
    return {"tone": tone, "icon": icon(sign), "label": label}
