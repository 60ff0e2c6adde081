"""`/agregator/`: the partners that take money, and why others do not."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from donations.models import Licence
from tests import factories

pytestmark = pytest.mark.django_db


def page(client):
    return client.get("/agregator/")


def partner(client, name):
    context = page(client).context
    return next(one for one in [*context["taking"], *context["others"]] if one["name"] == name)


def test_without_partners_the_page_says_what_to_do(client):
    assert "Saat ini tidak ada mitra" in page(client).content.decode()


def test_a_valid_licence_says_until_when(client):
    factories.aggregator("Lembaga Amil Contoh")
    found = partner(client, "Lembaga Amil Contoh")
    assert found["takes_money"]
    assert found["validity"].startswith("Izin berlaku sampai ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"revoked_on": date(2022, 7, 6)}, "Tidak menerima dana: izin dicabut 6 Juli 2022"),
        ({"valid_until": date(2021, 1, 31)}, "Tidak menerima dana: izin berakhir 31 Januari 2021"),
        (
            {"valid_from": date(2090, 1, 1), "valid_until": date(2091, 1, 1)},
            "Tidak menerima dana: izin baru berlaku 1 Januari 2090",
        ),
    ],
)
def test_without_a_valid_licence_the_reason_stands_there(client, change, words):
    made = factories.aggregator("Lembaga Lama")
    Licence.objects.filter(aggregator=made).update(**change)
    found = partner(client, "Lembaga Lama")
    assert (found["takes_money"], found["validity"]) == (False, words)


def test_without_any_licence_it_is_not_recorded(client):
    Licence.objects.filter(aggregator=factories.aggregator("Tanpa Izin")).delete()
    assert partner(client, "Tanpa Izin")["validity"] == "Tidak menerima dana: izin tidak tercatat"


def test_page_and_rule_agree_on_who_takes_money(client):
    today = timezone.localdate()
    for days in (-1, 0, 1):
        made = factories.aggregator(f"Batas {days}")
        Licence.objects.filter(aggregator=made).update(valid_until=today + timedelta(days=days))
        assert partner(client, f"Batas {days}")["takes_money"] == bool(made.valid_licence(today))


def test_rupiah_and_packages_are_told(client):
    made = factories.aggregator("Lembaga Amil Contoh", cost={"infak": 1250})
    factories.received(1_500_000, to=made)
    factories.accepted(factories.need(9), 4, aggregator=made)
    facts = dict(partner(client, "Lembaga Amil Contoh")["facts"])
    assert facts["Dana diterima"] == facts["Saldo"] == "Rp 1.500.000"
    assert facts["Paket"] == "komitmen 4, di antaranya tersalurkan 0"
    assert facts["Biaya paling banyak"] == "Infak/sedekah 12,5\N{NO-BREAK SPACE}%"


def test_the_page_costs_few_queries_however_many_partners(client, django_assert_max_num_queries):
    for _ in range(5):
        factories.aggregator()
    with django_assert_max_num_queries(18):
        page(client)
