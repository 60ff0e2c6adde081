"""Invented complaints in every state, each led through its life by the same actions as everybody's."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from donations.actions import complaints
from donations.models import Commitment
from donations.models.commitment import ARRIVED
from locations.models import Location

# How a complaint goes on: (what happens, so many days after it came in). "colleague" is another member of staff.
PATHS = {
    "waiting": (),
    "taken": (("take", 1),),
    "answered": (("take", 1), ("answer", 3)),
    "answered_late": (("take", 6), ("answer", 13)),
    "reopened": (("take_colleague", 1), ("answer_colleague", 2), ("reopen", 5)),
    "answered_twice": (
        *(("take_colleague", 1), ("answer_colleague", 4), ("reopen", 6)),
        *(("take", 7), ("answer_again", 10), ("settle", 25)),
    ),
    "settled": (("take", 2), ("answer", 4), ("settle", 19)),
    "refused": (("close", 1),),
}
# (how many days ago, category, what it is about, words, contact, path)
TALES = (
    (0.2, "kurang", "gift", "Dijanjikan sepuluh paket, yang datang delapan.", "warga.a@contoh.id", "waiting"),
    (0.9, "lain", "figure", "Angka ini tidak sama dengan papan pengumuman di balai RW.", "", "waiting"),
    (1.4, "mutu", "gift", "Dua karung berasnya apek.", "warga.b@contoh.id", "taken"),
    (5, "tidak-menerima", "", "Nama kami ada di daftar RT, tetapi paketnya tidak sampai.", "081100090001", "answered"),
    (9, "ganda", "", "Satu rumah menerima dua kali, tetangganya tidak sama sekali.", "", "reopened"),
    (13, "tidak-dibagikan", "", "Paket sudah di balai RW sejak pekan lalu dan belum dibagikan.", "", "waiting"),
    (17, "tidak-layak", "", "Ada toko besar yang ikut menerima paket untuk usaha mikro.", "", "answered_late"),
    (24, "lain", "business", "Alamat tempat ini sudah pindah ke gang sebelah.", "warga.c@contoh.id", "settled"),
    (30, "fiktif", "", "Satu nama di daftar sudah lama pindah dari RT kami.", "warga.d@contoh.id", "answered_twice"),
    (31, "tidak-menerima", "", "Kapan bansos PKH bulan ini cair?", "", "refused"),
)
ANSWER = "Terima kasih sudah memberi tahu. Sudah kami periksa bersama pengurus setempat, dan catatannya kami betulkan."
AGAIN = "Maaf, jawaban pertama kami belum lengkap. Daftarnya sudah diperbaiki dan bantuannya dialihkan."
REASON = "Ini tentang bansos pemerintah, bukan KSBB. Silakan hubungi kelurahan Anda."


@dataclass
class Teller:
    """Leads complaints through their lives, up to `now`."""

    now: object
    staff: object

    def tell(self):
        """Tell every tale."""
        for days, category, about, words, contact, path in TALES:
            came = self.now - timedelta(days=days)
            complaint = complaints.submit(
                number=complaints.new_number(),
                category=category,
                text=words,
                subject=self._subject(about, came),
                contact=contact,
                now=came,
            )
            for step, after in PATHS[path]:
                self._step(complaint, step, came + timedelta(days=after))

    def _subject(self, about, came):
        if about == "gift":
            return complaints.Subject(commitment=self._gift(came))
        if about == "business":
            places = Location.objects.public().filter(kind__slug="umkm").order_by("code")
            return complaints.Subject(location=places.first())
        return complaints.Subject(page="/transparansi/" if about else "", figure="paket komitmen" if about else "")

    def _gift(self, came):
        """Return the newest gift of an invented giver that had arrived by then, or None early in a week."""
        invented = Q(aggregator=None) | Q(aggregator__collaborator__is_fictional=True)
        gifts = Commitment.objects.filter(invented, collaborator__is_fictional=True, state__in=ARRIVED)
        return gifts.filter(confirmed_at__lt=came).order_by("confirmed_at", "code").last()

    def _step(self, complaint, step, at):
        verb, _, who = step.partition("_")
        at, by = min(at, self.now), self.staff.colleague if who == "colleague" else self.staff.task_force
        if verb == "answer":
            complaints.answer(complaint=complaint, text=AGAIN if who == "again" else ANSWER, now=at, by=by)
        elif verb == "close":
            complaints.close(complaint=complaint, reason=REASON, now=at, by=by)
        elif verb == "reopen":
            complaints.reopen(complaint=complaint, reason="Sampai hari ini belum berubah.", now=at)
        elif verb == "settle":
            complaints.close_due(at)
            complaint.refresh_from_db()
        else:
            complaints.take(complaint=complaint, now=at, by=by)


def tell(now, staff):
    """Write the demo's complaints, as of `now`."""
    Teller(now, staff).tell()
