"""`/kolaborator/`: who gave, and the page of one."""

import pytest
from django.utils import timezone

from donations.actions import promises
from donations.models import Attribution, Category
from tests import factories

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def names(client, **parameters):
    return [face["name"] for face in client.get("/kolaborator/", parameters).context["faces"]]


def accepted(name, quantity, need, **more):
    return factories.accepted(need, quantity, by=factories.giver(name=name, **more))


def test_only_those_who_gave_are_listed(client):
    need = factories.need(50)
    accepted("Toko Maju", 3, need, category=Category.BUSINESS)
    factories.promise(need, 3, by=factories.giver(name="Belum Tentu"))
    factories.collaborator("Tak Pernah")
    factories.received(by=factories.giver(name="Pemberi Dana"))
    factories.pledged(by=factories.giver(name="Janji Dana"))
    assert sorted(names(client)) == ["Pemberi Dana", "Toko Maju"]


def test_the_list_is_sorted_and_filtered(client):
    need = factories.need(50)
    accepted("Anggrek", 3, need, category=Category.BUSINESS)
    accepted("Bakung", 9, need)
    factories.deliver(accepted("Cempaka", 5, need))
    assert names(client) == ["Bakung", "Cempaka", "Anggrek"]
    assert names(client, urut="nama") == ["Anggrek", "Bakung", "Cempaka"]
    assert names(client, urut="tersalurkan")[0] == "Cempaka"
    assert names(client, kategori="lembaga-usaha") == ["Anggrek"]
    assert names(client, q="kun") == ["Bakung"]
    assert "Belum ada kolaborator yang cocok" in text(client.get("/kolaborator/?q=xyz"))


def test_categories_and_totals_are_the_figures(client):
    need = factories.need(50)
    accepted("Anggrek", 3, need, category=Category.BUSINESS)
    accepted("Bakung", 4, need)
    page = client.get("/kolaborator/")
    assert page.context["givers"].total == 2
    found = {slug: (many, committed) for slug, _label, many, committed, _delivered in page.context["categories"]}
    assert found["lembaga-usaha"] == (1, 3)
    assert found["perorangan"] == (1, 4)
    assert found["luar-negeri"] == (0, 0)


def test_an_anonymous_gift_is_a_row_without_link_or_page(client):
    made = accepted("Budi Santoso", 3, factories.need(9), attribution=Attribution.ANONYMOUS)
    page = text(client.get("/kolaborator/"))
    assert "Hamba Allah" in page
    assert "Budi" not in page
    assert made.collaborator.slug not in page
    assert client.get(f"/kolaborator/{made.collaborator.slug}/").status_code == 404


def test_one_giver_shows_what_was_confirmed_and_nothing_unproved(client):
    need = factories.need(50)
    ani = factories.giver("ani@contoh.id", name="Ani")
    shown, hidden = factories.accepted(need, 3, by=ani), factories.promise(need, 2, by=ani)
    assert shown.collaborator == hidden.collaborator
    page = text(client.get(f"/kolaborator/{shown.collaborator.slug}/"))
    assert shown.code in page
    assert hidden.code not in page


def test_a_giver_of_money_shows_where_it_is(client):
    fund = factories.received(20_000_000, by=factories.giver(name="Pemberi Dana"))
    page = text(client.get(f"/kolaborator/{fund.collaborator.slug}/"))
    assert "Rp 20.000.000" in page
    assert fund.aggregator.collaborator.name in page
    assert fund.reference not in page


def test_nobody_is_404(client):
    assert client.get("/kolaborator/siapa/").status_code == 404
    unproved = factories.promise(factories.need(9), 1)
    assert client.get(f"/kolaborator/{unproved.collaborator.slug}/").status_code == 404


def test_a_face_entered_by_staff_shows_at_once(client):
    need, face = factories.need(9), factories.collaborator("Yayasan Contoh Peduli")
    promises.enter_confirmed(
        lines={need.pk: 4},
        collaborator=face,
        scheduled_on=timezone.localdate(),
        now=timezone.now(),
        by=factories.user(),
    )
    assert names(client) == ["Yayasan Contoh Peduli"]


def test_a_wrong_value_is_400(client):
    assert client.get("/kolaborator/", {"kategori": "apa"}).status_code == 400


def test_the_pages_cost_few_queries_however_long(client, django_assert_max_num_queries):
    need = factories.need(50)
    made = [accepted(f"Pemberi {n}", 1, need) for n in range(8)]
    with django_assert_max_num_queries(18):
        client.get("/kolaborator/")
    with django_assert_max_num_queries(9):
        client.get(f"/kolaborator/{made[0].collaborator.slug}/")
