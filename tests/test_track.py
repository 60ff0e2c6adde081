"""`/lacak/`: the public state by its code, and the private link sent anew without telling anything."""

import pytest
from django.urls import reverse

from donations.views import track
from ksbb.core import floor
from ksbb.core.crypto import decrypt
from ksbb.core.models import OutboxMessage
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/lacak/"


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """How long each answer waited, instead of waiting."""
    waited = []
    monkeypatch.setattr(floor.time, "sleep", waited.append)
    return waited


@pytest.fixture
def made():
    return factories.promise(factories.need(), by=factories.giver("budi@contoh.id", name="Budi Santoso"))


def ask(client, code, contact):
    return client.post(PAGE, {"code": code, "contact": contact})


@pytest.mark.parametrize("shape", ["{}", "{} ", "ksbb {0[5]}{0[6]}{0[7]}{0[8]} {0[10]}{0[11]}{0[12]}{0[13]}"])
def test_a_code_is_found_however_it_is_typed(client, made, shape):
    page = client.get(PAGE, {"kode": shape.format(made.code).lower()})
    assert page.context["found"] == made
    assert reverse("collaboration", args=[made.code]) in page.text
    assert "Budi" not in page.text


@pytest.mark.parametrize("code", ["KSBB-0000-0000", "apa saja", "1", "é" * 30])
def test_an_unknown_code_is_said(client, code):
    page = client.get(PAGE, {"kode": code})
    assert page.status_code == 404
    assert "tidak kami temukan" in page.text


@pytest.mark.parametrize("code", ["", "x" * 41])
def test_an_empty_or_endless_code_is_refused_beside_its_field(client, code):
    page = client.get(PAGE, {"kode": code})
    assert page.status_code == 400
    assert page.context["form"].errors["kode"]


def test_the_link_goes_to_the_mailbox_that_promised(client, made):
    OutboxMessage.objects.all().delete()
    ask(client, made.code.lower(), " Budi@Contoh.id ")
    mail = OutboxMessage.objects.get()
    assert decrypt(mail.recipient_cipher) == "budi@contoh.id"
    assert "/komitmen-saya/" in decrypt(mail.body_cipher)


def test_money_is_found_by_its_reference(client):
    given = factories.pledged(by=factories.giver("dana@contoh.id"))
    OutboxMessage.objects.all().delete()
    ask(client, given.reference, "dana@contoh.id")
    assert "/dana-saya/" in decrypt(OutboxMessage.objects.get().body_cipher)


def test_the_answer_is_the_same_for_everybody(client, made):
    by_phone = factories.promise(factories.need(), by=factories.giver("0812 3456 7890"))
    asked = [
        (made.code, "budi@contoh.id"),
        (made.code, "orang@contoh.id"),
        (made.code, "bukan kontak"),
        ("KSBB-0000-0000", "budi@contoh.id"),
        (by_phone.code, "081234567890"),
    ]
    OutboxMessage.objects.all().delete()
    answers = [ask(client, *each) for each in asked]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, f"{PAGE}?dikirim=ya")}
    assert OutboxMessage.objects.count() == 1


def test_no_answer_leaves_before_the_others(client, made, waits):
    for code, contact in ((made.code, "budi@contoh.id"), (made.code, "a@contoh.id"), ("KSBB-0000-0000", "b@contoh.id")):
        ask(client, code, contact)
    assert len(waits) == 3
    assert all(0 < waited <= track.FLOOR for waited in waits)


def test_one_mailbox_is_not_flooded(client, made):
    OutboxMessage.objects.all().delete()
    for _n in range(6):
        ask(client, made.code, "budi@contoh.id")
    assert OutboxMessage.objects.count() == 3


def test_one_visitor_asks_ten_times_an_hour(client, made):
    statuses = [ask(client, "KSBB-0000-0000", "a@contoh.id").status_code for _n in range(11)]
    assert statuses == [302] * 10 + [429]
    answer = ask(client, made.code, "budi@contoh.id")
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "Terlalu sering" in answer.text


def test_missing_answers_are_said_beside_their_fields(client):
    page = ask(client, "", "")
    assert page.status_code == 400
    assert set(page.context["link_form"].errors) == {"code", "contact"}


def test_looking_writes_nothing(client, made, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert "Permintaan Anda sudah kami terima" in client.get(PAGE, {"dikirim": "ya"}).text
        client.get(PAGE, {"kode": made.code})
