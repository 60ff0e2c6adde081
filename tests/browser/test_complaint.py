"""A figure looks wrong: asked about without a name, answered by staff, tracked by its code, reopened; no scripts."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.journey import follow
from tests.kk_numbers import kk

CODE = re.compile(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b")
WORDS = f"Jumlah ini lebih besar dari yang tertulis di siaran pers. KK saya {kk()}."


def sit(visit, portal_folder, name="pokja"):
    """A member of staff, logged in, in a browser without scripts."""
    lines = (Path(portal_folder) / "akun-demo.txt").read_text().splitlines()
    passwords = dict(line.split()[:2] for line in lines if line)
    visitor = visit(javascript=False)
    page = visitor.open("/admin/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", passwords[name])
    follow(page.get_by_role("button", name="Masuk", exact=True))
    return visitor


def complain(visitor):
    """Follow the first figure's question to the form and send it; return the tracking code."""
    page = visitor.open("/transparansi/?sampai=2020-05-27&program=pangan")
    follow(page.get_by_role("link", name=re.compile("^Angka ini keliru")).first)
    expect(page.locator("main")).to_contain_text("/transparansi/?sampai=2020-05-27&program=pangan")
    expect(page.get_by_label("Hal lain, misalnya angka atau data yang keliru")).to_be_checked()
    page.get_by_label("Apa yang terjadi?").fill(WORDS)
    follow(page.get_by_role("button", name="Kirim pengaduan"))
    expect(page.locator("main")).to_contain_text("kami samarkan")
    return CODE.search(page.inner_text("main")).group()


def answer(desk, text):
    """Take the newest waiting complaint that speaks of a press release, and answer it."""
    page = desk.open("/admin/donations/complaint/?perlu=pengaduan&o=-6")
    follow(page.locator("#result_list tbody th a").first)
    expect(page.locator("body")).to_contain_text("siaran pers. KK saya ••••01.")
    follow(page.get_by_role("link", name="Ambil (atau ambil alih)"))
    follow(page.locator("#content form [type=submit]"))
    follow(page.get_by_role("link", name="Jawab", exact=True))
    page.get_by_label("Jawaban").fill(text)
    follow(page.locator("#content form [type=submit]"))
    expect(page.locator(".messagelist")).to_contain_text("selesai")


def track(visitor, code):
    """Type the code into the form for it."""
    page = visitor.open("/pengaduan/")
    page.get_by_label("Kode pengaduan").fill(code.lower().replace("-", " "))
    follow(page.get_by_role("button", name="Lihat jawabannya"))
    return page


def test_from_a_wrong_figure_to_an_answer_and_back(visit, width, portal_folder):
    visitor = visit(width=width, javascript=False)
    code = complain(visitor)
    assert visitor.overflow() <= 0
    answer(sit(visit, portal_folder), "Angkanya sudah kami bandingkan: keduanya benar, dasarnya berbeda.")
    page = track(visitor, code)
    expect(page.locator("main")).to_contain_text("dasarnya berbeda")
    expect(page.locator("main")).not_to_contain_text("siaran pers")
    page.get_by_label("Mengapa jawabannya belum cukup?").fill("Dasarnya tidak tertulis di halaman itu.")
    follow(page.get_by_role("button", name="Buka lagi pengaduan ini"))
    expect(page.locator("main")).to_contain_text("Dibuka lagi")
    assert visitor.overflow() <= 0


def test_a_suggested_place_is_what_the_complaint_is_about(visit):
    visitor = visit(width=360)
    page = visitor.open("/pengaduan/")
    page.get_by_role("combobox", name="Tentang tempat mana?").press_sequentially("rw 05 ragunan")
    page.get_by_role("option", name=re.compile("RW 05 Ragunan")).click()
    page.get_by_label("Mutunya buruk").check()
    page.get_by_label("Apa yang terjadi?").fill("Berasnya apek.")
    follow(page.get_by_role("button", name="Kirim pengaduan"))
    expect(page.get_by_role("link", name="RW 05 Ragunan")).to_be_visible()
    assert visitor.overflow() <= 0


def test_without_scripts_one_of_several_places_is_chosen(visit):
    visitor = visit(width=360, javascript=False)
    page = visitor.open("/pengaduan/")
    visitor.expect("status of 400")
    page.get_by_label("Tentang tempat mana?").fill("rw ragunan")
    page.get_by_label("Mutunya buruk").check()
    page.get_by_label("Apa yang terjadi?").fill("Berasnya apek.")
    follow(page.get_by_role("button", name="Kirim pengaduan"))
    assert visitor.overflow() <= 0
    page.get_by_label("RW 05 Ragunan").check()
    follow(page.get_by_role("button", name="Kirim pengaduan"))
    expect(page.get_by_role("link", name="RW 05 Ragunan")).to_be_visible()


def test_axe_finds_nothing(visit, width):
    visitor = visit(width=width)
    page = visitor.open("/pengaduan/?kategori=lain&halaman=/transparansi/&angka=paket")
    assert visitor.accessibility_faults() == []
    visitor.expect("status of 400")
    page = visitor.open("/pengaduan/?kategori=lain")
    page.get_by_role("combobox", name="Tentang tempat mana?").fill("rw ragunan")
    follow(page.get_by_role("button", name="Kirim pengaduan"))
    expect(page.locator(".error-summary")).to_contain_text("Tulis apa yang terjadi.")
    assert visitor.accessibility_faults() == []


def test_axe_finds_nothing_behind_a_code(visit):
    visitor = visit(width=360)
    page = visitor.open("/pengaduan/")
    page.get_by_label("Mutunya buruk").check()
    page.get_by_label("Apa yang terjadi?").fill("Berasnya apek.")
    follow(page.get_by_role("button", name="Kirim pengaduan"))
    page.wait_for_url(re.compile("/pengaduan/[2-9A-Z]{4}-"))
    assert visitor.accessibility_faults() == []


def test_english_too(visit):
    page = visit(javascript=False).open("/en/transparansi/")
    link = page.locator("main a[href*='/pengaduan/']").first
    assert link.get_attribute("href").startswith("/en/pengaduan/")
    follow(link)
    expect(page.locator("main")).to_contain_text("/transparansi/")
