"""The components: what they say, and that a field, its error and the summary belong together."""

import re

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ksbb.style import style
from ksbb.templatetags import progress
from ksbb.templatetags.navigation import twin_path

ADDRESS = re.compile(r'href="#([^"]+)"')


@pytest.fixture(autouse=True)
def _indonesian():
    with override("id"):
        yield


def render(source, **context):
    return Template(source).render(Context(context))


class Promise(forms.Form):
    quantity = forms.IntegerField(label="Jumlah", max_value=35, help_text="Masih dibutuhkan 35 paket.")
    giver = forms.ChoiceField(label="Pemberi", widget=forms.RadioSelect, choices=[("a", "Perorangan")])


@pytest.mark.django_db
def test_every_component_renders():
    answer = style(RequestFactory().get("/gaya/", {"program": "pangan", "sisa_min": "x"}))
    assert answer.status_code == 200


@pytest.mark.django_db
def test_ids_are_unique_and_every_reference_has_its_target():
    page = style(RequestFactory().get("/gaya/", {"sisa_min": "x"})).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    wanted = re.findall(r'aria-describedby="([^"]+)"', page) + re.findall(r'\sfor="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {one for words in wanted for one in words.split()} <= set(ids)


def test_the_summary_leads_to_each_field():
    form = Promise({"quantity": "36"})
    summary = render("{% error_summary form %}", form=form)
    fields = render("{% field form.quantity %}{% field form.giver %}", form=form)
    targets = ADDRESS.findall(summary)
    assert targets == ["id_quantity", "id_giver_0"]
    assert all(f'id="{target}"' in fields for target in targets)
    assert 'aria-invalid="true"' in fields
    assert 'aria-describedby="id_quantity_helptext id_quantity_error"' in fields


def test_no_errors_no_summary():
    assert render("{% error_summary form nothing %}", form=Promise(), nothing=None).strip() == ""


def test_names_are_escaped():
    shown = render("{% tag name %}{% state slug name %}{% code name %}", name="<b>", slug="diajukan")
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;") == 3


@pytest.mark.parametrize(
    ("counters", "message"),
    [
        ((100, 65, 52, 40), "Masih dibutuhkan 35 paket"),
        ((100, 100, 52, 40), "Semua 100 paket sudah ada yang menanggung"),
        ((12, 12, 12, 12), "Semua 12 paket sudah diterima"),
        ((0, 0, 0, 0), "Tidak ada kebutuhan terbuka"),
    ],
)
def test_the_message_is_what_is_still_needed(counters, message):
    assert message in progress.progress(*counters)


def test_the_key_keeps_the_three_words_apart():
    shown = progress.progress(100, 65, 52, 40)
    assert re.findall(r"</svg>([^<]+)</li>", shown) == [
        "Tersalurkan 40",
        "Komitmen, belum tersalurkan 12",
        "Diajukan 13",
    ]


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4).map(sorted))
def test_the_bar_stays_within_its_width(counters):
    delivered, committed, reserved, quantity = counters
    parts = re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', progress.bar(quantity, reserved, committed, delivered))
    assert all(float(start) + float(width) <= 101 for start, width in parts)


@pytest.mark.django_db
def test_a_filter_in_force_can_be_taken_off_alone():
    request = RequestFactory().get("/gaya/", {"program": ["pangan", "umkm"], "cursor": "x"})
    page = style(request).content.decode()
    assert re.findall(r'class="chip" href="([^"]+)"', page) == ["?program=umkm", "?program=pangan"]


@pytest.mark.parametrize(
    ("here", "there"), [("/", "/en/"), ("/lokasi/", "/en/lokasi/"), ("/en/lokasi/", "/lokasi/"), ("/en/", "/")]
)
def test_the_language_switch_keeps_the_place(here, there):
    assert twin_path(here) == there


def test_django_speaks_plainly_beside_a_field():
    assert Promise({"quantity": "x"}).errors["quantity"] == ["Tulis dengan angka bulat, tanpa huruf."]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing(name):
    page = get_template(f"{name}.html").render()
    assert page.count("<h1>") == 1
    assert "noindex" in page


def test_a_lost_visitor_is_helped(client):
    answer = client.get("/tidak-ada/")
    assert answer.status_code == 404
    assert "Mungkin Anda mencari" in answer.content.decode()


def test_the_stylesheet_keeps_its_budget():
    assert (settings.BASE_DIR / "static/css/ksbb.css").stat().st_size <= 25_000
