"""The page of a place's person in charge: what comes, her answers, the count on arrival, and its photo."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from donations.actions import addresses, commitments, deliveries
from donations.models import CommitmentState, ContactPerson, Delivery, DeliveryPhoto, Party
from donations.photos import re_encode
from ksbb.core.crypto import decrypt
from tests import factories

pytestmark = pytest.mark.django_db
S = CommitmentState


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def need():
    made = factories.need(20)
    factories.contact(made.location, name="Ibu Sari")
    return made


def page_of(need):
    contact = ContactPerson.objects.get(location=need.location)
    return reverse("my_location", args=[addresses.contact_link(contact)])


def post(client, need, act, commitment=None, **data):
    code = commitment.code if commitment else ""
    named = {f"{code}-{act}-{name}" if commitment else name: value for name, value in data.items()}
    return client.post(page_of(need), {"act": act, "kode": code, **named})


def count(client, need, commitment, **data):
    """Count the first line; names without a number belong to the whole form."""
    commitment.refresh_from_db()
    line = commitment.lines.get()
    numbers = {f"{name}_{line.pk}": data.pop(name) for name in list(data) if name in ("ok", "damaged", "short", "lost")}
    return post(
        client,
        need,
        "count",
        commitment,
        **{"date": timezone.localdate().isoformat(), "version": commitment.version, **numbers, **data},
    )


def picture(size=(60, 40), mode="RGB", kind="JPEG", **extra):
    file = io.BytesIO()
    Image.new(mode, size, "red").save(file, kind, **extra)
    return SimpleUploadedFile(f"foto.{kind.lower()}", file.getvalue(), f"image/{kind.lower()}")


# --- What comes -------------------------------------------------------------------------------------------------------
def test_the_page_tells_what_waits_comes_and_lacks(client, need):
    waiting, coming = factories.registered(need, 2), factories.accepted(need, 3)
    factories.promise(need, 4)
    page = client.get(page_of(need))
    assert [card.commitment for card in page.context["waiting"]] == [waiting]
    assert [card.commitment for card in page.context["coming"]] == [coming]
    assert "Masih dibutuhkan 11 paket" in page.text
    assert "1 janji lain sedang membuktikan" in page.text


def test_the_donors_contact_is_shown_from_its_proof_on(client, need):
    made = factories.promise(need, by=factories.giver("budi@contoh.id"))
    assert "budi@contoh.id" not in client.get(page_of(need)).text
    commitments.register(commitment=made, now=timezone.now())
    assert "mailto:budi@contoh.id?subject=" in client.get(page_of(need)).text


def test_a_whatsapp_donor_is_written_to_by_whatsapp(client, need):
    made = factories.promise(need, by=factories.giver("0812 3456 7899"))
    commitments.register(commitment=made, now=timezone.now(), by=factories.user())
    assert "https://wa.me/6281234567899?text=Halo" in client.get(page_of(need)).text


def test_an_anonymous_donor_stays_without_name(client, need):
    factories.registered(need, by=factories.giver(name="Budi Santoso", attribution="anonim"))
    page = client.get(page_of(need))
    assert "Hamba Allah" in page.text
    assert "Budi Santoso" not in page.text


def test_what_staff_must_see_first_shows_no_contact(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    need = factories.need(at=factories.location(of_kind=home))
    factories.contact(need.location)
    made = factories.registered(need, by=factories.giver("budi@contoh.id"))
    page = client.get(page_of(need))
    assert "budi@contoh.id" not in page.text
    assert "sedang dilihat staf Pokja" in page.text
    assert post(client, need, "accept", made, date=timezone.localdate().isoformat()).status_code == 409


def test_another_places_promise_is_out_of_reach(client, need):
    other = factories.registered(factories.need())
    assert post(client, need, "accept", other, date=timezone.localdate().isoformat()).status_code == 409
    other.refresh_from_db()
    assert other.state == S.REGISTERED


def test_a_promise_for_several_places_is_answered_by_staff(client, need):
    made = factories.registered({need: 1, factories.need(): 1})
    assert "beberapa tempat" in client.get(page_of(need)).text
    answer = post(client, need, "accept", made, date=timezone.localdate().isoformat())
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.state == S.REGISTERED


# --- Answers ----------------------------------------------------------------------------------------------------------
def test_she_accepts_with_a_date(client, need):
    made = factories.registered(need, 5)
    day = timezone.localdate() + timedelta(days=2)
    answer = post(client, need, "accept", made, date=day.isoformat())
    assert answer.url.endswith(f"#{made.code}")
    made.refresh_from_db()
    need.refresh_from_db()
    assert (made.state, made.scheduled_on, need.committed) == (S.CONFIRMED, day, 5)


@pytest.mark.parametrize("date", ["", "besok", "2020-01-01", "{too_far}"])
def test_a_strange_date_is_refused_beside_its_field(client, need, date):
    made = factories.registered(need)
    too_far = timezone.localdate() + timedelta(days=61)
    page = post(client, need, "accept", made, date=date.format(too_far=too_far))
    assert page.status_code == 400
    assert page.context["failed_form"].errors["date"]
    assert f'href="#id_{made.code}-accept-date"' in page.text


def test_she_asks_for_another_date(client, need):
    made = factories.registered(need)
    day = timezone.localdate() + timedelta(days=4)
    post(client, need, "propose", made, date=day.isoformat())
    made.refresh_from_db()
    assert (made.state, made.proposed_on, made.proposed_by) == (S.REGISTERED, day, Party.PLACE)
    assert "Menunggu jawaban pemberi" in client.get(page_of(need)).text


def test_she_agrees_to_the_donors_date(client, need):
    made = factories.accepted(need)
    day = timezone.localdate() + timedelta(days=4)
    commitments.propose_date(commitment=made, date=day, now=timezone.now(), party=Party.DONOR)
    assert "Pemberi mengusulkan" in client.get(page_of(need)).text
    post(client, need, "agree", made)
    made.refresh_from_db()
    assert (made.scheduled_on, made.proposed_on) == (day, None)


def test_she_declines_with_a_reason(client, need):
    made = factories.registered(need, 5)
    assert post(client, need, "reject", made, reason="").status_code == 400
    post(client, need, "reject", made, reason="Sudah ada dari tetangga")
    made.refresh_from_db()
    need.refresh_from_db()
    assert (made.state, made.reason, need.reserved) == (S.REJECTED, "Sudah ada dari tetangga", 0)


def test_a_second_click_hears_that_it_is_done(client, need):
    made = factories.registered(need)
    post(client, need, "reject", made, reason="Cukup")
    again = post(client, need, "reject", made, reason="Cukup")
    assert again.status_code == 409
    assert "Baru saja berubah" in again.text


def test_enough_for_now_and_open_again(client, need):
    until = timezone.localdate() + timedelta(days=5)
    post(client, need, "pause", until=until.isoformat())
    assert ContactPerson.objects.get(location=need.location).paused_until == until
    assert "Cukup dulu sampai" in client.get(page_of(need)).text
    post(client, need, "resume")
    assert ContactPerson.objects.get(location=need.location).paused_until is None


@pytest.mark.parametrize("until", ["", "2020-01-01", "2999-01-01"])
def test_a_strange_pause_is_refused(client, need, until):
    page = post(client, need, "pause", until=until)
    assert page.status_code == 400
    assert page.context["pause"].errors["until"]


# --- Counting ---------------------------------------------------------------------------------------------------------
def test_she_counts_four_good_and_one_damaged(client, need):
    made = factories.accepted(need, 5)
    answer = count(client, need, made, ok="4", damaged="1", receiver="Pak Joko", thanks="Terima kasih")
    assert answer.url.endswith("#riwayat")
    made.refresh_from_db()
    need.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (made.state, need.reserved, need.delivered) == (S.PARTLY_RECEIVED, 4, 4)
    assert (decrypt(delivery.receiver_cipher), delivery.receiver_role, delivery.thanks) == (
        "Pak Joko",
        "Ketua RW",
        "Terima kasih",
    )
    assert "4 tiba dengan baik, 1 rusak" in client.get(page_of(need)).text


def test_a_part_now_and_the_rest_later(client, need):
    made = factories.accepted(need, 5)
    count(client, need, made, ok="2")
    made.refresh_from_db()
    assert made.state == S.SENT
    count(client, need, made, ok="3")
    made.refresh_from_db()
    assert made.state == S.RECEIVED


def test_a_double_click_counts_once(client, need):
    made = factories.accepted(need, 5)
    made.refresh_from_db()
    version = made.version
    assert count(client, need, made, ok="2", version=version).status_code == 302
    again = count(client, need, made, ok="2", version=version)
    assert again.status_code == 409
    need.refresh_from_db()
    assert need.delivered == 2


def test_a_double_click_counts_once_while_it_is_under_way(client, need):
    made = factories.accepted(need, 6)
    count(client, need, made, ok="2")
    made.refresh_from_db()
    version = made.version
    count(client, need, made, ok="2", version=version)
    assert count(client, need, made, ok="2", version=version).status_code == 409
    need.refresh_from_db()
    assert need.delivered == 4


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"ok": "5", "damaged": "1"}, "melebihi"),
        ({"ok": "0"}, "Isi jumlah yang tiba"),
        ({"ok": "-1"}, "angka bulat"),
        ({"ok": "banyak"}, "angka bulat"),
        ({"ok": "999999999999"}, "paling banyak"),
    ],
)
def test_impossible_counts_are_refused(client, need, numbers, message):
    made = factories.accepted(need, 5)
    page = count(client, need, made, **numbers)
    assert page.status_code == 400
    assert message in str(page.context["failed_form"].errors)
    assert not Delivery.objects.exists()


def test_more_than_promised_is_taken_as_long_as_it_is_needed(client, need):
    made = factories.accepted(need, 5)
    assert count(client, need, made, ok="7").status_code == 302
    need.refresh_from_db()
    assert (need.reserved, need.delivered) == (7, 7)


def test_more_than_needed_is_refused_with_the_most_that_fits(client, need):
    made = factories.accepted(need, 5)
    page = count(client, need, made, ok="21")
    assert page.status_code == 400
    assert "Catat paling banyak 20" in str(page.context["failed_form"].errors)


def test_a_training_cannot_be_damaged(client):
    training = factories.package("pelatihan", kind="jasa", of=factories.program("umkm", "UMKM"))
    need = factories.need(of=training)
    factories.contact(need.location)
    factories.accepted(need, 2)
    names = {name.split("_")[0] for name in client.get(page_of(need)).context["coming"][0].forms["count"].fields}
    assert "short" in names
    assert not {"damaged", "lost"} & names


@pytest.mark.parametrize(("days", "message"), [(1, "masa depan"), (-1, "dikonfirmasi")])
def test_the_day_of_arrival_lies_between_acceptance_and_today(client, need, days, message):
    made = factories.accepted(need, 5)
    page = count(client, need, made, ok="5", date=(timezone.localdate() + timedelta(days=days)).isoformat())
    assert message in str(page.context["failed_form"].errors["date"])


# --- Photos -----------------------------------------------------------------------------------------------------------
def test_a_photo_is_kept_without_metadata_and_hidden_until_checked(client, need):
    made = factories.accepted(need, 5)
    exif = Image.Exif()
    exif[0x010E] = "rahasia: rumah Ibu Sari"
    exif[0x0112] = 6
    count(client, need, made, ok="5", photo=picture(exif=exif))
    photo = DeliveryPhoto.objects.get()
    kept = Image.open(photo.file)
    assert (kept.format, kept.size, len(kept.getexif())) == ("JPEG", (40, 60), 0)
    assert b"rahasia" not in photo.file.open().read()
    address = reverse("delivery_photo", args=[photo.pk])
    assert client.get(address).status_code == 404
    deliveries.check_photo(photo=photo, now=timezone.now(), by=factories.user())
    shown = client.get(address)
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in shown["Content-Security-Policy"]
    photo.file.delete(save=False)
    assert client.get(address).status_code == 404


def test_no_photo_no_page(client):
    assert client.get(reverse("delivery_photo", args=[999])).status_code == 404


def test_a_see_through_picture_gets_paper_beneath():
    drawn = Image.open(re_encode(picture(mode="RGBA", kind="PNG")))
    assert drawn.mode == "RGB"


def test_a_large_photo_becomes_smaller():
    assert max(Image.open(re_encode(picture((3000, 1000)))).size) == 2000


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (SimpleUploadedFile("foto.jpg", b"bukan foto", "image/jpeg"), "bukan foto"),
        (SimpleUploadedFile("foto.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/jpeg"), "bukan foto"),
        (SimpleUploadedFile("foto.jpg", picture().read()[:200], "image/jpeg"), "bukan foto"),
        (picture(kind="GIF"), "bukan foto"),
    ],
)
def test_what_is_no_photo_is_refused(client, need, file, message):
    made = factories.accepted(need, 5)
    page = count(client, need, made, ok="5", photo=file)
    assert message in str(page.context["failed_form"].errors["photo"])


def test_a_photo_too_heavy_or_too_wide_is_refused(settings):
    settings.PHOTO_MAX_BYTES = 100
    with pytest.raises(Exception, match="8 MB"):
        re_encode(picture())
    settings.PHOTO_MAX_BYTES, settings.PHOTO_MAX_PIXELS = 10**7, 100
    with pytest.raises(Exception, match="40 megapiksel"):
        re_encode(picture())


def test_a_bomb_of_pixels_is_refused_before_it_is_drawn():
    with pytest.raises(Exception, match=r"megapiksel|bukan foto"):
        re_encode(picture((20_000, 20_000), mode="1", kind="PNG"))


def test_the_page_asks_the_database_little(client, need, django_assert_max_num_queries):
    for _n in range(4):
        factories.registered(need)
        factories.deliver(factories.accepted(need, 2), ok=1)
    with django_assert_max_num_queries(20):
        client.get(page_of(need))
