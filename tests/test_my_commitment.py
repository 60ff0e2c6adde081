"""The donor's private page: proof of the contact, the place's contact, dates, sending, cancelling, what arrived."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from donations.actions import commitments, deadlines
from donations.models import CommitmentState, Disclosure, Party
from ksbb.core.crypto import decrypt, private_link
from ksbb.core.models import OutboxMessage
from ksbb.core.privacy import mask
from tests import factories

pytestmark = pytest.mark.django_db
S = CommitmentState


def page_of(commitment):
    return reverse("my_commitment", args=[private_link("commitment", commitment.code, commitment.link_generation)])


def proof_of(commitment):
    return reverse("prove_contact", args=[private_link("proof", commitment.code)])


def post(client, commitment, act, **data):
    return client.post(page_of(commitment), {"act": act, **data})


def mails():
    return [(mail.subject, decrypt(mail.recipient_cipher)) for mail in OutboxMessage.objects.order_by("pk")]


# --- Links ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["my_commitment", "prove_contact", "my_location", "my_contribution"])
def test_a_wrong_link_is_helped(client, name):
    answer = client.get(reverse(name, args=["bukan-rahasia-é"]))
    assert answer.status_code == 404
    assert reverse("track") in answer.text
    assert answer["Referrer-Policy"] == "same-origin"


def test_private_pages_are_kept_by_nobody(client):
    answer = client.get(page_of(factories.promise(factories.need())))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/komitmen-saya/abc/", "/komitmen-saya/bukti/abc/", "/lokasi-saya/abc/", "/dana-saya/abc/"]
)
def test_private_links_are_masked_in_logs(path):
    assert "abc" not in mask(f"GET {path} 200")


# --- Proof ------------------------------------------------------------------------------------------------------------
def test_looking_at_the_proof_changes_nothing(client):
    made = factories.promise(factories.need())
    page = client.get(proof_of(made))
    assert "Ya, saya yang berjanji" in page.text
    made.refresh_from_db()
    assert made.state == S.SUBMITTED


def test_the_proof_registers_and_opens_the_contact_to_the_mailbox_owner_only(client):
    need = factories.need()
    factories.contact(need.location, name="Ibu Sari", phone="6281234567890")
    made = factories.promise(need, 2)
    first = page_of(made)
    assert "Ibu Sari" not in client.get(first).text
    answer = client.post(proof_of(made))
    made.refresh_from_db()
    assert (made.state, made.link_generation) == (S.REGISTERED, 2)
    assert answer.url == page_of(made)
    assert client.get(first).status_code == 404
    page = client.get(answer.url)
    assert "Ibu Sari" in page.text
    assert "https://wa.me/6281234567890?text=" in page.text
    assert Disclosure.objects.filter(commitment=made).count() == 1


def test_the_proof_is_used_up(client):
    made = factories.promise(factories.need())
    client.post(proof_of(made))
    assert client.post(proof_of(made)).status_code == 404


def test_a_late_proof_is_refused(client):
    made = factories.promise(factories.need(), now=timezone.now() - timedelta(hours=25))
    assert "sudah lewat" in client.get(proof_of(made)).text
    assert client.post(proof_of(made)).status_code == 409
    with pytest.raises(Exception, match="sudah lewat"):
        commitments.register(commitment=made, now=timezone.now())


def test_forms_need_the_csrf_token():
    made = factories.promise(factories.need())
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(proof_of(made)).status_code == 403


def test_a_whatsapp_promise_waits_for_staff(client):
    need = factories.need()
    factories.contact(need.location, name="Ibu Sari")
    made = factories.promise(need, by=factories.giver("0812 3456 7890"))
    page = client.get(page_of(made))
    assert f"KSBB%20{made.code}%20{made.proof_code}" in page.text
    assert client.post(proof_of(made)).status_code == 404
    commitments.register(commitment=made, now=timezone.now(), by=factories.user())
    assert "Ibu Sari" in client.get(page_of(made)).text


def test_a_childrens_home_waits_for_review(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    need = factories.need(at=factories.location(of_kind=home))
    factories.contact(need.location, name="Ibu Sari")
    made = factories.registered(need)
    page = client.get(page_of(made))
    assert "Staf Pokja sedang melihat" in page.text
    assert "Ibu Sari" not in page.text
    commitments.review(commitment=made, now=timezone.now(), by=factories.user())
    assert "Ibu Sari" in client.get(page_of(made)).text


def test_staff_who_accept_unreviewed_open_the_contact_too(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    need = factories.need(at=factories.location(of_kind=home))
    factories.contact(need.location, name="Ibu Sari")
    assert "Ibu Sari" in client.get(page_of(factories.accepted(need))).text


def test_a_place_without_person_in_charge_names_the_desk(client):
    made = factories.registered(factories.need())
    page = client.get(page_of(made))
    assert "Meja layanan Kelurahan Kebayoran Lama Utara" in page.text


# --- Dates ------------------------------------------------------------------------------------------------------------
def test_the_donor_agrees_to_the_places_date(client):
    made = factories.registered(factories.need())
    day = timezone.localdate() + timedelta(days=3)
    commitments.propose_date(commitment=made, date=day, now=timezone.now())
    assert "Tempatnya meminta" in client.get(page_of(made)).text
    post(client, made, "agree")
    made.refresh_from_db()
    assert (made.state, made.scheduled_on, made.proposed_on) == (S.CONFIRMED, day, None)


def test_the_donor_asks_for_another_date(client):
    made = factories.accepted(factories.need())
    day = timezone.localdate() + timedelta(days=5)
    assert post(client, made, "propose", date=day.isoformat()).status_code == 302
    made.refresh_from_db()
    assert (made.scheduled_on, made.proposed_on, made.proposed_by) == (timezone.localdate(), day, Party.DONOR)
    assert "Anda mengusulkan" in client.get(page_of(made)).text


def test_nobody_agrees_to_her_own_date(client):
    made = factories.accepted(factories.need())
    post(client, made, "propose", date=(timezone.localdate() + timedelta(days=5)).isoformat())
    assert post(client, made, "agree").status_code == 409


@pytest.mark.parametrize("date", ["", "kapan", "2020-01-01", "2999-01-01"])
def test_a_strange_date_is_refused_beside_its_field(client, date):
    made = factories.registered(factories.need())
    page = post(client, made, "propose", date=date)
    assert page.status_code in (400, 409)
    assert page.context["propose"].errors["date"]


def test_a_place_that_asks_at_the_last_minute_leaves_time_to_answer():
    now = timezone.now()
    made = factories.registered(factories.need(), now=now - timedelta(hours=47))
    commitments.propose_date(commitment=made, date=timezone.localdate(), now=now)
    assert made.expires_at == now + timedelta(hours=24)


# --- Sending, cancelling ----------------------------------------------------------------------------------------------
def test_sent_and_counted(client):
    need = factories.need()
    made = factories.accepted(need, 5)
    assert post(client, made, "send").status_code == 302
    made.refresh_from_db()
    assert made.state == S.SENT
    factories.deliver(made, ok=4, damaged=1, thanks="Terima kasih banyak")
    page = client.get(page_of(made))
    assert "4 tiba dengan baik, 1 rusak" in page.text
    assert "Terima kasih banyak" in page.text


def test_cancelling_asks_first_and_needs_a_reason(client):
    need = factories.need()
    made = factories.accepted(need, 5)
    page = client.get(page_of(made) + "?langkah=batal")
    assert "Ya, batalkan" in page.text
    assert post(client, made, "cancel", reason=" ").status_code == 400
    assert post(client, made, "cancel", reason="Toko tutup").status_code == 302
    need.refresh_from_db()
    made.refresh_from_db()
    assert (made.state, need.reserved) == (S.CANCELLED, 0)
    assert "Toko tutup" in client.get(page_of(made)).text


@pytest.mark.parametrize("act", ["send", "agree", "cancel", "propose"])
def test_what_is_over_cannot_be_changed(client, act):
    made = factories.delivered(factories.need())
    answer = post(client, made, act, reason="Berubah pikiran", date=timezone.localdate().isoformat())
    assert answer.status_code == 409
    assert "Belum tersimpan" in answer.text


def test_an_unknown_step_changes_nothing(client):
    made = factories.accepted(factories.need())
    assert post(client, made, "terbang").status_code == 400


def test_an_ended_promise_shows_no_contact_any_more(client):
    need = factories.need()
    factories.contact(need.location, name="Ibu Sari")
    made = factories.registered(need)
    commitments.reject(commitment=made, reason="Sudah cukup", now=timezone.now())
    page = client.get(page_of(made))
    assert "Ibu Sari" not in page.text
    assert "Sudah cukup" in page.text


# --- Time runs --------------------------------------------------------------------------------------------------------
def test_who_proves_one_mailbox_after_the_other_is_not_shown_the_contacts_of_a_city(client, monkeypatch):
    monkeypatch.setattr(commitments, "MOST_CONTACTS", 1)
    made = [factories.promise(factories.need()) for _ in range(2)]
    for each in made:
        factories.contact(each.lines.get().need.location)
        client.post(proof_of(each))
        each.refresh_from_db()
    assert [(each.state, each.needs_review) for each in made] == [(S.REGISTERED, False), (S.REGISTERED, True)]
    assert [shown.commitment for shown in Disclosure.objects.all()] == made[:1]
    page = client.get(page_of(made[1]))
    assert page.context["contacts"] == []
    told = OutboxMessage.objects.filter(subject__contains=made[1].code).latest("pk")
    for text in page.text, decrypt(told.body_cipher):
        assert "sudah dibuka kontak banyak tempat" in text
        assert "bantuannya besar" not in text


def test_an_unproved_promise_lapses_and_the_need_reopens(client):
    need = factories.need()
    made = factories.promise(need, 3, now=timezone.now() - timedelta(hours=25))
    assert deadlines.lapse_due(timezone.now()) == 1
    need.refresh_from_db()
    assert need.reserved == 0
    assert "sudah berakhir" in client.get(page_of(made)).text


def test_a_late_promise_is_asked_once_per_date(client):
    then = timezone.now() - timedelta(days=5)
    need = factories.need(now=then)
    factories.contact(need.location)
    made = factories.accepted(need, now=then)
    before = len(mails())
    assert deadlines.ask_late(timezone.now()) == 1
    assert len(mails()) == before + 2
    assert deadlines.ask_late(timezone.now()) == 0
    assert "Terlambat" in client.get(page_of(made)).text
    made.refresh_from_db()
    commitments.postpone(commitment=made, date=timezone.localdate(), now=timezone.now())
    assert deadlines.ask_late(timezone.now() + timedelta(days=3)) == 0
    assert deadlines.ask_late(timezone.now() + timedelta(days=4)) == 1


def test_reminders_come_at_24_and_44_hours():
    start = timezone.now()
    factories.registered(factories.need(), now=start)
    hours = {hour: deadlines.remind_due(start + timedelta(hours=hour)) for hour in (23, 24, 30, 44, 47)}
    assert hours == {23: 0, 24: 1, 30: 0, 44: 1, 47: 0}


def test_after_seven_days_the_capacity_returns():
    then = timezone.now() - timedelta(days=9)
    need = factories.need(now=then)
    factories.accepted(need, 4, now=then)
    deadlines.lapse_due(timezone.now())
    need.refresh_from_db()
    assert (need.reserved, need.committed) == (0, 0)


def test_the_page_asks_the_database_little(client, django_assert_max_num_queries):
    need = factories.need()
    factories.contact(need.location)
    made = factories.accepted(need, 5)
    factories.deliver(made, ok=2)
    made.refresh_from_db()
    with django_assert_max_num_queries(11):
        client.get(page_of(made))
