"""A word of its own in every field that is not PUBLIC: no page, file, feed, picture or answer of the API says one."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from donations.actions import addresses, households
from donations.models import Collaborator, ContactPerson, DeliveryPhoto
from donations.photos import re_encode
from ksbb import pictures
from ksbb.core import audit, version
from ksbb.core.crypto import private_link
from ksbb.urls import pages as twins
from locations.models import Location, RtRow, Verification
from tests import factories
from tests.canaries import Canaries, text_of, walk
from tests.house.test_audience import OURS
from tests.kk_numbers import kk

pytestmark = pytest.mark.django_db
NOW = timezone.now()
# What private pages and checked photos are found by: a page that is not found says nothing.
FOUND_BY = ("Commitment.link_hash", "Commitment.proof_hash", "ContactPerson.link_hash", "Contribution.link_hash",
            "Complaint.code_hash", "DeliveryPhoto.file")  # fmt: skip


def photo():
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "JPEG")
    out.size, out.name = out.tell(), "foto.jpg"
    out.seek(0)
    return re_encode(out)


@pytest.fixture
def city(settings, tmp_path):
    """A row of every kind there is, what is hidden beside what is shown."""
    settings.MEDIA_ROOT, settings.DEMO = tmp_path, True
    staff, need = factories.user(first_name="Ani"), factories.need(100)
    place = need.location
    factories.contact(place, name="Ibu Sari")
    Verification.objects.create(location=place, level="kelurahan", at=NOW, by=staff, note="Rumah Bu Ani")
    for rt, families in ((1, 12), (2, 3), (3, 2)):
        RtRow.objects.create(location=place, rt=rt, families=families)
    made = {
        "unproved": factories.promise(need, 2, by=factories.giver(name="Belum Terbukti")),
        "registered": factories.registered(need, 3),
        "anonymous": factories.accepted(need, 4, by=factories.giver(name="Rahasia", attribution="anonim")),
        "alias": factories.accepted(need, 5, by=factories.giver(name="Asli", attribution="alias", alias="Kawan")),
        "done": factories.accepted(need, 6, by=factories.giver(name="PT Maju")),
    }
    delivery = factories.deliver(
        made["done"], by=staff, receiver="Pak Darto", receiver_role="Ketua RW", note="Dekat masjid",
        thanks="Terima kasih.", photos=[photo(), photo()],
    )  # fmt: skip
    DeliveryPhoto.objects.filter(pk=delivery.photos.first().pk).update(checked_at=NOW, checked_by=staff)
    recipient, line = households.Recipient(kk(7), 4), made["done"].lines.get()
    households.record_receipt(recipient=recipient, delivery=delivery, line=line, now=NOW)
    factories.received(2_000_000, by=factories.giver(name="Dana Rahasia", attribution="anonim"))
    factories.received(3_000_000, location=place)
    factories.pledged(1_000_000)
    about = factories.complaint("Paket saya.", location=place, contact="081299990000")
    factories.answered(factories.complaint("Isinya kurang.", commitment=made["done"]))
    audit.record("test.made", "x", now=NOW, data="x")
    factories.need(9, at=factories.location(name="Tempat Tersembunyi", published=False))
    factories.need(9, at=factories.location(name="RW Kecil", vulnerable_families=4))
    return {"place": place, "about": about, "delivery": delivery, **made}


@pytest.fixture
def canaries(city):
    """Words in everything that is not for everybody: fields, hidden rows, users, the faces of unproved promises."""
    birds = Canaries()
    birds.put_everywhere(but=FOUND_BY)
    for hidden in Location.objects.exclude(pk__in=Location.objects.public()):
        for name in ("code", "name", "note", "register_id", "document"):
            birds.put(hidden, name)
    for name in ("name", "slug", "about"):
        birds.put(city["unproved"].collaborator, name)
        birds.put(city["registered"].collaborator, name)
    for face in Collaborator.objects.filter(attribution="anonim"):
        birds.put(face, "slug")
    for user in get_user_model().objects.all():
        birds.put(user, "username")
        birds.put(user, "first_name")
    version.forget()
    return birds


STARTS = ("/", "/en/", "/healthz", "/readyz", "/.well-known/security.txt", "/api/v1/", "/api/v1/skema/?format=json",
          "/api/v1/saran/?q=rw", "/api/v1/peta/lokasi/", "/api/v1/peta/perubahan/", "/tidak-ada/")  # fmt: skip


def starts():
    """Return the addresses to start from: every page without a secret or a key, and those of machines."""
    plain = [each.name for each in twins[0].url_patterns if "<" not in str(each.pattern)]
    return [*STARTS, *map(reverse, plain), *(f"/en{reverse(name)}" for name in plain)]


def test_every_model_has_a_row_to_hide(city):
    """Else the words below would be missing where nobody looked."""
    left_out = {"Alert", "AreaAlias", "Boundary", "Throttle", "VersionMark", "Watermark", "CostLimit"}
    daily = {"DailyTotal", "DailyLine", "DailyFund", "DailyFamily"}
    assert {model.__name__ for model in OURS if not model.objects.exists()} <= left_out | daily


def test_nothing_public_says_what_is_not_public(client, city, canaries, engine, monkeypatch):
    monkeypatch.setattr(pictures, "png", lambda picture: repr(picture).encode())
    told, seen, kinds = [], 0, set()
    for address, status, text in walk(client, starts(), but=() if engine == "sqlite" else ("/en/",)):
        seen, kinds = seen + 1, kinds | {address.split("?")[0].removeprefix("/en").split("/")[1]}
        told += [(address, place) for place in sorted(canaries.seen(text))]
        assert status < 500, address
    assert told == []
    assert seen > 100
    assert kinds >= {"lokasi", "peta", "api", "data", "kolaborasi", "kolaborator", "wilayah", "foto", "gambar.png"}


def test_the_words_can_be_found_where_staff_read_them(client, city, canaries):
    """The same eyes see them in the admin: the walk above looks for something."""
    client.force_login(factories.user(is_superuser=True))
    page = text_of(client.get(reverse("admin:donations_complaint_change", args=[city["about"].pk])))
    assert f"Complaint.text of {city['about'].pk}" in canaries.seen(page)


# --- Private pages ----------------------------------------------------------------------------------------------------
def said(client, canaries, name, link):
    """Return (model, field, key) of every word that a private page says, in both languages."""
    found = set()
    for path in (reverse(name, args=[link]), f"/en{reverse(name, args=[link])}"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        found |= canaries.seen(text_of(answer))
    return {(*place.partition(" of ")[0].split("."), int(place.partition(" of ")[2])) for place in found - {"a date"}}


@pytest.mark.parametrize("which", ["unproved", "anonymous", "alias", "done"])
def test_a_donors_page_says_nothing_of_others(client, city, canaries, which):
    """Her promise's own words; the contact and address of the place only once they were disclosed to her."""
    made = city[which]
    made.refresh_from_db()
    link = private_link("commitment", made.code, 1 if which == "unproved" else 2)
    mine = {("Commitment", made.pk), ("Collaborator", made.collaborator_id)}
    persons = {each.contact for each in made.disclosures.select_related("contact")}
    disclosed = {("ContactPerson", each.pk) for each in persons} | {("Location", each.location_id) for each in persons}
    assert bool(disclosed) == (which != "unproved")
    seen = said(client, canaries, "my_commitment", link)
    assert {(model, key) for model, _field, key in seen} <= mine | disclosed
    hers = {"name_cipher", "phone_cipher", "email_cipher", "address"}
    assert {field for model, field, _key in seen if model in ("ContactPerson", "Location")} <= hers


def test_the_page_of_a_place_says_nothing_but_its_own_and_who_proved_a_contact(client, city, canaries):
    person = ContactPerson.objects.get(location=city["place"])
    seen = said(client, canaries, "my_location", addresses.contact_link(person))
    promised = {("Commitment", city[name].pk) for name in ("registered", "anonymous", "alias", "done")}
    hers = {("ContactPerson", person.pk), ("Collaborator", city["registered"].collaborator_id)}
    assert {(model, key) for model, _field, key in seen} <= promised | hers
    assert not any(model == "Commitment" and key == city["unproved"].pk for model, _field, key in seen)


def test_a_complaints_page_says_nothing_but_its_own(client, city, canaries):
    seen = said(client, canaries, "complaint", addresses.complaint_code(city["about"]))
    assert {(model, key) for model, _field, key in seen} <= {("Complaint", city["about"].pk)}
    assert "contact_cipher" not in {field for _model, field, _key in seen}
