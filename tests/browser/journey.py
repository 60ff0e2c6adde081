"""A donor and a person in charge, as hands on a page: each step is what a person does, by the labels she reads."""

import re
from datetime import date, timedelta


def follow(locator):
    """Press what leads to another page, and wait until that is there."""
    with locator.page.expect_navigation():
        locator.click()


class Donor:
    """Somebody who gives, in a browser of her own."""

    def __init__(self, visit, name):
        self.visit, self.page, self.name = visit, visit.page, name
        self.contact = re.sub(r"\W+", "-", name.lower()) + "@contoh.id"

    def find(self, query):
        """Open the first place of a filtered list; return its code."""
        self.visit.open(f"/lokasi/?{query}")
        self.page.locator("main tbody a").first.click()
        self.page.wait_for_url("**/lokasi/*/")
        return self.page.url.rstrip("/").rpartition("/")[2]

    def promise(self, code, program, quantity):
        """Promise so many of the first package of a programme; the private page of the promise is open then."""
        self.visit.open(f"/beri-bantuan/?lokasi={code}&program={program}")
        self.fill_quantity(quantity)
        self.go_on()
        self.fill_identity()
        self.go_on()
        self.send()

    def go_on(self):
        """Press the button that leads to the next step of the promise, and see it."""
        follow(self.page.get_by_role("button", name="Lanjut", exact=True))

    def send(self):
        """Declare what must be declared and send the promise, from its last step."""
        for tick in self.page.get_by_label(re.compile("^Saya menyatakan")).all():
            tick.check()
        self.page.get_by_role("button", name="Janjikan bantuan ini").click()
        self.page.wait_for_url("**/komitmen-saya/*/")

    def fill_quantity(self, quantity):
        """Promise so many of the first package on the form."""
        self.page.get_by_label(re.compile("^Jumlah")).first.fill(str(quantity))

    def fill_identity(self):
        self.page.get_by_label("Nama Anda atau lembaga").fill(self.name)
        self.page.get_by_label("Surel atau nomor WhatsApp").fill(self.contact)

    def open_mail(self, part):
        """Follow the newest link in her mails that holds `part`."""
        self.visit.open("/demo/surel/")
        follow(self.page.locator("main a", has_text=part).first)

    def prove(self):
        """Press the button behind the link in the mail; the promise is registered then."""
        self.open_mail("/komitmen-saya/bukti/")
        self.page.locator("main form button").first.click()
        self.page.wait_for_url(re.compile("/komitmen-saya/(?!bukti)"))


def next_saturday():
    """Return the coming Saturday, today included."""
    today = date.today()
    return today + timedelta(days=(5 - today.weekday()) % 7)


def card_of(page, promise):
    """Return the card of one promise on the page of a place, by its public code: others may wait or come there too."""
    return page.locator(f"#{promise}")


def accept(card, day):
    """The person in charge accepts the promise that waits, for a date."""
    card.get_by_label("Terima untuk tanggal").fill(day.isoformat())
    follow(card.get_by_role("button", name="Terima bantuan ini"))


def count(card, *, ok, damaged=0):
    """The person in charge counts what arrived."""
    card.get_by_text("Sudah tiba? Hitung di sini").click()
    card.get_by_label("Tiba dengan baik").fill(str(ok))
    if damaged:
        card.get_by_text("Ada yang kurang beres?").click()
        card.get_by_label("Rusak").fill(str(damaged))
    follow(card.get_by_role("button", name="Simpan hitungan"))
