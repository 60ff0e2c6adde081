"""The files of collaborations, hand-overs, money, givers and figures: their columns and where each row comes from."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations import figures, filters, rows
from donations.models import Attribution, Collaborator, Commitment, Contribution, EntryKind, LedgerEntry
from ksbb.core.exports import Column, DataSet, page_address
from locations.queries import WHOLE, public
from programs.models import Program

AT_ONCE = 2_000
OUTCOMES = {
    EntryKind.DELIVERED: "diterima-baik",
    EntryKind.DAMAGED: "rusak",
    EntryKind.SHORT: "kurang",
    EntryKind.LOST: "hilang",
    EntryKind.GIVEN_BACK: "dikembalikan",
}


def channel(aggregator):
    """Return the wire word for how a collaboration reaches its place."""
    return "agregator" if aggregator else "langsung"


# --- Collaborations: one row a line -----------------------------------------------------------------------------------
COLLABORATION_COLUMNS = (
    Column("kode", _("Kode kolaborasi; satu kolaborasi dapat punya beberapa baris")),
    Column("kolaborator_slug", _("Kolaborator; kosong bila tanpa nama atau belum dikonfirmasi")),
    Column("kolaborator_nama", _("Nama yang tampil; kosong bila tanpa nama atau belum dikonfirmasi")),
    Column("kategori", _("Kategori kolaborator")),
    Column("program", _("Program")),
    Column("saluran", _("langsung, atau agregator (lewat mitra penyalur)")),
    Column("mitra", _("Mitra penyalur, bila ada")),
    Column("status", _("Status sekarang")),
    Column("diajukan_pada", _("Kapan dijanjikan")),
    Column("dikonfirmasi_pada", _("Kapan diterima oleh tempat atau Pokja")),
    Column("rincian_lokasi", _("Kode tempat; kosong bila tempat itu tidak ditampilkan")),
    Column("rincian_wilayah", _("Kode Kemendagri kelurahan")),
    Column("rincian_paket", _("Jenis paket")),
    Column("rincian_periode", _("Periode kebutuhan")),
    Column("rincian_jumlah", _("Jumlah yang semula dijanjikan")),
    Column("rincian_diajukan", _("Dijanjikan, belum dikonfirmasi")),
    Column("rincian_komitmen", _("Dikonfirmasi, termasuk yang sudah tersalurkan")),
    Column("rincian_tersalurkan", _("Diterima dengan baik")),
    Column("url", _("Laporan kolaborasi")),
)


def _collaboration_rows(chosen):
    lines = chosen.lines.annotate(
        shown=rows.whether(rows.named("commitment__")), seen=rows.whether(public("need__location__"))
    )
    values = lines.order_by("pk").values_list(
        "commitment__code", "shown", "commitment__collaborator__slug", "commitment__collaborator__name",
        "commitment__collaborator__category", "commitment__program__slug",
        "commitment__aggregator__collaborator__slug", "commitment__state", "commitment__submitted_at",
        "commitment__confirmed_at", "seen", "need__location__code", "need__location__area_id",
        "need__package__slug", "need__period__slug", "quantity", "submitted_then", "committed_then", "delivered_then",
    )  # fmt: skip
    for (
        code,
        shown,
        slug,
        name,
        category,
        program,
        partner,
        state,
        at,
        confirmed,
        seen,
        place,
        *rest,
    ) in values.iterator(AT_ONCE):
        giver = (slug, name) if shown else ("", "")
        place = place if seen else ""
        yield (
            code, *giver, category, program, channel(partner), partner, state, at, confirmed, place, *rest,
            page_address("collaboration", code),
        )  # fmt: skip


COLLABORATIONS = DataSet(
    slug="kolaborasi",
    title=_("Kolaborasi"),
    about=_("Setiap janji bantuan, satu baris untuk tiap paket di tiap tempat. Jumlahnya sama dengan angka komitmen."),
    columns=COLLABORATION_COLUMNS,
    filters=lambda data: filters.CollaborationFilter(data, queryset=Commitment.objects.all()),
    rows=_collaboration_rows,
    count=lambda: rows.lines(figures.Scope(), rows.collaborations(figures.Scope(), Commitment.objects)).count(),
)

# --- Hand-overs: one row an event -------------------------------------------------------------------------------------
DELIVERY_COLUMNS = (
    Column("nomor", _("Nomor berita acara (BAST); kosong pada pengembalian")),
    Column("kolaborasi", _("Kode kolaborasi")),
    Column("kolaborator_slug", _("Kolaborator; kosong bila tanpa nama")),
    Column("kolaborator_nama", _("Nama yang tampil; kosong bila tanpa nama")),
    Column("program", _("Program")),
    Column("paket", _("Jenis paket")),
    Column("lokasi", _("Kode tempat; kosong bila tempat itu tidak ditampilkan")),
    Column("wilayah", _("Kode Kemendagri kelurahan")),
    Column("tanggal", _("Hari terjadinya (WIB)")),
    Column("peristiwa", _("diterima-baik, rusak, kurang, hilang, atau dikembalikan")),
    Column("jumlah", _("Jumlah paket; negatif bila catatan dibalik")),
    Column("tersalurkan", _("Pengaruhnya pada angka tersalurkan")),
)


def delivery_entries(entries):
    """Return hand-over entries with `shown` (name the giver) and `seen` (name the place)."""
    return entries.annotate(shown=rows.whether(rows.named("commitment__")), seen=rows.whether(public("location__")))


def _delivery_rows(chosen):
    values = delivery_entries(chosen.qs).order_by("pk").values_list(
        "delivery__number", "commitment__code", "shown", "commitment__collaborator__slug",
        "commitment__collaborator__name", "program__slug", "package__slug", "seen", "location__code", "area_id", "day",
        "kind", "quantity", "delivered",
    )  # fmt: skip
    for number, code, shown, slug, name, program, package, seen, place, area, day, kind, *rest in values.iterator(
        AT_ONCE
    ):
        giver = (slug, name) if shown else ("", "")
        yield (number, code, *giver, program, package, place if seen else "", area, day, OUTCOMES[kind], *rest)


DELIVERIES = DataSet(
    slug="penyaluran",
    title=_("Penyaluran"),
    about=_("Setiap peristiwa serah terima: diterima baik, rusak, kurang, hilang, atau dikembalikan."),
    columns=DELIVERY_COLUMNS,
    filters=lambda data: filters.DeliveryFilter(data, queryset=LedgerEntry.objects.all()),
    rows=_delivery_rows,
    count=lambda: rows.deliveries(figures.Scope(), LedgerEntry.objects).count(),
)

# --- Money: one row a contribution ------------------------------------------------------------------------------------
FUND_COLUMNS = (
    Column("kolaborator_slug", _("Kolaborator; kosong bila tanpa nama")),
    Column("kolaborator_nama", _("Nama yang tampil; kosong bila tanpa nama")),
    Column("kategori", _("Kategori kolaborator")),
    Column("mitra", _("Mitra penyalur yang menerima")),
    Column("akad", _("zakat, infak, csr, atau umum")),
    Column("program", _("Untuk program; kosong: di mana paling perlu")),
    Column("diterima_pada", _("Kapan diterima")),
    Column("diterima", _("Rupiah diterima mitra")),
    Column("terpakai", _("Rupiah terpakai untuk paket")),
    Column("dikembalikan", _("Rupiah dikembalikan kepada pemberi")),
    Column("biaya", _("Rupiah biaya penyaluran")),
    Column("saldo", _("Rupiah yang masih ada: diterima − terpakai − dikembalikan − biaya")),
)


def _fund_rows(chosen):
    values = chosen.qs.order_by("pk").values_list(
        "collaborator__attribution", "collaborator__slug", "collaborator__name", "collaborator__category",
        "aggregator__collaborator__slug", "contract", "program__slug", "received_at", "received_then", "used_then",
        "refunded_then", "cost_then",
    )  # fmt: skip
    for attribution, slug, name, *plain, received, used, refunded, cost in values.iterator(AT_ONCE):
        giver = ("", "") if attribution == Attribution.ANONYMOUS else (slug, name)
        yield (*giver, *plain, received, used, refunded, cost, received - used - refunded - cost)


FUNDS = DataSet(
    slug="dana",
    title=_("Dana"),
    about=_("Uang yang diterima mitra penyalur dan pemakaiannya, dalam rupiah utuh. KSBB sendiri tidak memegang uang."),
    columns=FUND_COLUMNS,
    filters=lambda data: filters.FundFilter(data, queryset=Contribution.objects.all()),
    rows=_fund_rows,
    count=lambda: rows.contributions(figures.Scope(), Contribution.objects).count(),
)

# --- Givers: one row a face -------------------------------------------------------------------------------------------
COLLABORATOR_COLUMNS = (
    Column("slug", _("Kode kolaborator; kosong bila tanpa nama")),
    Column("nama", _("Nama yang tampil, atau Hamba Allah")),
    Column("kategori", _("perorangan, lembaga-usaha, lembaga-pemerintah, lsm, atau luar-negeri")),
    Column("kolaborasi", _("Banyaknya kolaborasi dengan komitmen")),
    Column("komitmen", _("Jumlah paket komitmen")),
    Column("tersalurkan", _("Jumlah paket tersalurkan")),
    Column("url", _("Halaman kolaborator; kosong bila tanpa nama")),
)


def _collaborator_rows(chosen):
    values = chosen.qs.order_by("pk").values_list(
        "attribution", "slug", "name", "category", "collaborations_then", "committed_then", "delivered_then"
    )
    for attribution, slug, *plain in values.iterator(AT_ONCE):
        hidden = attribution == Attribution.ANONYMOUS
        yield ("" if hidden else slug, *plain, "" if hidden else page_address("collaborator", slug))


COLLABORATORS = DataSet(
    slug="kolaborator",
    title=_("Kolaborator"),
    about=_("Siapa yang memberi dan berapa paket. Pemberian tanpa nama adalah baris tersendiri tanpa kode."),
    columns=COLLABORATOR_COLUMNS,
    filters=lambda data: filters.CollaboratorFilter(data, queryset=Collaborator.objects.all()),
    rows=_collaborator_rows,
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
