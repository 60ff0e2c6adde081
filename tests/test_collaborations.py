"""`/kolaborasi/`: the list with its filters, and the public report of one collaboration."""

from datetime import timedelta
from decimal import Decimal
from unittest import mock

import pytest
from django.utils import timezone

from donations.actions import commitments, deliveries
from donations.models import Attribution, DeliveryPhoto
from donations.views import collaborations
from ksbb import area_maps
from locations.models import Location
from tests import factories

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def listed(client, **parameters):
    return [row["code"] for row in client.get("/kolaborasi/", parameters).context["cards"]]


def test_an_empty_list_says_what_to_do_next(client):
    page = client.get("/kolaborasi/")
    assert page.status_code == 200
    assert "Belum ada kolaborasi yang cocok" in text(page)


def test_the_giver_is_named_once_the_place_has_accepted(client):
    need = factories.need(20)
    made = factories.promise(need, 3, by=factories.giver(name="Siti Aminah"))
    assert "Siti Aminah" not in text(client.get("/kolaborasi/"))
    assert "Menunggu konfirmasi" in text(client.get("/kolaborasi/"))
    commitments.register(commitment=made, now=timezone.now())
    assert "Siti Aminah" not in text(client.get(f"/kolaborasi/{made.code}/"))
    commitments.accept(commitment=made, date=timezone.localdate(), now=timezone.now())
    assert "Siti Aminah" in text(client.get("/kolaborasi/"))
    assert "Siti Aminah" in text(client.get(f"/kolaborasi/{made.code}/"))


def test_a_name_that_is_not_shown_cannot_be_searched(client):
    need = factories.need(20)
    factories.promise(need, 3, by=factories.giver(name="Siti Aminah"))
    assert listed(client, q="Aminah") == []
    shown = factories.accepted(need, 3, by=factories.giver(name="Siti Aminah"))
    assert listed(client, q="aminah") == [shown.code]


def test_an_anonymous_gift_is_a_hamba_allah_without_link(client):
    secret = factories.giver(name="Budi Santoso", attribution=Attribution.ANONYMOUS)
    made = factories.accepted(factories.need(20), 3, by=secret)
    for page in (client.get("/kolaborasi/"), client.get(f"/kolaborasi/{made.code}/")):
        assert "Hamba Allah" in text(page)
        assert "Budi" not in text(page)
        assert "hamba-allah-" not in text(page)


def test_filters_pick_and_count(client):
    need, other = factories.need(20), factories.need(20, of=factories.package("lebaran"))
    gadget = factories.need(5, of=factories.package("tablet", of=factories.program("pendidikan", "Pendidikan")))
    one, two, three = factories.accepted(need, 3), factories.promise(other, 2), factories.delivered(gadget, 1)
    assert set(listed(client)) == {one.code, two.code, three.code}
    assert listed(client, program="pendidikan") == [three.code]
    assert listed(client, status="diajukan") == [two.code]
    assert set(listed(client, status=["diajukan", "diterima"])) == {two.code, three.code}
    assert listed(client, paket="lebaran") == [two.code]
    assert set(listed(client, wilayah="317405")) == {one.code, two.code, three.code}
    assert listed(client, wilayah="31.74.05.1001" if False else "31.74.05.1006", paket="sembako") == [one.code]
    assert listed(client, saluran="agregator") == []
    assert listed(client, q=one.code.lower()) == [one.code]
    counts = client.get("/kolaborasi/").context["counts"]
    assert counts["program"] == {"pangan": 2, "pendidikan": 1}
    assert counts["saluran"] == {"langsung": 3}


def test_ended_promises_are_not_listed_but_say_what_happened(client):
    made = factories.promise(factories.need(20), 3)
    commitments.cancel(commitment=made, reason="rahasia dapur", now=timezone.now())
    assert listed(client) == []
    page = text(client.get(f"/kolaborasi/{made.code}/"))
    assert "ditarik kembali" in page
    assert "rahasia dapur" not in page


def test_the_list_looks_back_to_any_day(client):
    now = timezone.now()
    before = now - timedelta(days=5)
    need = factories.need(20, now=before)
    made = factories.promise(need, 3, now=before)
    commitments.register(commitment=made, now=before)
    commitments.accept(commitment=made, date=timezone.localdate(), now=now)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    then = client.get("/kolaborasi/", {"sampai": yesterday}).context["sums"]
    assert then == {"submitted": 3, "committed": 0, "delivered": 0}
    assert client.get("/kolaborasi/").context["sums"] == {"submitted": 0, "committed": 3, "delivered": 0}
    today = client.get("/kolaborasi/", {"dari": timezone.localdate().isoformat()}).context["sums"]
    assert today == {"submitted": -3, "committed": 3, "delivered": 0}


@pytest.mark.parametrize(
    "parameters",
    [
        {"status": "apa"},
        {"program": "apa"},
        {"wilayah": "99"},
        {"sampai": "kemarin"},
        {"saluran": "pos"},
        {"cursor": "x"},
    ],
)
def test_a_wrong_value_is_400_with_the_reason_and_the_list(client, parameters):
    page = client.get("/kolaborasi/", parameters)
    assert page.status_code == 400
    assert "Ada yang perlu diperbaiki" in text(page)


def test_pages_lead_on_and_back(client):
    need = factories.need(20)
    codes = [factories.promise(need, 1).code for _ in range(5)]
    first = client.get("/kolaborasi/", {"ukuran": 2})
    second = client.get(first.context["next"])
    third = client.get(second.context["next"])
    walked = [row["code"] for page in (first, second, third) for row in page.context["cards"]]
    assert walked == codes[::-1]
    assert third.context["next"] is None
    assert [row["code"] for row in client.get(third.context["previous"]).context["cards"]] == walked[2:4]


def test_the_list_costs_few_queries_however_long(client, django_assert_max_num_queries):
    need = factories.need(50)
    for _ in range(12):
        factories.accepted(need, 1)
    with django_assert_max_num_queries(11):
        client.get("/kolaborasi/")


# --- The report -------------------------------------------------------------------------------------------------------
def test_the_report_tells_what_was_promised_what_arrived_and_what_not(client):
    made = factories.accepted(factories.need(20), 5)
    delivery = factories.deliver(made, damaged=1, thanks="Terima kasih dari warga RW 03.", receiver_role="Ketua RW")
    page = text(client.get(f"/kolaborasi/{made.code}/"))
    assert delivery.number in page
    assert "4 diterima baik, 1 rusak" in page
    assert "1 rusak" in page
    assert "Terima kasih dari warga RW 03." in page
    assert "Ketua RW" in page


def test_the_code_is_found_in_small_letters_and_a_wrong_one_is_404(client):
    made = factories.promise(factories.need(20), 1)
    assert client.get(f"/kolaborasi/{made.code.lower()}/").status_code == 200
    assert client.get("/kolaborasi/KSBB-XXXX-XXXX/").status_code == 404


def test_only_checked_photos_are_shown(client):
    made = factories.accepted(factories.need(20), 1)
    delivery = factories.deliver(made)
    photo = DeliveryPhoto.objects.create(delivery=delivery, file="penyaluran/x.jpg", uploaded_at=timezone.now())
    address = f"/foto/{photo.pk}/"
    assert address not in text(client.get(f"/kolaborasi/{made.code}/"))
    deliveries.check_photo(photo=photo, now=timezone.now(), by=factories.user())
    from ksbb.core import version

    version.forget()
    assert address in text(client.get(f"/kolaborasi/{made.code}/"))


def test_a_late_collaboration_says_so(client):
    past = timezone.now() - timedelta(days=9)
    made = factories.accepted(factories.need(20, now=past), 1, now=past, on=timezone.localdate() - timedelta(days=5))
    page = text(client.get(f"/kolaborasi/{made.code}/"))
    assert "Terlambat" in page
    assert "Seharusnya tiba" in page


def test_the_report_costs_few_queries(client, django_assert_max_num_queries):
    made = factories.delivered(factories.need(20), 5)
    with django_assert_max_num_queries(12):
        client.get(f"/kolaborasi/{made.code}/")


def pins_of(made):
    """Return the pins that the report's map is drawn with."""
    with mock.patch.object(area_maps, "places_map", side_effect=lambda pins, districts: pins):
        return collaborations.collaboration_map(collaborations.found(made.code).lines_then)


def test_the_map_shows_places_only_where_the_public_may_see_them(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    shown, coarse, hidden = (
        factories.need(9),
        factories.need(9, at=factories.location(of_kind=home, longitude="106.71234", latitude="-6.21234")),
        factories.need(9, at=factories.location(name="Tempat Tersembunyi")),
    )
    made = factories.accepted({shown: 1, coarse: 2, hidden: 3})
    Location.objects.filter(pk=hidden.location_id).update(published=False)
    report = text(client.get(f"/kolaborasi/{made.code}/"))
    assert f"{shown.location.name}: 1 sembako" in report
    assert "Tempat Tersembunyi" not in report
    points = [(pin["longitude"], pin["latitude"]) for pin in pins_of(made)]
    assert points == [(Decimal("106.77830"), Decimal("-6.24420"))] * 2  # the panti stands at its kelurahan's point


def test_a_report_without_a_public_place_has_no_map(client):
    need = factories.need(9)
    made = factories.accepted(need, 2)
    Location.objects.filter(pk=need.location_id).update(published=False)
    assert client.get(f"/kolaborasi/{made.code}/").context["map"] is None


def test_a_page_that_has_not_changed_is_304(client):
    made = factories.delivered(factories.need(20), 5)
    first = client.get(f"/kolaborasi/{made.code}/")
    again = client.get(f"/kolaborasi/{made.code}/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    factories.promise(factories.need(5), 1)
    from ksbb.core import version

    version.forget()
    assert client.get(f"/kolaborasi/{made.code}/", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [("/kolaborasi", "/kolaborasi/"), ("/id/kolaborasi", "/kolaborasi/"), ("/id/ksbb", "/transparansi/")],
)
def test_the_addresses_printed_in_2020_still_lead_there(client, old, new):
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)
