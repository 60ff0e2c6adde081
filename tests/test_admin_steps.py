"""Every step staff take with a promise: through the form, by the action, once, never on what has changed meanwhile."""

import io
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from donations.actions import commitments, staff
from donations.ledger_check import differences
from donations.models import Commitment, CommitmentState, Delivery
from ksbb.admin_steps import SALT
from ksbb.core.crypto import decrypt
from ksbb.core.models import AuditEntry
from locations.models import Need
from tests import factories
from tests.desk import member, place, take, today, tokens

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def pokja(client):
    return member(staff.TASK_FORCE, client)


def test_whatsapp_proof_needs_the_code_and_the_sender(client, pokja):
    made = factories.promise(factories.need(10), 3, by=factories.giver("0812 3456 7890"))
    wrong = take(client, made, "bukti", {"proof_code": "XXXXXX", "sender_end": "7890"})
    assert "bukan kode janji" in wrong.content.decode()
    other = take(client, made, "bukti", {"proof_code": made.proof_code, "sender_end": "1111"})
    assert "Nomor pengirim" in other.content.decode()
    assert made.state == CommitmentState.SUBMITTED
    assert take(client, made, "bukti", {"proof_code": made.proof_code.lower(), "sender_end": "7890"}).status_code == 302
    assert made.state == CommitmentState.REGISTERED


def test_review_accept_postpone_send_count_complete(client, pokja):
    panti = factories.location(of_kind=factories.kind("panti-asuhan", "Panti asuhan", True))
    made = factories.registered(factories.need(10, at=panti), 5)
    assert made.needs_review
    row = reverse("admin:donations_commitment_change", args=[made.pk])
    assert "ada tempat yang merawat anak" in client.get(row).text
    assert take(client, made, "periksa").status_code == 302
    assert not made.needs_review
    assert take(client, made, "terima", {"date": today()}).status_code == 302
    assert take(client, made, "tunda", {"date": today() + timedelta(days=2)}).status_code == 302
    assert made.scheduled_on == today() + timedelta(days=2)
    assert take(client, made, "kirim").status_code == 302
    line = made.lines.get()
    answer = take(client, made, "penyaluran", counted(line, panti, ok=4, damaged=1))
    assert answer.status_code == 302
    assert made.state == CommitmentState.PARTLY_RECEIVED
    delivery = made.deliveries.get()
    assert (delivery.recorded_by, decrypt(delivery.receiver_cipher)) == (pokja, "Bu Ani")
    assert take(client, made, "selesai").status_code == 302
    assert made.state == CommitmentState.COMPLETED
    need = Need.objects.get(pk=line.need_id)
    assert (need.reserved, need.delivered) == (4, 4)
    assert list(differences()) == []


def counted(line, location, **numbers):
    now = timezone.localtime()
    form = {"location": location.pk, "delivered_at": now.strftime("%Y-%m-%dT%H:%M"), "receiver": "Bu Ani"}
    return form | {f"{name}_line_{line.pk}": number for name, number in numbers.items()}


def picture(**more):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG", **more)
    return SimpleUploadedFile("foto.jpg", out.getvalue(), "image/jpeg")


def test_a_photo_waits_until_somebody_looked_at_it(client, pokja, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = factories.accepted(factories.need(10), 5)
    line = made.lines.get()
    exif = Image.Exif()
    exif[0x010E] = "rumah Bu Ani"
    form = {**counted(line, line.need.location, ok=5), "photos": [picture(exif=exif)]}
    assert take(client, made, "penyaluran", form).status_code == 302
    photo = made.deliveries.get().photos.get()
    with photo.file.open() as kept:
        assert b"Bu Ani" not in kept.read()
    assert photo.checked_at is None
    shown = client.get(reverse("admin:donations_deliveryphoto_file", args=[photo.pk]))
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert take(client, photo, "periksa").status_code == 302
    assert photo.checked_by == pokja


@pytest.mark.parametrize("upload", [b"", b"GIF89a", b"\xff\xd8\xff" + b"x" * 99])
def test_what_is_no_photo_is_said_beside_the_field(upload, client, pokja):
    made = factories.accepted(factories.need(10), 5)
    line = made.lines.get()
    file = SimpleUploadedFile("foto.jpg", upload, "image/jpeg")
    answer = take(client, made, "penyaluran", {**counted(line, line.need.location, ok=5), "photos": [file]})
    assert answer.status_code == 200
    assert answer.context["form"].errors["photos"]
    assert not Delivery.objects.exists()


def test_impossible_counts_are_form_errors(client, pokja):
    made = factories.accepted(factories.need(10), 5)
    line = made.lines.get()
    for numbers in ({"damaged": 6}, {}, {"ok": -1}, {"ok": "banyak"}):
        answer = take(client, made, "penyaluran", counted(line, line.need.location, **numbers))
        assert answer.status_code == 200, numbers
        assert answer.context["form"].errors
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(("slug", "state"), [("batalkan", "dibatalkan"), ("tolak", "ditolak")])
def test_ending_a_promise_needs_a_reason(slug, state, client, pokja):
    need = factories.need(10)
    made = factories.registered(need, 5)
    assert take(client, made, slug, {"reason": ""}).status_code == 200
    assert take(client, made, slug, {"reason": "Tempatnya pindah"}).status_code == 302
    need.refresh_from_db()
    assert (made.state, made.reason, need.reserved) == (state, "Tempatnya pindah", 0)


def test_redirect_and_give_back(client, pokja):
    made = factories.accepted(factories.need(10), 6)
    other, line = factories.need(10), made.lines.get()
    answer = take(client, line, "alihkan", {"need": other.pk, "quantity": 2, "reason": "Lebih perlu"})
    assert answer.status_code == 302
    other.refresh_from_db()
    assert other.committed == 2
    made.refresh_from_db()
    factories.deliver(made)
    assert client.get(place(line, "kembalikan")).status_code == 302  # the redirected part is still on its way
    rest = made.lines.get(need=other)
    assert take(client, made, "penyaluran", counted(rest, other.location, ok=2)).status_code == 302
    line.refresh_from_db()
    assert take(client, line, "kembalikan", {"quantity": 99, "reason": "x"}).status_code == 200
    assert take(client, line, "kembalikan", {"quantity": 1, "reason": "Kemasan kosong"}).status_code == 302
    assert line.delivered == 3
    assert list(differences()) == []


def test_a_donors_contact_is_shown_once_and_remembered(client, pokja):
    made = factories.registered(factories.need(10), 1, by=factories.giver("rahasia@contoh.id", name="Ibu Tono"))
    page = client.get(reverse("admin:donations_commitment_change", args=[made.pk])).content.decode()
    assert "rahasia@contoh.id" not in page
    assert "rahasia@contoh.id" in take(client, made, "kontak").content.decode()
    assert AuditEntry.objects.get(kind="donor.viewed").by == pokja.username


def test_staff_write_to_a_whatsapp_donor_with_the_text_prefilled(client, pokja):
    made = factories.promise(factories.need(10), 1, by=factories.giver("0812 3456 7890"))
    page = take(client, made, "kontak").content.decode()
    assert 'href="https://wa.me/6281234567890?text=' in page


def test_staff_enter_a_promise_once_however_often_they_click(client, pokja):
    first, second, giver = factories.need(10), factories.need(10), factories.collaborator()
    url = reverse("admin:donations_commitment_enter")
    key = re.search(r'name="key" value="(\w+)"', client.get(url).content.decode()).group(1)
    form = {"key": key, "collaborator": giver.pk, "scheduled_on": today()}
    lines = {"need_1": first.pk, "quantity_1": 4, "need_2": second.pk, "quantity_2": 5}
    for _ in range(2):
        assert client.post(url, form | lines).status_code == 302
    made = Commitment.objects.get()
    assert (made.state, sorted(made.lines.values_list("quantity", flat=True))) == ("terkonfirmasi", [4, 5])
    again = client.post(url, form | lines | {"quantity_1": 3})
    assert "isi lain" in again.content.decode()
    short = client.post(url, {**form, "key": "lain", "need_1": first.pk, "quantity_1": 7})
    assert "tersisa 6" in short.content.decode()
    twice = client.post(url, {**form, "key": "tiga", **lines, "need_2": first.pk})
    assert "dua kali" in twice.content.decode()


# --- Stale forms ------------------------------------------------------------------------------------------------------
def test_a_stale_step_is_refused_and_says_what_differs(client, pokja):
    made = factories.registered(factories.need(10), 5)
    seen = tokens(client.get(place(made, "batalkan")).content.decode())
    commitments.accept(commitment=made, date=today(), now=timezone.now())
    answer = take(client, made, "batalkan", {"reason": "Terlambat membaca"}, seen=seen)
    assert answer.status_code == 409
    assert "Status: tadi “Terdaftar”, sekarang “Terkonfirmasi”" in answer.content.decode()
    assert made.state == CommitmentState.CONFIRMED


def test_a_second_click_does_nothing(client, pokja):
    made = factories.accepted(factories.need(10), 9)
    line = made.lines.get()
    commitments.send(commitment=made, now=timezone.now())
    seen = tokens(client.get(place(made, "penyaluran")).content.decode())
    form = counted(line, line.need.location, ok=4)
    assert take(client, made, "penyaluran", form, seen=seen).status_code == 302
    assert take(client, made, "penyaluran", form, seen=seen).status_code == 409
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("seen", [[], ["palsu"], ["WzEsMSx7fV0:1abc:xyz"]])
def test_a_step_without_what_was_seen_is_refused(seen, client, pokja):
    made = factories.registered(factories.need(10), 5)
    answer = client.post(place(made, "batalkan"), {"reason": "x", "seen": seen})
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.state == CommitmentState.REGISTERED


@pytest.mark.parametrize("salt", [SALT, f"{SALT}.locations.location"])
def test_what_was_seen_of_another_kind_of_row_counts_for_nothing(salt, client, pokja):
    made = factories.registered(factories.need(10), 5)
    for seen in ([made.pk, made.version, {}], [made.version, {}]):
        answer = take(client, made, "batalkan", {"reason": "x"}, seen=[signing.dumps(seen, salt=salt)])
        assert (answer.status_code, made.state) == (409, CommitmentState.REGISTERED)


def test_an_impossible_step_leads_back(client, pokja):
    made = factories.accepted(factories.need(10), 5)
    assert client.get(place(made, "tolak")).status_code == 302
    assert client.get(place(made, "tak-ada")).status_code == 404
