"""Invented names. Whoever does something in the demo that no source states is called "Contoh"."""

GIVEN = (
    "Sari Dewi Budi Agus Rina Wati Joko Siti Nur Hendra Maya Lestari Bambang Yanti Eko Ratna Dian Fitri Slamet Tuti "
    "Rudi Indah Wahyu Lina Anwar Endang Fajar Mega Hasan Yuni Iwan Sri Dedi Ayu Tono Nani Arif Rosa Gunawan Murni"
).split()
FAMILY = (
    "Wibowo Santoso Hidayat Lubis Nasution Siregar Saputra Pratama Halim Susanto Kusuma Wijaya Rahman Setiawan "
    "Hartono Marpaung Simatupang Utami Handayani Permana Suryadi Maulana Firmansyah Anggraini Purnomo Kurniawan"
).split()
TREES = "Melati Mawar Kenanga Cempaka Anggrek Flamboyan Mangga Rambutan Jambu Kemuning Dahlia Teratai".split()
VIRTUES = (
    "Harapan Amanah Sejahtera Mulia Bakti Kasih Cahaya Mandiri Makmur Sentosa Lestari Bersama Karya Utama Nusantara "
    "Pertiwi Bangsa Abadi Gemilang Rejeki Barokah Peduli Ceria Setia Tunas Pelita Mekar Jaya Damai Wahana"
).split()
TRADES = (
    "Warung Nasi|Kue Basah|Konveksi|Katering|Sablon|Kerupuk|Kopi Keliling|Jamu Gendong|Bengkel Motor|Kerajinan Kulit|"
    "Batik|Roti|Bakso|Laundry|Tanaman Hias|Keripik|Sepatu|Soto|Mebel|Pangkas Rambut"
).split("|")
TRUSTS = {
    "lembaga-usaha": ("PT Contoh", "CV Contoh", "Koperasi Contoh"),
    "lembaga-pemerintah": ("Dinas Contoh", "Badan Contoh", "Kementerian Contoh"),
    "lsm": ("Yayasan Contoh", "Komunitas Contoh", "Universitas Contoh", "Perhimpunan Contoh"),
    "luar-negeri": ("Contoh Foundation", "Contoh Relief", "Kedutaan Contoh"),
}
PLACES = {
    "pesantren": ("Pesantren", ("Al-{}", "Nurul {}", "Darul {}")),
    "panti-asuhan": ("Panti Asuhan", ("{}", "Kasih {}", "Bunda {}")),
    "panti-jompo": ("Panti Jompo", ("{}", "Senja {}")),
    "panti-disabilitas": ("Panti Disabilitas", ("{}", "Bina {}")),
    "bank-sampah": ("Bank Sampah", ("{}", "{} Hijau")),
    "komunitas": ("Komunitas", ("{}", "Sahabat {}", "Dapur {}")),
    "lainnya": ("Rumah Singgah", ("{}", "Sanggar {}")),
    "sekolah": ("", ("SD {}", "SMP {}", "SMA {}", "SMK {}", "MI {}", "MTs {}")),
}


def person(chance):
    """Return an invented person's name."""
    return f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"


def organisation(category, chance):
    """Return an invented organisation's name that says that it is one."""
    first, second = chance.sample(VIRTUES, 2)
    return f"{chance.choice(TRUSTS[category])} {first} {second}"


def institution(kind, chance):
    """Return an invented name for a place of this kind (a slug)."""
    if kind == "umkm":
        return f"{chance.choice(TRADES)} {chance.choice(('Bu', 'Pak', 'Mas', 'Mbak'))} {chance.choice(GIVEN)}"
    before, shapes = PLACES[kind]
    return f"{before} {chance.choice(shapes).format(' '.join(chance.sample(VIRTUES, 2)))}".strip()


def street(chance):
    """Return an invented address."""
    return f"Jalan Contoh {chance.choice(TREES)} No. {chance.randint(1, 98)}"
