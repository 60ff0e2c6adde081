"""The words and names that the map's script shows: it writes none of its own."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from locations.models import LocationKind, VerificationLevel
from programs.models import PackageType, Program


def names():
    """Return what slugs are called: {"packages", "programs", "kinds", "levels"}, each {slug: name}."""
    return {
        "packages": dict(PackageType.objects.values_list("slug", "name")),
        "programs": dict(Program.objects.values_list("slug", "name")),
        "kinds": dict(LocationKind.objects.values_list("slug", "name")),
        "levels": {level.value: str(level.label) for level in VerificationLevel},
    }


def words():
    """Return the sentences of the panel, of "near me" and of the legend."""
    return {
        **_panel(),
        **_near(),
        "legend": _legend(),
        "zoom_in": _("Perbesar"),
        "zoom_out": _("Perkecil"),
        "cluster": _("%(name)s: masih dibutuhkan %(left)s paket di %(places)s tempat. Perbesar ke sini."),
    }


def _panel():
    return {
        "close": _("Tutup"),
        "give": _("Beri bantuan"),
        "collect": pgettext("verb", "Kumpulkan"),
        "more": _("Buka halaman tempat ini"),
        "loading": _("Sebentar, rinciannya sedang diambil."),
        "lacking": _("Masih dibutuhkan %s paket"),
        "fulfilled": _("Terpenuhi %s"),
        "left_of": _("Kurang %s dari %s"),
        "full_of": _("%s, semua sudah ada yang menanggung"),
        "full": _("Semua sudah ada yang menanggung."),
        "none": _("Tidak ada kebutuhan yang terbuka."),
        "failed": _("Rincian tempat ini tidak dapat diambil. Coba lagi, atau buka halamannya."),
        "helpers": _("Siapa yang membantu"),
        "others": _("%s pemberi lain"),
        "unnamed": _("%s pemberi tanpa nama"),
        "nobody": _("Belum ada"),
        "checked": _("Terakhir diperiksa"),
        "unchecked": _("Belum diperiksa"),
        "families": _("Keluarga rentan"),
        "point": _("Titik di peta"),
        "coarse": _("Ditunjukkan hanya sampai kelurahan."),
        "approximate": _("Perkiraan."),
    }


def _near():
    return {
        "near": _("Di dekat Anda"),
        "near_waiting": _("Mencari letak Anda. Peramban mungkin meminta izin."),
        "near_kept": _("Tempat terdekat yang masih kurang. Letak Anda tidak dikirim ke mana pun."),
        "near_denied": _(
            "Letak Anda tidak diizinkan untuk dibaca. Izinkan di pengaturan peramban, atau cari kelurahan Anda."
        ),
        "near_unavailable": _("Letak Anda tidak dapat ditemukan. Cari kelurahan Anda di kotak pencarian."),
        "near_outside": _(
            "Anda di luar kota ini, atau tidak ada tempat yang masih kurang di dekat Anda. Cari kelurahannya."
        ),
    }


def _legend():
    """Return the steps' words: a unit for each view, a number in it, and what lies below, above or outside."""
    return {
        "unit": {"terpenuhi": _("%s %%").replace("%%", "%"), "rentan": _("%s keluarga"), "verifikasi": _("%s minggu")},
        "none": {
            "terpenuhi": _("Tanpa kebutuhan"),
            "rentan": _("Tidak diketahui"),
            "verifikasi": _("Belum pernah diperiksa"),
        },
        "below": _("di bawah %s"),
        "above": _("%s atau lebih"),
        "villages": _("%s kelurahan"),
        "size": _("Makin besar tandanya, makin banyak yang kurang."),
    }
