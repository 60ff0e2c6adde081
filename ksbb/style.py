"""The living page of every component (`/gaya/`, only under `make dev`): long names, zero, huge numbers, errors."""

from datetime import UTC, date, datetime, timedelta

from django import forms
from django.http import QueryDict
from django.shortcuts import render
from django.utils.safestring import mark_safe

from ksbb import charts

LONG = "Pesantren Tahfizh Al-Qur’an Contoh Nurul Hidayah wal Mustaqim Putra dan Putri Cabang Jagakarsa"
MILESTONE = date(2020, 5, 27)

NEEDS = (
    ("Paket sembako", 100, 65, 52, 40, "paket"),
    ("Paket siap saji", 3500, 3, 0, 0, "paket"),
    ("Kartu Internet Belajar Jakarta", 20, 20, 12, 0, "kartu"),
    ("Paket Lebaran", 12, 12, 12, 12, "paket"),
    ("THR", 2_709_456, 2_709_455, 1_200_000, 800_000, "paket"),
    ("Sembako, kebutuhan ditutup", 0, 0, 0, 0, "paket"),
)
PLACES = (
    ("RW 03 Kebayoran Lama Utara", "Kebayoran Lama, Jakarta Selatan", "RW", 100, 65, 52, 40),
    (LONG, "Jagakarsa, Jakarta Selatan", "Pesantren", 1235, 1235, 1200, 1100),
    ("Panti Asuhan Contoh", "Cengkareng Barat, Jakarta Barat", "Panti asuhan", 2_709_456, 1_354_655, 900_000, 0),
)
STEPS = (
    {
        "label": "Diajukan",
        "state": "done",
        "at": datetime(2020, 5, 2, 7, 5, tzinfo=UTC),
        "note": "PT Contoh Sejahtera Abadi Nusantara menjanjikan 35 paket sembako.",
    },
    {"label": "Diterima Ketua RW", "state": "done", "at": datetime(2020, 5, 2, 9, 0, tzinfo=UTC), "note": ""},
    {"label": "Dikirim", "state": "current", "at": None, "note": "Ditunggu Minggu, 3 Mei 2020."},
    {"label": "Diterima warga", "state": "todo", "at": None, "note": ""},
)
SUMS = {"needed": 0, "promised": 0, "accepted": 0, "arrived": 0, "left": 0, "share": None}
STANDINGS = (
    {**SUMS, "needed": 603, "promised": 307, "accepted": 300, "arrived": 216, "left": 296, "share": 0.33,
     "lacks": [(22, "Sembako"), (260, "Makanan siap saji"), (14, "THR")]},
    {**SUMS, "needed": 2_709_456, "promised": 1, "left": 2_709_455, "share": 0.0000004, "places": 2226},
    {**SUMS, "needed": 12, "promised": 12, "accepted": 12, "share": 1},
    SUMS,
)  # fmt: skip
MAP = {
    "svg": mark_safe(
        '<path class="f f1" d="M20 30h90l30 60-70 50-50-30z"/><path class="f f3" d="M110 30h120l20 110H70l70-50z"/>'
        '<path class="f f5" d="M230 30h70l-10 100-40 10z"/><a href="#x" class="spot">'
        '<title>Contoh: kurang 1.204</title><circle cx="160" cy="90" r="33"/><text x="160" y="95">1.204</text></a>'
    ),
    "width": 320,
    "height": 170,
    "box": "",
    "borders": "Batas perkiraan",
    "legend": [("1", "di bawah 20 %", 3), ("3", "40–59 %", 12), ("5", "80 % atau lebih", 1)],
}
FACTS = (
    ("Keluarga rentan", "417"),
    ("Diverifikasi", "2 Mei 2020 oleh kelurahan"),
    ("Penanggung jawab", "Nomornya tampil untuk Anda setelah janji tercatat"),
)
STATES = (
    "diajukan terdaftar terkonfirmasi dikirim diterima-sebagian diterima selesai kedaluwarsa dibatalkan ditolak"
).split()


class StyleForm(forms.Form):
    """Every kind of field, most of them wrong."""

    quantity = forms.IntegerField(
        label="Jumlah paket sembako",
        max_value=35,
        help_text="Masih dibutuhkan 35 paket. Satu paket untuk satu keluarga, cukup sekitar tujuh hari.",
        error_messages={"max_value": "Sisa tinggal 35 paket. Kurangi jumlahnya."},
    )
    amount = forms.IntegerField(
        label="Jumlah uang", required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    giver = forms.ChoiceField(
        label="Anda memberi sebagai",
        widget=forms.RadioSelect,
        choices=[("a", "Perorangan"), ("b", "Perusahaan, yayasan, atau lembaga"), ("c", "Tanpa nama")],
    )
    contents = forms.MultipleChoiceField(
        label="Isi paket",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "Isi acuan: beras 5 kg, minyak 1 l, gula 1 kg"), ("b", "Isi setara")],
    )
    name = forms.CharField(label="Nama")
    email = forms.EmailField(label="Surel", help_text="Kami kirim tautan untuk memastikan janji ini dari Anda.")
    area = forms.ChoiceField(label="Kelurahan", required=False, choices=[("", "Semua kelurahan")])
    first = forms.DateField(label="Paling cepat tiba", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="Paling lambat tiba", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Pesan untuk Ketua RW", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    statement = forms.BooleanField(label="Makanan ini bersih, halal, dan tahan paling sedikit tujuh hari.")


class StyleFilter(forms.Form):
    """A list's filters."""

    q = forms.CharField(label="Cari tempat", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    urut = forms.ChoiceField(
        label="Urutkan", required=False, choices=[("terpenuhi", "Paling kurang dulu"), ("nama", "Nama")]
    )
    program = forms.MultipleChoiceField(
        label="Program",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("pangan", "Pangan"), ("umkm", "UMKM"), ("pendidikan", "Pendidikan")],
    )
    sisa_min = forms.IntegerField(label="Paling sedikit masih kurang", required=False)
    wilayah = forms.ChoiceField(label="Wilayah", required=False, choices=[("", "Seluruh Jakarta")])


def _bar_chart():
    rows = (("Jakarta Pusat", 89_112, 80_112), ("Kepulauan Seribu", 310, 310), ("Jakarta Timur", 0, 0))
    entries = [
        charts.Entry(
            name,
            "/kolaborasi/",
            (committed, delivered),
            charts.length(charts.Bar((("delivered", delivered), ("committed", committed - delivered))), 89_112),
        )
        for name, committed, delivered in rows
    ]
    return charts.chart(
        "kota",
        "Penyaluran per kota",
        "paket",
        ["Kota", ("committed", "Komitmen"), ("delivered", "Tersalurkan")],
        entries,
        title="99 dari 100 paket tiba di Jakarta Pusat",
        total=(89_422, 80_422),
        bars=True,
        as_of=MILESTONE,
        version=1,
        csv="/data/angka.csv",
        definition="/transparansi/definisi/",
        quote="Sampai 27 Mei 2020, 561.118 bantuan tersalurkan (KSBB, definisi 1).",
    )


def _week_chart():
    weeks = [charts.Moved(date(2020, 4, 27) + timedelta(weeks=i), 9_000 * i, 4_000 * i) for i in range(12)]
    label = "Komitmen naik tiap minggu, penyaluran menyusul."
    return charts.chart(
        "minggu",
        "Komitmen dan penyaluran tiap minggu, dengan judul yang panjang untuk layar sempit",
        "paket",
        ["Minggu", (None, "Komitmen"), (None, "Tersalurkan")],
        [charts.Entry(week.day.isoformat(), "", (week.committed, week.delivered)) for week in weeks],
        drawing=charts.trend(weeks, weeks, step=7, names=("Sejak awal", "Setiap minggu"), label=label),
    )


def _class_chart():
    amounts = (889, 199, 170, 201, 72, 127, 123, 90, 108, 49, 198)
    return charts.chart(
        "kelas",
        "Tempat menurut terpenuhinya",
        "tempat",
        ["Terpenuhi", (None, "Tempat")],
        [charts.Entry(f"{10 * i} %", "", (many,)) for i, many in enumerate(amounts)],
        drawing=charts.histogram(amounts, [(0, "0 %"), (5, "50 %"), (10, "100 %")], "Sebagian besar di bawah separuh."),
    )


def style(request):
    """Show every component."""
    context = {
        "needs": NEEDS,
        "places": PLACES,
        "steps": STEPS,
        "facts": FACTS,
        "standings": STANDINGS,
        "map": MAP,
        "states": [(slug, slug.replace("-", " ").capitalize()) for slug in STATES],
        "milestone": MILESTONE,
        "form": StyleForm(QueryDict("quantity=40&email=sari&giver=b")),
        "filter_form": StyleFilter(request.GET),
        "counts": {"program": {"pangan": 1204, "umkm": 0, "pendidikan": 35_611}},
        "charts": [_bar_chart(), _week_chart(), _class_chart()],
    }
    return render(request, "ksbb/style.html", context)
