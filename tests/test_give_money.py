"""Money through a partner: the form, the estimate, the reference, and the page that shows what became of it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from donations.actions import commitments, funds
from donations.models import Contribution
from ksbb.core.crypto import decrypt, private_link
from ksbb.core.models import OutboxMessage
from tests import factories

PAGE = "/beri-bantuan/dana/"


@pytest.fixture
def partner(db):
    return factories.aggregator()


def filled(client, partner, **changes):
    form = client.get(PAGE).context["form"]
    data = {
        "amount": "20.000.000",
        "purpose": "terserah",
        "aggregator": partner.pk,
        "contract": "umum",
        "category": "lembaga-usaha",
        "name": "PT Contoh Sejahtera",
        "attribution": "nama",
        "contact": "dana@contoh.id",
        "reference": form["reference"].value(),
    }
    return {**data, **changes}


def page_of(contribution):
    return reverse("my_contribution", args=[private_link("contribution", contribution.reference)])


@given(rupiah=st.integers(0, 10**15), price=st.integers(1, 10**9))
def test_packages_and_remainder_make_the_amount(rupiah, price):
    packages, remainder = funds.packages_for(rupiah, price)
    assert packages * price + remainder == rupiah
    assert 0 <= remainder < price


def test_the_published_example_comes_out():
    assert funds.packages_for(1_565_000_000, 200_000) == (7_825, 0)


# --- The form ---------------------------------------------------------------------------------------------------------
def test_only_licensed_partners_take_money_and_the_others_say_why(client, partner):
    closed = factories.aggregator("Lembaga Lama", licensed=False)
    page = client.get(PAGE)
    choices = [value.value for value, _label in page.context["form"].fields["aggregator"].choices]
    assert choices == [partner.pk]
    assert "Lembaga Lama" in page.text
    assert "izinnya tidak berlaku" in page.text
    answer = client.post(PAGE, filled(client, closed))
    assert answer.context["form"].errors["aggregator"]


def test_without_any_licence_goods_are_offered(client, db):
    page = client.get(PAGE)
    assert "Belum ada mitra" in page.text


def test_the_estimate_is_shown_before_anything_is_sent(client, partner):
    factories.package("sembako", 200_000)
    page = client.post(PAGE, filled(client, partner, act="estimate", name="", contact="dana@contoh.id"))
    assert page.status_code == 200
    assert "Rp 20.000.000 = 100 paket sembako" in page.text
    assert "@ Rp 200.000, sisa Rp 0" in page.text
    assert not page.context["form"].errors
    assert 'value="dana@contoh.id"' in page.text
    assert not Contribution.objects.exists()


def test_the_estimate_follows_programme_and_place(client, partner):
    rice = factories.need()
    tablet = factories.package("tablet", 2_000_000, of=factories.program("pendidikan", "Pendidikan"))
    page = client.post(PAGE, filled(client, partner, act="estimate", purpose="program", program="pendidikan"))
    assert [one.package for one in page.context["estimates"]] == [tablet]
    page = client.get(f"{PAGE}?lokasi={rice.location.code}&jumlah=500.000")
    assert [(one.packages, one.remainder) for one in page.context["estimates"]] == [(2, 100_000)]


@pytest.mark.parametrize("amount", ["sepuluh", "-5", "5", "9" * 20, "1e9"])
def test_a_strange_amount_is_refused(client, partner, amount):
    page = client.post(PAGE, filled(client, partner, amount=amount))
    assert page.status_code == 400
    assert page.context["form"].errors["amount"]
    assert client.post(PAGE, filled(client, partner, amount=amount, act="estimate")).status_code == 400
    assert client.get(PAGE, {"jumlah": amount}).status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purpose", ""),
        ("program", "tidak-ada"),
        ("contract", "riba"),
        ("contact", "x"),
        ("name", ""),
        ("aggregator", ""),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, partner, field, value):
    page = client.post(PAGE, filled(client, partner, **{field: value}))
    assert page.status_code == 400
    assert page.context["form"].errors[field]


def test_a_programme_must_be_named(client, partner):
    page = client.post(PAGE, filled(client, partner, purpose="program"))
    assert page.context["form"].errors["program"] == ["Pilih programnya."]


# --- The pledge -------------------------------------------------------------------------------------------------------
def test_a_pledge_gets_a_reference_and_a_page(client, partner):
    factories.package("sembako", 200_000)
    answer = client.post(PAGE, filled(client, partner))
    made = Contribution.objects.get()
    assert answer.url == page_of(made)
    page = client.get(answer.url)
    assert made.reference in page.text
    assert "Setor ke rekening contoh" in page.text
    assert "100 paket sembako" in page.text
    assert made.reference in decrypt(OutboxMessage.objects.get().body_cipher)


def test_a_pledge_for_a_place_and_for_a_programme(client, partner):
    place, program = factories.location(), factories.program()
    client.post(f"{PAGE}?lokasi={place.code}", filled(client, partner, purpose="lokasi"))
    client.post(PAGE, filled(client, partner, purpose="program", program="pangan"))
    assert list(Contribution.objects.order_by("pk").values_list("location", "program")) == [
        (place.pk, None),
        (None, program.pk),
    ]


def test_a_double_click_makes_one_pledge(client, partner):
    data = filled(client, partner)
    first, second = client.post(PAGE, data), client.post(PAGE, data)
    assert first.url == second.url
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize(
    ("limit", "seconds", "contacts"),
    [
        ("MOST_PLEDGES", 3_600, ["satu@contoh.id", "dua@contoh.id", "tiga@contoh.id"]),
        ("MOST_MAILS", 86_400, ["dana@contoh.id", "dana+x@contoh.id", "Dana+y@contoh.id"]),
    ],
)
def test_no_visitor_has_mails_sent_without_end(client, partner, monkeypatch, limit, seconds, contacts):
    monkeypatch.setattr(funds, limit, 2)
    *_sent, answer = [client.post(PAGE, filled(client, partner, contact=contact)) for contact in contacts]
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= seconds
    assert "Sudah banyak janji" in answer.text
    assert Contribution.objects.count() == OutboxMessage.objects.count() == 2


def test_the_same_reference_with_other_content_is_refused(client, partner):
    data = filled(client, partner)
    client.post(PAGE, data)
    page = client.post(PAGE, {**data, "amount": "30.000.000"})
    assert page.status_code == 422
    assert page.context["form"]["reference"].value() != data["reference"]
    assert Contribution.objects.count() == 1


def test_nobody_can_name_anothers_reference(client, partner):
    known = factories.pledged(to=partner)
    answer = client.post(PAGE, filled(client, partner, reference=known.reference))
    assert Contribution.objects.count() == 2
    assert answer.url != page_of(known)


def test_a_licence_that_ends_meanwhile_refuses(client, partner):
    data = filled(client, partner)
    partner.licences.update(revoked_on="2020-01-01")
    assert client.post(PAGE, data).status_code == 400


# --- What became of it ------------------------------------------------------------------------------------------------
def test_the_page_shows_use_cost_refund_and_balance(client, db):
    partner = factories.aggregator(cost={"umum": 1000})
    given = factories.received(20_000_000, to=partner)
    made = factories.accepted(factories.need(50), 30)
    type(made).objects.filter(pk=made.pk).update(aggregator=partner)
    made.refresh_from_db()
    staff, now = factories.user(), timezone.now()
    funds.use(contribution=given, line=made.lines.get(), amount=6_000_000, now=now, by=staff)
    funds.charge_cost(contribution=given, amount=500_000, reason="Ongkos antar", now=now, by=staff)
    funds.refund(contribution=given, amount=1_000_000, reason="Diminta", now=now, by=staff)
    page = client.get(page_of(given))
    assert [use.rupiah for use in page.context["uses"]] == [6_000_000]
    assert page.context["contribution"].balance == 12_500_000
    assert "Rp 12.500.000" in page.text
    assert made.lines.get().need.location.name in page.text


def test_money_given_back_to_the_balance_is_no_use(client, db):
    partner = factories.aggregator()
    given = factories.received(to=partner)
    made = factories.accepted(factories.need(50), 30)
    type(made).objects.filter(pk=made.pk).update(aggregator=partner)
    made.refresh_from_db()
    funds.use(contribution=given, line=made.lines.get(), amount=6_000_000, now=timezone.now(), by=factories.user())
    commitments.cancel(commitment=made, reason="Gagal", now=timezone.now(), by=factories.user())
    page = client.get(page_of(given))
    assert page.context["uses"] == []
    assert page.context["contribution"].balance == 20_000_000


def test_a_donor_hears_that_the_money_arrived(db):
    factories.received()
    assert "sudah diterima" in OutboxMessage.objects.latest("pk").subject


def test_the_form_asks_the_database_little(client, partner, django_assert_max_num_queries):
    for _n in range(4):
        factories.aggregator()
    with django_assert_max_num_queries(6):
        client.get(PAGE)
