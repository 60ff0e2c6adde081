"""Every step staff take: through the form, by the action, once, and never on what has changed meanwhile."""

import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from donations.actions import commitments, funds, places, staff
from donations.actions.ledger import wib_day
from donations.ledger_check import differences
from donations.models import Collaborator, Commitment, CommitmentState, ContactPerson, ContributionState, Delivery
from ksbb.core.crypto import decrypt
from ksbb.core.models import AuditEntry
from locations.models import Location, Need, Verification
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def pokja(client):
    staff.lay_groups()
    user = factories.user()
    user.groups.add(Group.objects.get(name=staff.TASK_FORCE))
    client.force_login(user)
    return user


def place(row, slug):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_step", args=[row.pk, slug])


def tokens(html):
    return re.findall(r'name="seen" value="([^"]+)"', html)


def take(client, row, slug, data=None, seen=None):
    """Open a step's page and send its form; returns the answer and the refreshed row."""
    url = place(row, slug)
    seen = seen or tokens(client.get(url).content.decode())
    answer = client.post(url, {**(data or {}), "seen": seen})
    row.refresh_from_db()
    return answer


def today():
    return wib_day(timezone.now())


# --- Promises ---------------------------------------------------------------------------------------------------------
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
    now = timezone.localtime() - timedelta(minutes=1)
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


def test_an_impossible_step_leads_back(client, pokja):
    made = factories.accepted(factories.need(10), 5)
    assert client.get(place(made, "tolak")).status_code == 302
    assert client.get(place(made, "tak-ada")).status_code == 404


# --- Places and needs -------------------------------------------------------------------------------------------------
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
    verifier = factories.user()
    verifier.groups.add(Group.objects.get(name=staff.VERIFIER))
    client.force_login(verifier)
    assert take(client, made, "periksa", {"level": "pokja"}).context["form"].errors["level"]
    assert take(client, made, "periksa", {"level": "kecamatan"}).context["form"].errors["level"]
    assert take(client, made, "periksa", {"level": "kelurahan"}).status_code == 302
    assert client.post(place(made, "tampilkan")).status_code == 403
    client.force_login(pokja)
    assert take(client, made, "tampilkan").status_code == 302
    assert made.published
    assert Verification.objects.get().by == verifier


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


# --- Money ------------------------------------------------------------------------------------------------------------
def test_an_officer_receives_uses_and_gives_back(client, pokja):
    agent = factories.aggregator(cost={"umum": 500})
    officer = factories.user()
    officer.groups.add(Group.objects.get(name=staff.OFFICER))
    agent.officers.add(officer)
    client.force_login(officer)
    gift = factories.pledged(20_000_000, to=agent)
    line = factories.accepted(factories.need(100), 40, aggregator=agent).lines.get()
    assert take(client, gift, "terima", {"amount": 20_000_000, "day": today() + timedelta(days=1)}).status_code == 200
    assert take(client, gift, "terima", {"amount": 20_000_000, "day": ""}).status_code == 302
    assert gift.state == ContributionState.RECEIVED
    too_much = take(client, gift, "pakai", {"line": line.pk, "amount": 20_000_001})
    assert "Saldo dana ini" in str(too_much.context["form"].errors["amount"])
    foreign = factories.accepted(factories.need(9), 2, aggregator=factories.aggregator()).lines.get()
    assert take(client, gift, "pakai", {"line": foreign.pk, "amount": 1}).context["form"].errors["line"]
    assert take(client, gift, "pakai", {"line": line.pk, "amount": 8_000_000}).status_code == 302
    assert take(client, gift, "biaya", {"amount": 1_000_001, "reason": "x"}).context["form"].errors["amount"]
    assert take(client, gift, "biaya", {"amount": 1_000_000, "reason": "Angkut"}).status_code == 302
    assert take(client, gift, "kembalikan", {"amount": 2_000_000, "reason": "Lebih"}).status_code == 302
    assert (gift.used, gift.cost, gift.refunded, gift.balance) == (8_000_000, 1_000_000, 2_000_000, 9_000_000)
    assert list(differences()) == []


def test_a_pledge_that_never_came_is_cancelled(client, pokja):
    gift = factories.pledged()
    assert take(client, gift, "batalkan", {"reason": "Tidak jadi"}).status_code == 302
    assert gift.state == ContributionState.CANCELLED
    assert client.get(place(gift, "terima")).status_code == 302


def test_no_licence_no_money(client, pokja):
    gift = factories.pledged()
    gift.aggregator.licences.update(revoked_on=today())
    answer = take(client, gift, "terima", {"amount": 5, "day": ""})
    assert "tidak punya izin" in answer.content.decode()


# --- Landing page and collaborators -----------------------------------------------------------------------------------
def counts(client):
    return {each["task"].slug: each["count"] for each in client.get(reverse("admin:index")).context["tasks"]}


def test_the_landing_page_counts_what_its_links_show(client, pokja):
    need = factories.need(90)
    factories.promise(need, 1, by=factories.giver("081234567891"))
    registered = factories.registered(need, 2)
    Commitment.objects.filter(pk=registered.pk).update(expires_at=timezone.now() + timedelta(hours=2))
    late = factories.accepted(need, 3)
    Commitment.objects.filter(pk=late.pk).update(scheduled_on=today() - timedelta(days=5))
    factories.pledged()
    Location.objects.filter(pk=need.location_id).update(verified_at=timezone.now() - timedelta(days=120))
    found = counts(client)
    expected = {"bukti": 1, "hampir-habis": 1, "terima": 1, "terlambat": 1, "dana": 1, "verifikasi": 1, "periksa": 0}
    assert expected.items() <= found.items()
    for each in client.get(reverse("admin:index")).context["tasks"]:
        assert client.get(each["url"]).context["cl"].result_count == each["count"], each["url"]


def test_officers_count_their_own(client, pokja):
    agent = factories.aggregator()
    officer = factories.user()
    officer.groups.add(Group.objects.get(name=staff.OFFICER))
    agent.officers.add(officer)
    factories.pledged(to=agent)
    factories.pledged()
    client.force_login(officer)
    found = counts(client)
    assert found["dana"] == 1
    assert "verifikasi" not in found


def test_an_institution_is_entered_by_name(client, pokja):
    form = {"name": "PT Contoh Baru", "category": "lembaga-usaha", "about": "", "website": ""}
    assert client.post(reverse("admin:donations_collaborator_add"), form).status_code == 302
    made = Collaborator.objects.get(name="PT Contoh Baru")
    assert AuditEntry.objects.filter(kind="collaborator.added", subject=made.slug).count() == 1
    url = reverse("admin:donations_collaborator_change", args=[made.pk])
    assert client.post(url, {"about": "Usaha contoh", "website": "", "name": "Nama lain"}).status_code == 302
    made.refresh_from_db()
    assert (made.about, made.name) == ("Usaha contoh", "PT Contoh Baru")


def test_four_eyes_hold_in_the_action_too(pokja):
    made = factories.location(verified_at=None, verified_level="usulan", created_by=pokja)
    with pytest.raises(Exception, match="tidak boleh memeriksa"):
        places.verify(location=made, level="kelurahan", now=timezone.now(), by=pokja)
    assert funds.packages_for(20_000_000, 200_000) == (100, 0)
