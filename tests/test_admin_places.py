"""Places and needs in the admin: entered by one, verified by another, edited only as they were seen."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from donations.actions import places, staff
from donations.errors import Refused
from donations.models import CommitmentState, ContactPerson
from ksbb.core.models import AuditEntry
from locations.models import Location, Need, Verification
from tests import factories
from tests.desk import member, place, take, tokens

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def pokja(client):
    return member(staff.TASK_FORCE, client)


NEW = {
    "name": "RW 07 Ragunan",
    "rw": 7,
    "latitude": "-6.30512",
    "longitude": "106.82011",
    "precision": "perkiraan",
    "vulnerable_families": 120,
}


def new_place(client):
    form = {**NEW, "kind": factories.kind().pk, "area": factories.area("31.74.04.1004").pk}
    assert client.post(reverse("admin:locations_location_add"), form).status_code == 302
    return Location.objects.get(name="RW 07 Ragunan")


def test_a_new_place_is_hidden_and_another_one_verifies_it(client, pokja):
    made = new_place(client)
    assert (made.code, made.published, made.created_by) == ("3174041004-rw07", False, pokja)
    own = take(client, made, "periksa", {"level": "kelurahan", "note": ""})
    assert "tidak boleh memeriksa lagi" in own.content.decode()
    assert "belum diperiksa" in take(client, made, "tampilkan").content.decode()
    verifier = member(staff.VERIFIER)
    client.force_login(verifier)
    assert take(client, made, "periksa", {"level": "pokja"}).context["form"].errors["level"]
    assert take(client, made, "periksa", {"level": "kecamatan"}).context["form"].errors["level"]
    assert take(client, made, "periksa", {"level": "kelurahan"}).status_code == 302
    assert client.post(place(made, "tampilkan")).status_code == 403
    client.force_login(pokja)
    assert take(client, made, "tampilkan").status_code == 302
    assert made.published
    assert Verification.objects.get().by == verifier


def test_who_changed_a_place_leaves_its_check_to_somebody_else(db):
    editor, other, now = factories.user(), factories.user(), timezone.now()
    made = Location.objects.get(pk=factories.location(verified_at=None).pk)
    places.edit(location=made, changes={"vulnerable_families": 900}, version=made.version, now=now, by=editor)
    with pytest.raises(Refused, match="tidak boleh memeriksa lagi"):
        places.verify(location=made, level="kelurahan", now=now, by=editor)
    places.verify(location=made, level="kelurahan", now=now + timedelta(hours=1), by=other)
    assert places.verify(location=made, level="kecamatan", now=now + timedelta(hours=2), by=editor)


def test_a_place_is_edited_only_as_it_was_seen(client, pokja):
    made = new_place(client)
    url = reverse("admin:locations_location_change", args=[made.pk])
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(url).content.decode()).group(1)
    rows = {"rt_rows-TOTAL_FORMS": 1, "rt_rows-INITIAL_FORMS": 0, "rt_rows-0-rt": 1, "rt_rows-0-families": 9}
    rows |= {"verifications-TOTAL_FORMS": 0, "verifications-INITIAL_FORMS": 0}
    form = {**NEW, "kind": made.kind_id, "area": made.area_id, "name": "RW 07 Ragunan Baru", **rows}
    assert client.post(url, form).status_code == 200  # without `seen`
    assert client.post(url, {**form, "seen": seen}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.rt_rows.get().families) == ("RW 07 Ragunan Baru", 9)
    stale = client.post(url, {**form, "seen": seen, "name": "Lain"})
    assert "Nama: tadi “RW 07 Ragunan”, sekarang “RW 07 Ragunan Baru”" in stale.content.decode()
    made.refresh_from_db()
    assert made.name == "RW 07 Ragunan Baru"


@pytest.mark.parametrize(("name", "value"), [("latitude", "99"), ("longitude", "abc"), ("rw", "-1"), ("area", "zzz")])
def test_a_bad_place_is_a_form_error(name, value, client, pokja):
    form = {**NEW, "kind": factories.kind().pk, "area": factories.area().pk, name: value}
    answer = client.post(reverse("admin:locations_location_add"), form)
    assert answer.context["adminform"].form.errors[name]


def test_publishing_and_priority_go_for_several_at_once(client, pokja):
    made = [factories.location(published=False) for _ in range(3)]
    made[2].verified_at = None
    Location.objects.filter(pk=made[2].pk).update(verified_at=None)
    url = reverse("admin:locations_location_changelist")
    chosen = {"action": "tampilkan", "_selected_action": [each.pk for each in made]}
    page = client.post(url, chosen)
    answer = client.post(url, {**chosen, "answered": 1, "seen": tokens(page.content.decode())})
    assert answer.status_code == 200  # one of them is refused, by name
    assert str(made[2]) in answer.content.decode()
    assert list(Location.objects.order_by("pk").values_list("published", flat=True)) == [True, True, False]
    assert take(client, made[0], "prioritaskan").status_code == 302
    assert made[0].is_priority
    assert take(client, made[0], "sembunyikan").status_code == 302
    assert not made[0].published


def test_a_person_in_charge_gets_a_new_link(client, pokja):
    made = factories.location()
    form = {"name": "Pak Budi", "role": "Ketua RW", "phone": "0812-3456-7890", "email": ""}
    first = take(client, made, "penanggung-jawab", form).content.decode()
    second = take(client, made, "penanggung-jawab", form).content.decode()
    link = re.compile(r"/lokasi-saya/[\w-]+")
    assert link.search(first).group() != link.search(second).group()
    contact = ContactPerson.objects.get()
    assert contact.phone == "6281234567890"
    assert take(client, made, "penanggung-jawab", {**form, "phone": "12"}).context["form"].errors["phone"]
    assert "Pak Budi" in take(client, contact, "tampilkan").content.decode()
    assert AuditEntry.objects.filter(kind="contact.viewed").count() == 3


def test_needs_are_published_and_changed_with_a_reason(client, pokja):
    made, package, period = factories.location(), factories.package(), factories.period()
    form = {"package": package.pk, "period": period.pk, "quantity": 20}
    assert take(client, made, "kebutuhan", form).status_code == 302
    need = Need.objects.get()
    factories.promise(need, 8)
    assert take(client, need, "ubah", {"quantity": 5, "reason": "Salah hitung"}).context["form"].errors["quantity"]
    assert take(client, need, "ubah", {"quantity": 9, "reason": ""}).context["form"].errors["reason"]
    assert take(client, need, "ubah", {"quantity": 9, "reason": "Salah hitung"}).status_code == 302
    assert need.quantity == 9


def test_a_period_is_closed(client, pokja):
    made = factories.registered(factories.need(10), 5)
    period = made.lines.get().need.period
    assert take(client, period, "tutup").status_code == 302
    assert period.closed_at
    made.refresh_from_db()
    assert made.state == CommitmentState.EXPIRED


def test_four_eyes_hold_in_the_action_too(pokja):
    made = factories.location(verified_at=None, verified_level="usulan", created_by=pokja)
    with pytest.raises(Refused, match="tidak boleh memeriksa"):
        places.verify(location=made, level="kelurahan", now=timezone.now(), by=pokja)
