"""One promise to several places (`?lokasi=a&lokasi=b`): one programme at a time, accepted by staff for all of them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from donations.actions import commitments, places
from donations.models import Commitment
from donations.views.asked_places import MOST_PLACES
from ksbb.core.crypto import decrypt, private_link
from ksbb.core.models import OutboxMessage
from tests import factories
from tests.test_promise import errors, filled
from tests.test_promise_steps import Walk, sent, to_review

pytestmark = pytest.mark.django_db


def address(*places, **query):
    return reverse("promise", query={"lokasi": [getattr(place, "code", place) for place in places], **query})


@pytest.fixture
def two():
    return factories.need(10), factories.need(20)


def page_of(commitment):
    return reverse("my_commitment", args=[private_link("commitment", commitment.code, commitment.link_generation)])


def test_the_form_is_laid_out_place_by_place_in_the_order_asked_for(client, two):
    first, second = two
    page = client.get(address(second.location, first.location, second.location))
    assert [group.place for group in page.context["groups"]] == [second.location, first.location]
    assert "Beri bantuan ke 2 tempat" in page.text
    assert "Staf Pokja yang menerimanya" in page.text


def test_one_promise_takes_lines_at_several_places(client, two):
    first, second = two
    walk = Walk(client, address(first.location, second.location))
    walk.press("next", **{f"need_{first.pk}": "2", f"need_{second.pk}": "5"})
    walk.press("next", name="Budi Santoso", contact="budi@contoh.id")
    assert "Lalu staf menyepakati tanggalnya dengan Anda dan semua tempat" in walk.page.text
    sent(walk, first)
    made = Commitment.objects.get()
    assert dict(made.lines.values_list("need", "quantity")) == {first.pk: 2, second.pk: 5}


def test_a_place_left_empty_is_simply_left_out(client, two):
    first, second = two
    walk = to_review(Walk(client, address(first.location, second.location)), second)
    sent(walk, second)
    assert Commitment.objects.get().lines.get().need == second


def test_a_place_is_removed_with_what_was_typed_elsewhere_kept(client, two):
    first, second = two
    walk = Walk(client, address(first.location, second.location))
    remove = next(at for _, _, at in walk.form.buttons if at and first.location.code not in at)
    walk.press("1", at=remove, **{f"need_{first.pk}": "2", f"need_{second.pk}": "5"})
    assert [group.place for group in walk.page.context["groups"]] == [second.location]
    assert walk.form.fields[f"need_{second.pk}"] == "5"
    assert f"need_{first.pk}" not in walk.form.fields


def test_a_switch_of_programme_keeps_what_is_typed(client, two):
    first, second = two
    tablet = factories.package("tablet", 2_000_000, of=factories.program("pendidikan", "Pendidikan"))
    lent = factories.need(5, at=second.location, of=tablet)
    walk = Walk(client, address(first.location, second.location))
    assert walk.page.context["program"].slug == "pangan"
    switch = next(at for _, _, at in walk.form.buttons if at and "pendidikan" in at)
    walk.press("1", at=switch, **{f"need_{first.pk}": "2"})
    assert walk.page.context["form"].needs == [lent]
    assert walk.form.fields[f"need_{first.pk}"] == "2"
    assert "Tidak ada kebutuhan terbuka di sini dalam program Pendidikan" in walk.page.text
    back = next(at for _, _, at in walk.form.buttons if at and "pangan" in at)
    walk.press("1", at=back, **{f"need_{lent.pk}": "1"})
    assert walk.form.fields[f"need_{first.pk}"] == "2"
    sent(to_review(walk, first, "2"), first)
    assert Commitment.objects.get().lines.get().need == first


def test_the_programme_that_most_places_lack_comes_first(client, two):
    first, second = two
    tablet = factories.package("tablet", 2_000_000, of=factories.program("pendidikan", "Pendidikan"))
    for one in two:
        factories.need(5, at=one.location, of=tablet)
    factories.promise(first, 10)
    assert client.get(address(first.location, second.location)).context["program"].slug == "pendidikan"


def test_places_that_take_nothing_are_named(client, two):
    first, _second = two
    paused, full = factories.need(5), factories.need(3)
    places.pause(contact=factories.contact(paused.location), until=timezone.localdate(), now=timezone.now())
    factories.promise(full, 3)
    page = client.get(address(first.location, paused.location, full.location))
    assert page.status_code == 200
    assert "tempat ini meminta jeda" in page.text
    assert "Sudah ada yang menanggung semuanya:" in page.text
    assert [len(group.rows) for group in page.context["groups"]] == [1, 0, 0]


def test_when_none_takes_anything_the_nearest_are_named(client, two):
    first, _second = two
    full, other = factories.need(3), factories.need(2)
    for one in (full, other):
        factories.promise(one, one.quantity)
    page = client.get(address(full.location, other.location))
    assert page.status_code == 200
    assert "sudah ada yang menanggung" in page.text
    assert first.location.name in page.text


def test_unknown_codes_are_named_and_the_rest_goes_on(client, two):
    first, second = two
    path = address(first.location, "tidak-ada", second.location)
    page = client.get(path)
    assert page.status_code == 400
    assert "Tidak kami temukan: tidak-ada" in page.text
    walk = to_review(Walk(client, path), first)
    assert walk.step == 3
    assert client.get(address("tidak-ada", "<b>")).status_code == 400


def test_there_is_a_limit_that_is_said(client):
    asked = [factories.need(5).location for _ in range(MOST_PLACES + 2)]
    page = client.get(address(*asked))
    assert page.status_code == 400
    assert len(page.context["groups"]) == MOST_PLACES
    assert "paling banyak untuk 20 tempat" in page.text


def test_the_database_is_asked_as_little_for_twenty_places_as_for_one(client, django_assert_max_num_queries):
    asked = [factories.need(5).location for _ in range(MOST_PLACES)]
    client.get(address(asked[0]))  # reads the small tables, which are kept
    with django_assert_max_num_queries(6):
        client.get(address(*asked))


def test_one_short_line_reserves_nothing_anywhere(client, two):
    first, second = two
    factories.promise(second, 19)
    page = client.post(address(first.location, second.location), filled(first, second))
    assert page.status_code == 409
    assert errors(page, f"need_{second.pk}") == ["Sisa tinggal 1 paket. Kurangi jumlahnya."]
    assert second.location.name in page.text
    first.refresh_from_db()
    assert first.reserved == 0


# --- Afterwards -------------------------------------------------------------------------------------------------------
@pytest.fixture
def made(two):
    for one in two:
        factories.contact(one.location)
    return factories.registered(dict.fromkeys(two, 2), by=factories.giver("budi@contoh.id"))


def test_the_donor_hears_that_staff_accept_it_for_all(client, made):
    page = client.get(page_of(made)).text
    assert "Staf mengatur tanggalnya dengan semua tempat" in page
    assert "Hubungi tempatnya dan sepakati harinya" not in page
    mails = [decrypt(mail.body_cipher) for mail in OutboxMessage.objects.all()]
    assert sum("Staf Pokja menerimanya untuk semua tempat sekaligus" in mail for mail in mails) == 1
    assert sum("jadi staf Pokja yang menjawab" in mail for mail in mails) == 2


def test_the_confirmation_for_paper_has_code_places_dates_and_a_public_way_back(client, made):
    page = client.get(page_of(made))
    paper = page.text[page.text.index('class="only-print paper"') : page.text.index('class="no-print"')]
    for one in page.context["rows"]:
        assert one["place"].name in paper
    assert made.code in paper
    assert "2 paket sembako" in paper
    assert "+62 812 3456 7890" in paper
    assert f"/lacak/?kode={made.code}" in page.context["track_url"]
    assert "/komitmen-saya/" not in paper
    assert paper.count('class="qr"') == 1


def test_staff_accept_for_all(client, made):
    commitments.accept(commitment=made, date=timezone.localdate(), now=timezone.now(), by=factories.user())
    assert "Ditunggu" in client.get(page_of(made)).text


def test_staff_find_what_only_they_can_accept(two):
    first, second = two
    factories.registered(first)
    both = factories.registered({first: 2, second: 3})
    assert list(Commitment.objects.awaiting_acceptance().for_several()) == [both]
