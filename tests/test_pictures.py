"""The pictures beside shared links: size, kind, caches, what they say, and that they say nothing a page does not."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ksbb import pictures
from ksbb.core import version
from tests import factories

pytestmark = pytest.mark.sqlite  # looks do not depend on the engine: once is enough
LONG = "Pesantren Tahfizh Al-Qur’an Contoh Nurul Hidayah wal Mustaqim Putra dan Putri Cabang Jagakarsa Selatan Sekali"


@pytest.fixture
def addresses(db):
    """One picture's address of each kind."""
    made = factories.accepted(factories.need(9), 2)
    place = made.lines.get().need.location
    paths = ("/", f"/lokasi/{place.code}/", f"/wilayah/{place.area_id}/", f"/kolaborasi/{made.code}/")
    version.forget()
    return [f"{path}gambar.png" for path in paths]


def opened(answer):
    return Image.open(io.BytesIO(answer.content))


def test_every_picture_has_the_size_that_its_tags_name(client, addresses):
    for path in (*addresses, *(f"/en{path}" for path in addresses)):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png"), path
        assert (opened(answer).format, opened(answer).size) == ("PNG", (1200, 630))
        assert len(answer.content) < 100_000


def test_a_picture_is_asked_for_again_only_when_something_changed(client, addresses):
    for path in addresses:
        answer = client.get(path)
        assert "no-cache" in answer["Cache-Control"]
        again = client.get(path, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_picture_is_drawn_once(client, addresses, monkeypatch, settings):
    settings.CACHES = {**settings.CACHES, "pages": settings.PAGES_KEPT}
    first = client.get(addresses[1])
    monkeypatch.setattr(pictures, "png", None)
    assert client.get(addresses[1]).content == first.content


def test_a_made_up_parameter_has_no_picture_drawn_anew(client, addresses):
    for path in addresses:
        assert client.get(f"{path}?x=1")["ETag"] == client.get(path)["ETag"]


def test_a_promise_changes_the_picture(client, db):
    need = factories.need(9)
    path = f"/lokasi/{need.location.code}/gambar.png"
    before = client.get(path).content
    factories.promise(need, 4)
    version.forget()
    assert client.get(path).content != before


def test_what_is_not_public_has_no_picture(client, db):
    hidden = factories.location(published=False)
    for path in (f"/lokasi/{hidden.code}/", "/lokasi/tidak-ada/", "/wilayah/99.99/", "/kolaborasi/KSBB-0000-0000/"):
        assert client.get(f"{path}gambar.png").status_code == 404


@pytest.fixture
def words(monkeypatch):
    """Every line that is written on a picture."""
    written, write = [], pictures.Sheet.text

    def text(self, at, words, *more, **options):
        written.append(str(words))
        return write(self, at, words, *more, **options)

    monkeypatch.setattr(pictures.Sheet, "text", text)
    return written


def test_a_place_says_what_it_lacks(client, db, words):
    place = factories.location(7)
    factories.promise(factories.need(10, at=place), 4)
    factories.need(5, at=place, of=factories.package("thr", name="THR"))
    client.get(f"/lokasi/{place.code}/gambar.png")
    assert "RW 07 Kebayoran Lama Utara" in words
    assert "11" in words
    assert "6 sembako, 5 THR" in words
    assert "Terpenuhi 20 %" in words


def test_no_picture_names_who_must_not_be_named(client, db, words):
    need = factories.need(50)
    unproved = factories.promise(need, 1, by=factories.giver("sari@contoh.id", name="Belum Terbukti"))
    nameless = factories.accepted(need, 3, by=factories.giver(name="Rahasia", attribution="anonim"))
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    place = factories.location(of_kind=home, address="Jalan Rahasia 5", longitude="106.12345")
    hidden = factories.accepted(factories.need(5, at=factories.location(name="Tempat Tersembunyi")), 2)
    hidden.lines.get().need.location.__class__.objects.filter(name="Tempat Tersembunyi").update(published=False)
    for path in (
        *(f"/kolaborasi/{made.code}/" for made in (unproved, nameless, hidden)),
        f"/lokasi/{place.code}/",
        f"/lokasi/{need.location.code}/",
        "/",
    ):
        assert client.get(f"{path}gambar.png").status_code == 200
    said = " ".join(words)
    assert "Hamba Allah" in said
    for secret in ("Belum Terbukti", "Rahasia", "sari@", "106.12345", "Tempat Tersembunyi"):
        assert secret not in said


def test_the_demo_says_so(client, db, words, settings):
    client.get("/gambar.png")
    settings.DEMO = True
    client.get("/gambar.png")
    assert [line.startswith("Peragaan") for line in words if "127.0.0.1" in line] == [False, True]


def test_the_page_names_its_picture(client, addresses, settings):
    for path in addresses:
        text = client.get(path.removesuffix("gambar.png")).content.decode()
        assert f'<meta property="og:image" content="{settings.SITE_URL}{path}">' in text
        assert '<meta property="og:image:width" content="1200">' in text
        assert '<meta name="twitter:card" content="summary_large_image">' in text


# --- Drawing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "picture",
    [
        pictures.Picture(LONG, LONG, 2_709_456, LONG, LONG, (2_709_456, 2_709_455, 1, 0), 0.999),
        pictures.Picture("", words=""),
        pictures.Picture("RW 03", number=0, sums=(5, 5, 5, 5), share=1.0),
    ],
)
def test_anything_fits(picture):
    assert Image.open(io.BytesIO(pictures.png(picture))).size == pictures.SIZE


@given(st.text("abc de", max_size=200), st.integers(1, 60))
def test_a_shortened_line_fits_and_says_that_it_was_cut(words, room):
    line = pictures.shortened(words, len, room)
    assert len(line) <= room
    assert line == words or line.endswith("…")


@given(st.lists(st.text("abcde", min_size=1, max_size=12), max_size=30), st.integers(5, 40))
def test_wrapping_loses_no_word(words, room):
    lines = pictures.wrapped(" ".join(words), len, room, 3)
    assert " ".join(lines).split() == words
    assert len(lines) <= 3


@given(st.text("WMabc de", max_size=300))
def test_a_title_has_at_most_two_lines(title):
    size, lines = pictures.fitted(title, lambda size: lambda words: len(words) * size * 0.6)
    assert len(lines) <= 2
    assert 40 <= size <= 84
