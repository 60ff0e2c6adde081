"""`/lokasi/<kode>/poster/`: one sheet with what is lacking, what comes, a code that leads back, and where to ask."""

import re

import pytest

from ksbb.templatetags import sharing
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(client, place, status=200):
    answer = client.get(f"/lokasi/{place.code}/poster/")
    assert answer.status_code == status
    return answer.content.decode()


def test_it_says_what_is_lacking_how_to_help_and_where_to_complain(client, settings):
    settings.WHATSAPP_NUMBER = "6281234567890"
    place = factories.location(7)
    factories.promise(factories.need(10, at=place), 4)
    text = re.sub(r"\s+", " ", text_of(client, place))
    for words in ("RW 07 Kebayoran Lama Utara", "<strong>6</strong>", "dari 10 paket", "Terpenuhi 40 %"):
        assert words in text
    assert f">127.0.0.1:8000/lokasi/{place.code}/<" in text
    assert "127.0.0.1:8000/pengaduan/" in text
    assert "+62 812 3456 7890" in text


def test_it_tells_what_comes_on_which_day_and_names_only_who_may_be_named(client):
    need = factories.need(50)
    factories.promise(need, 1, by=factories.giver(name="Belum Terbukti"))
    factories.accepted(need, 2, by=factories.giver(name="Bu Wati"))
    factories.accepted(need, 3, by=factories.giver(name="Rahasia", attribution="anonim"))
    text = text_of(client, need.location)
    assert "2 sembako, Bu Wati" in text
    assert "3 sembako, Hamba Allah" in text
    assert "Rahasia" not in text
    assert "Belum Terbukti" not in text


def test_a_place_without_anything_open_says_so(client):
    assert "Tidak ada kebutuhan yang terbuka" in text_of(client, factories.location())
    full = factories.need(3)
    factories.promise(full, 3)
    assert "sudah ada yang menanggung" in text_of(client, full.location)


def test_hidden_and_unknown_places_have_none(client):
    text_of(client, factories.location(published=False), status=404)
    assert client.get("/lokasi/tidak-ada/poster/").status_code == 404


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    need = factories.need(90)
    for _ in range(6):
        factories.accepted(need, 2)
    with django_assert_max_num_queries(6):
        text_of(client, need.location)


def test_the_code_is_the_one_of_its_standard():
    """Each dark square of the library's matrix is drawn once, inside a quiet zone of four."""
    from qrcode import QRCode

    code = QRCode(error_correction=sharing.ERROR_CORRECT_M, border=0)
    code.add_data("https://ksbb.example/lokasi/3174051006-rw03/")
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, is_dark in enumerate(row) if is_dark}
    path = sharing.qr("https://ksbb.example/lokasi/3174051006-rw03/", "RW 03")
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)
    drawn = [(int(x) - 4 + i, int(y) - 4) for x, y, width in runs for i in range(int(width))]
    assert sorted(drawn) == sorted(dark)


def test_its_label_is_escaped():
    assert "&lt;b&gt;" in sharing.qr("https://ksbb.example/", "<b>")
