"""Pages that no link leads to: each scene acts as a person would and yields a name where a picture is due."""

import re

from tests.browser.journey import Donor, follow, next_saturday

READY = "() => document.getElementById('map-tools')?.hidden === false"
LACKING = "/api/v1/lokasi/?jenis=rw&paket=sembako&sisa_min=20&urut=sisa&ukuran="


def lacking(page, number):
    """Return the address at which to promise for so many places that lack much."""
    rows = page.request.get(f"{LACKING}{number}").json()["results"]
    return "/beri-bantuan/?" + "&".join(f"lokasi={row['kode']}" for row in rows)


def lost(visit):
    """A page that is not there, and answers that find nothing."""
    for name, path, status in (
        ("missing", "/tidak-ada/", 404),
        ("missing-place", "/lokasi/tidak-ada/", 404),
        ("dead-link", "/komitmen-saya/bukan-rahasia/", 404),
        ("list-empty", "/lokasi/?q=tidak+ada+yang+bernama+begini", 200),
        ("figures-empty", "/transparansi/?sampai=2019-01-01", 200),
        ("track-unknown", "/lacak/?kode=KSBB-ZZZZ-ZZZZ", 404),
    ):
        visit.open(path, status=status)
        yield name


def promise(visit):
    """A promise for three places, each step first with its faults, to what the place in charge sees of it."""
    donor, page = Donor(visit, "Ibu Siti Rahayu"), visit.page
    visit.open("/beri-bantuan/")
    visit.open(lacking(page, 3))
    yield "promise-1-places"
    donor.go_on()
    yield "promise-1-fault"
    donor.fill_quantity(5)
    donor.go_on()
    yield "promise-2-giver"
    donor.go_on()
    yield "promise-2-fault"
    donor.fill_identity()
    donor.go_on()
    yield "promise-3-review"
    donor.send()
    yield "promise-4-sent"
    visit.open("/demo/surel/")
    yield "demo-mail"
    donor.open_mail("/komitmen-saya/bukti/")
    yield "promise-5-prove"
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/komitmen-saya/(?!bukti)"))
    yield "promise-6-registered"
    donor.open_mail("/lokasi-saya/")
    yield "place-1-waiting"
    page.get_by_label("Terima untuk tanggal").first.fill(next_saturday().isoformat())
    follow(page.get_by_role("button", name="Terima bantuan ini").first)
    yield "place-2-coming"


def complaint(visit):
    """A complaint with its faults, its answer page, and a code that nobody gave out."""
    page = visit.open("/pengaduan/?kategori=lain&halaman=/transparansi/&angka=paket")
    page.get_by_role("button", name="Kirim pengaduan").click()
    yield "complaint-fault"
    page.get_by_label("Apa yang terjadi?").fill("Jumlah ini lebih besar dari yang tertulis di siaran pers.")
    page.get_by_role("button", name="Kirim pengaduan").click()
    page.wait_for_url(re.compile("/pengaduan/[2-9A-Z]{4}-"))
    yield "complaint-tracked"
    page = visit.open("/pengaduan/")
    page.get_by_label("Kode pengaduan").fill("ABCD-EFGH-JKLM-NPQR")
    page.get_by_role("button", name="Lihat jawabannya").click()
    yield "complaint-unknown"


def family(visit):
    """The three answers to a KK number, and a number with a digit too few."""
    page = visit.open("/cek-kk/")
    numbers = re.findall(r"\b\d{16}\b", page.inner_text("main"))
    for name, number in (("fault", "123"), *zip(("delivered", "recorded", "unknown"), numbers, strict=False)):
        page = visit.open("/cek-kk/")
        page.locator("main [name=kk]").fill(number)
        page.locator("main form button").last.click()
        page.locator("#jawaban, .error-summary").wait_for()
        yield f"kk-{name}"


def money(visit):
    """Money counted in packages, and the private page of a pledge."""
    donor, page = Donor(visit, "Bapak Contoh"), visit.open("/beri-bantuan/dana/")
    page.get_by_label("Jumlah dana").fill("20.000.000")
    page.locator("input[name=purpose][value=program]").check()
    page.get_by_label("Program", exact=True).select_option(label="Pangan")
    page.get_by_role("button", name="Hitung jadi berapa paket").click()
    yield "money-counted"
    page.get_by_label("Contoh Sejahtera").check()
    donor.fill_identity()
    page.get_by_role("button", name="Minta nomor rujukan").click()
    page.wait_for_url("**/dana-saya/*/")
    yield "money-pledged"


def map_in_use(visit):
    """The map with its drawing finished, with filters, with places collected, and with a place open."""
    page = visit.open("/peta/")
    page.wait_for_function(READY)
    page.wait_for_load_state("networkidle")
    yield "map-ready"
    page.get_by_text("Saring", exact=True).first.click()
    yield "map-filters"
    page.get_by_text("Saring", exact=True).first.click()
    for tick in (0, 1):
        page.locator("#map-results .collect input").nth(tick).check()
    page.locator("#map-results a[data-place]").first.click()
    page.locator("#map-panel").get_by_text("Siapa yang membantu").wait_for()
    yield "map-panel"


SCENES = (lost, promise, complaint, family, money, map_in_use)
WITHOUT_SCRIPTS = ("/peta/", "/beri-bantuan/", "/lokasi/")
