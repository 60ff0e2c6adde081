"""The files of collaborations, hand-overs, money, givers and figures: their columns and where each row comes from."""

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations import figures, filters, rows
from donations.models import Attribution, Collaborator, Commitment, Contribution, EntryKind, LedgerEntry
from ksbb.core.exports import Column, DataSet, PageAddress, only
from locations.queries import WHOLE, public
from programs.models import Program

OUTCOMES = {
    EntryKind.DELIVERED: "diterima-baik",
    EntryKind.DAMAGED: "rusak",
    EntryKind.SHORT: "kurang",
    EntryKind.LOST: "hilang",
    EntryKind.GIVEN_BACK: "dikembalikan",
}


def words(path, known):
    """Return the source of the wire words that `known` has for the values at a path."""
    cases = [When(**{path: value}, then=Value(word)) for value, word in known.items()]
    return Case(*cases, output_field=CharField())


def giver(name):
    """Return the source of a giver's `slug` or `name`, empty where her collaboration does not name her."""
    return only(rows.named("commitment__"), f"commitment__collaborator__{name}")


def place(path):
    """Return the source of the code of the place at `path`, empty where the public does not see it."""
    return only(public(path), f"{path}code")


# --- Collaborations: one row a line -----------------------------------------------------------------------------------
COLLABORATION_COLUMNS = (
    Column("kode", _("Kode kolaborasi; satu kolaborasi dapat punya beberapa baris"), "commitment__code"),
    Column(
        "kolaborator_slug",
        _("Kolaborator; kosong bila tanpa nama atau belum dikonfirmasi"),
        giver("slug"),
    ),
    Column(
        "kolaborator_nama",
        _("Nama yang tampil; kosong bila tanpa nama atau belum dikonfirmasi"),
        giver("name"),
    ),
    Column("kategori", _("Kategori kolaborator"), "commitment__collaborator__category"),
    Column("program", _("Program"), "commitment__program__slug"),
    Column(
        "saluran",
        _("langsung, atau agregator (lewat mitra penyalur)"),
        words("commitment__aggregator__isnull", {True: "langsung", False: "agregator"}),
    ),
    Column("mitra", _("Mitra penyalur, bila ada"), "commitment__aggregator__collaborator__slug"),
    Column("status", _("Status sekarang"), "commitment__state"),
    Column("diajukan_pada", _("Kapan dijanjikan"), "commitment__submitted_at"),
    Column("dikonfirmasi_pada", _("Kapan diterima oleh tempat atau Pokja"), "commitment__confirmed_at"),
    Column("rincian_lokasi", _("Kode tempat; kosong bila tempat itu tidak ditampilkan"), place("need__location__")),
    Column("rincian_wilayah", _("Kode Kemendagri kelurahan"), "need__location__area_id"),
    Column("rincian_paket", _("Jenis paket"), "need__package__slug"),
    Column("rincian_periode", _("Periode kebutuhan"), "need__period__slug"),
    Column("rincian_jumlah", _("Jumlah yang semula dijanjikan"), "quantity"),
    Column("rincian_diajukan", _("Dijanjikan, belum dikonfirmasi"), "submitted_then"),
    Column("rincian_komitmen", _("Dikonfirmasi, termasuk yang sudah tersalurkan"), "committed_then"),
    Column("rincian_tersalurkan", _("Diterima dengan baik"), "delivered_then"),
    Column("url", _("Laporan kolaborasi"), PageAddress("collaboration", "commitment__code")),
)


COLLABORATIONS = DataSet(
    slug="kolaborasi",
    title=_("Kolaborasi"),
    about=_("Setiap janji bantuan, satu baris untuk tiap paket di tiap tempat. Jumlahnya sama dengan angka komitmen."),
    columns=COLLABORATION_COLUMNS,
    filters=lambda data: filters.CollaborationFilter(data, queryset=Commitment.objects.all()),
    rows=lambda chosen: chosen.lines.order_by("commitment", "pk"),
    count=lambda: rows.lines(figures.Scope(), rows.collaborations(figures.Scope(), Commitment.objects)).count(),
)

# --- Hand-overs: one row an event -------------------------------------------------------------------------------------
DELIVERY_COLUMNS = (
    Column("nomor", _("Nomor berita acara (BAST); kosong pada pengembalian"), "delivery__number"),
    Column("kolaborasi", _("Kode kolaborasi"), "commitment__code"),
    Column("kolaborator_slug", _("Kolaborator; kosong bila tanpa nama"), giver("slug")),
    Column("kolaborator_nama", _("Nama yang tampil; kosong bila tanpa nama"), giver("name")),
    Column("program", _("Program"), "program__slug"),
    Column("paket", _("Jenis paket"), "package__slug"),
    Column("lokasi", _("Kode tempat; kosong bila tempat itu tidak ditampilkan"), place("location__")),
    Column("wilayah", _("Kode Kemendagri kelurahan"), "area_id"),
    Column("tanggal", _("Hari terjadinya (WIB)"), "day"),
    Column("peristiwa", _("diterima-baik, rusak, kurang, hilang, atau dikembalikan"), words("kind", OUTCOMES)),
    Column("jumlah", _("Jumlah paket; negatif bila catatan dibalik"), "quantity"),
    Column("tersalurkan", _("Pengaruhnya pada angka tersalurkan"), "delivered"),
)


def delivery_entries(entries):
    """Return hand-over entries with `shown` (name the giver) and `seen` (name the place)."""
    return entries.annotate(shown=rows.whether(rows.named("commitment__")), seen=rows.whether(public("location__")))


DELIVERIES = DataSet(
    slug="penyaluran",
    title=_("Penyaluran"),
    about=_("Setiap peristiwa serah terima: diterima baik, rusak, kurang, hilang, atau dikembalikan."),
    columns=DELIVERY_COLUMNS,
    filters=lambda data: filters.DeliveryFilter(data, queryset=LedgerEntry.objects.all()),
    rows=lambda chosen: chosen.qs.order_by("pk"),
    count=lambda: rows.deliveries(figures.Scope(), LedgerEntry.objects).count(),
)

# --- Money: one row a contribution ------------------------------------------------------------------------------------
NAMED_GIVER = ~Q(collaborator__attribution=Attribution.ANONYMOUS)
FUND_COLUMNS = (
    Column("kolaborator_slug", _("Kolaborator; kosong bila tanpa nama"), only(NAMED_GIVER, "collaborator__slug")),
    Column("kolaborator_nama", _("Nama yang tampil; kosong bila tanpa nama"), only(NAMED_GIVER, "collaborator__name")),
    Column("kategori", _("Kategori kolaborator"), "collaborator__category"),
    Column("mitra", _("Mitra penyalur yang menerima"), "aggregator__collaborator__slug"),
    Column("akad", _("zakat, infak, csr, atau umum"), "contract"),
    Column("program", _("Untuk program; kosong: di mana paling perlu"), "program__slug"),
    Column("diterima_pada", _("Kapan diterima"), "received_at"),
    Column("diterima", _("Rupiah diterima mitra"), "received_then"),
    Column("terpakai", _("Rupiah terpakai untuk paket"), "used_then"),
    Column("dikembalikan", _("Rupiah dikembalikan kepada pemberi"), "refunded_then"),
    Column("biaya", _("Rupiah biaya penyaluran"), "cost_then"),
    Column(
        "saldo",
        _("Rupiah yang masih ada: diterima − terpakai − dikembalikan − biaya"),
        F("received_then") - F("used_then") - F("refunded_then") - F("cost_then"),
    ),
)


FUNDS = DataSet(
    slug="dana",
    title=_("Dana"),
    about=_("Uang yang diterima mitra penyalur dan pemakaiannya, dalam rupiah utuh. KSBB sendiri tidak memegang uang."),
    columns=FUND_COLUMNS,
    filters=lambda data: filters.FundFilter(data, queryset=Contribution.objects.all()),
    rows=lambda chosen: chosen.qs.order_by("pk"),
    count=lambda: rows.contributions(figures.Scope(), Contribution.objects).count(),
)

# --- Givers: one row a face -------------------------------------------------------------------------------------------
NAMED = ~Q(attribution=Attribution.ANONYMOUS)
COLLABORATOR_COLUMNS = (
    Column("slug", _("Kode kolaborator; kosong bila tanpa nama"), only(NAMED, "slug")),
    Column("nama", _("Nama yang tampil, atau Hamba Allah"), "name"),
    Column("kategori", _("perorangan, lembaga-usaha, lembaga-pemerintah, lsm, atau luar-negeri"), "category"),
    Column("kolaborasi", _("Banyaknya kolaborasi dengan komitmen"), "collaborations_then"),
    Column("komitmen", _("Jumlah paket komitmen"), "committed_then"),
    Column("tersalurkan", _("Jumlah paket tersalurkan"), "delivered_then"),
    Column("url", _("Halaman kolaborator; kosong bila tanpa nama"), only(NAMED, PageAddress("collaborator", "slug"))),
)


COLLABORATORS = DataSet(
    slug="kolaborator",
    title=_("Kolaborator"),
    about=_("Siapa yang memberi dan berapa paket. Pemberian tanpa nama adalah baris tersendiri tanpa kode."),
    columns=COLLABORATOR_COLUMNS,
    filters=lambda data: filters.CollaboratorFilter(data, queryset=Collaborator.objects.all()),
    rows=lambda chosen: chosen.qs.order_by("pk"),
    count=lambda: rows.collaborators(figures.Scope(), Collaborator.objects).count(),
)

# --- Figures: one row a group -----------------------------------------------------------------------------------------
FIGURE_COLUMNS = (
    Column("sampai", _("Hari terakhir yang dihitung")),
    Column("dari", _("Hari pertama yang dihitung; kosong: sejak awal")),
    Column("program", _("Program; kosong: semua")),
    Column("definisi", _("Versi definisi angka")),
    Column("per", _("Rincian menurut: hari, minggu, kota, kecamatan, kelurahan, paket, atau kategori")),
    Column("kunci", _("Tanggal, kode wilayah, paket, atau kategori")),
    Column("nama", _("Namanya")),
    Column("diajukan", _("Dijanjikan, belum dikonfirmasi")),
    Column("komitmen", _("Dikonfirmasi, termasuk yang sudah tersalurkan")),
    Column("tersalurkan", _("Diterima dengan baik")),
)


def _figure_rows(chosen):
    given = chosen.cleaned
    until, since, program, per = (given.get(name) for name in ("sampai", "dari", "program", "per"))
    about = (until or timezone.localdate(), since, program.slug if program else "", figures.DEFINITION_VERSION)
    for row in figures.breakdown(per or "paket", until, since, program):
        yield (*about, per or "paket", row.key, row.name, row.submitted, row.committed, row.delivered)


FIGURES = DataSet(
    slug="angka",
    title=_("Angka"),
    about=_(
        "Jumlah diajukan, komitmen, dan tersalurkan per paket, hari, minggu, wilayah, atau kategori (parameter per)."
    ),
    columns=FIGURE_COLUMNS,
    filters=lambda data: filters.FigureFilter(data, queryset=Program.objects.none()),
    rows=_figure_rows,
    count=lambda: len(figures.breakdown("paket")),
)

# --- Equity: one row a place ------------------------------------------------------------------------------------------
EQUITY_COLUMNS = (
    Column("sampai", _("Hari yang keadaannya dihitung")),
    Column("program", _("Program yang dipilih; kosong: semua")),
    Column("lokasi", _("Kode tempat")),
    Column("nama", _("Nama tempat")),
    Column("kecamatan", _("Kode Kemendagri kecamatan")),
    Column("kelurahan", _("Kode Kemendagri kelurahan")),
    Column("dibutuhkan", _("Paket yang dibutuhkan, dalam program yang dipilih")),
    Column("dijanjikan", _("Di antaranya diajukan atau komitmen")),
    Column("komitmen", _("Di antaranya komitmen")),
    Column("tersalurkan", _("Di antaranya tersalurkan")),
    Column("sisa_kebutuhan", _("Yang belum dijanjikan siapa pun")),
    Column("terpenuhi", _("Rata-rata bagian yang dijanjikan dari semua kebutuhan tempat itu, 0 sampai 1")),
)


def _equity_rows(chosen):
    until, program = chosen.cleaned.get("sampai"), chosen.cleaned.get("program")
    about = (until or timezone.localdate(), program.slug if program else "")
    for place in figures.standings(until, program):
        amounts = (place.needed, place.promised, place.committed, place.delivered, place.left)
        yield (*about, place.key, place.name, place.area[:8], place.area, *amounts, place.share / WHOLE)


EQUITY = DataSet(
    slug="pemerataan",
    title=_("Pemerataan"),
    about=_("Seberapa terpenuhi tiap tempat yang kebutuhannya terbuka, pada akhir hari mana pun (parameter sampai)."),
    columns=EQUITY_COLUMNS,
    filters=lambda data: filters.FigureFilter(data, queryset=Program.objects.none()),
    rows=_equity_rows,
    count=lambda: figures.equity().places,
)
