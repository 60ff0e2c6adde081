"""Every message: written in plain Indonesian, with all it needs, to those it concerns and to nobody else."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from donations.actions import addresses, commitments, deadlines, funds, messages
from donations.actions.ledger import wib_day
from donations.models import CommitmentState, ContactPerson, Party
from ksbb.core.crypto import decrypt
from ksbb.core.models import OutboxMessage
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = wib_day(NOW)
DONOR, PLACE = "budi@contoh.id", "sari@contoh.id"


@pytest.fixture
def need():
    made = factories.need(20, at=factories.location(3))
    factories.contact(made.location, name="Ibu Sari", email=PLACE)
    return made


def giver(**more):
    return factories.giver(DONOR, name="Budi & Keluarga", **more)


def at_home():
    """Return a need of a home for children, for which staff look at each promise."""
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    return factories.need(at=factories.location(of_kind=home))


def caused(what):
    """Run `what`; return the messages it caused as {(recipient, first words of the subject): text}."""
    before = OutboxMessage.objects.count()
    what()
    rows = OutboxMessage.objects.order_by("pk")[before:]
    return [(decrypt(row.recipient_cipher), row.subject, decrypt(row.body_cipher)) for row in rows]


def sent_to(rows):
    return [recipient for recipient, _subject, _body in rows]


def life(need):
    """Yield (name, who must hear of it, what happens) along a promise's life."""
    made = factories.promise(need, 5, by=giver(), now=NOW)
    day = TODAY + timedelta(days=2)
    yield "registered", [DONOR, PLACE], lambda: commitments.register(commitment=made, now=NOW)
    yield "asked", [DONOR], lambda: commitments.propose_date(commitment=made, date=day, now=NOW)
    yield "accepted", [DONOR, PLACE], lambda: commitments.accept(commitment=made, date=TODAY, now=NOW)
    yield (
        "asked back",
        [PLACE],
        lambda: commitments.propose_date(commitment=made, date=day, now=NOW, party=Party.DONOR),
    )
    yield (
        "agreed",
        [DONOR, PLACE],
        lambda: commitments.agree_date(commitment=made, now=NOW, party=Party.PLACE),
    )
    yield "sent", [PLACE], lambda: commitments.send(commitment=made, now=NOW)
    yield "late", [DONOR, PLACE], lambda: messages.late(made, now=NOW)
    yield "reminder", [DONOR], lambda: messages.reminder(made, now=NOW)
    yield "link", [DONOR], lambda: messages.link_again(made, now=NOW)
    yield "counted", [DONOR], lambda: factories.deliver(made, ok=4, damaged=1, now=NOW, thanks="Matur nuwun")


def test_each_step_tells_those_it_concerns(need):
    for name, heard, happens in life(need):
        assert (name, sent_to(caused(happens))) == (name, heard)


def test_every_message_stands_on_its_own(need):
    """A subject, whole sentences, the packages, a link that works, no template left-overs, no escaped signs."""
    for name, _heard, happens in life(need):
        for _recipient, subject, body in caused(happens):
            assert subject, name
            assert "\n" not in subject
            assert len(subject) <= 100
            assert settings.SITE_URL in body
            assert not any(rest in body for rest in ("{{", "{%", "None", "&amp;", "&#x27;", "\n\n\n")), body
            assert "Kode kolaborasi: KSBB-" in body


def test_names_are_written_as_they_are(need):
    rows = caused(lambda: factories.registered(need, by=giver()))
    assert any("Budi & Keluarga menjanjikan" in body for _to, _subject, body in rows)


@pytest.mark.parametrize("language", ["id", "en"])
def test_mails_are_indonesian_whoever_causes_them(need, language):
    with translation.override(language):
        rows = caused(lambda: factories.accepted(need, by=giver()))
    text = rows[-1][2]
    assert translation.get_language() == "id"
    assert "diharapkan tiba pada" in text
    assert "/en/" not in text


def test_ends_are_told_to_places_that_had_heard(need):
    unheard = factories.promise(need, by=giver(), now=NOW)
    assert sent_to(caused(lambda: commitments.cancel(commitment=unheard, reason="Salah pilih", now=NOW))) == [DONOR]
    heard = factories.registered(need, by=giver(), now=NOW)
    rows = caused(lambda: commitments.cancel(commitment=heard, reason="Toko tutup", now=NOW))
    assert sent_to(rows) == [DONOR, PLACE]
    assert all("Toko tutup" in body for _to, _subject, body in rows)
    late = factories.registered(need, by=giver(), now=NOW)
    assert sent_to(caused(lambda: commitments.expire(commitment=late, now=NOW))) == [DONOR, PLACE]
    refused = factories.registered(need, by=giver(), now=NOW)
    assert sent_to(caused(lambda: commitments.reject(commitment=refused, reason="Cukup", now=NOW))) == [DONOR]


def test_what_waits_for_staff_is_not_told_to_the_place():
    need = at_home()
    factories.contact(need.location, email=PLACE)
    rows = caused(lambda: factories.registered(need, by=giver(), now=NOW))
    assert sent_to(rows) == [DONOR, DONOR]
    assert "sedang kami periksa" in rows[-1][1]


def test_a_place_without_person_in_charge_names_the_desk():
    rows = caused(lambda: factories.registered(factories.need(), by=giver()))
    assert "meja layanan Kelurahan Kebayoran Lama Utara" in rows[-1][2]


def test_no_mail_carries_the_others_contact(need):
    """Contacts stand on the private pages only, so that they end with the promise."""
    for _name, _heard, happens in life(need):
        for recipient, _subject, body in caused(happens):
            assert (DONOR if recipient == PLACE else PLACE) not in body
            assert "6281234567890" not in body


def test_a_whatsapp_donor_gets_no_mail_and_staff_get_the_words(need):
    made = factories.promise(need, 5, by=factories.giver("0812 3456 7899"), now=NOW)
    rows = caused(lambda: commitments.register(commitment=made, now=NOW, by=factories.user()))
    assert sent_to(rows) == [PLACE]
    link = urlsplit(messages.state_whatsapp_url(made))
    assert link.path == "/6281234567899"
    assert "Janji Anda sudah terdaftar" in parse_qs(link.query)["text"][0]


def test_staff_tell_a_whatsapp_donor_that_they_look_at_her_promise_first():
    made = factories.promise(at_home(), 5, by=factories.giver("0812 3456 7899"), now=NOW)
    commitments.register(commitment=made, now=NOW, by=factories.user())
    words = parse_qs(urlsplit(messages.state_whatsapp_url(made)).query)["text"][0]
    assert str(made.review_reason.label) in words
    assert "kabari lewat WhatsApp" in words
    assert "Hubungi" not in words


def test_a_promise_lapses_though_the_key_of_its_contact_is_lost(need, settings, caplog):
    made = factories.promise(need, 5, by=giver(), now=NOW)
    settings.CONTACT_KEY = "the-key-after-a-restore-without-the-old-one"
    rows = caused(lambda: deadlines.lapse_due(NOW + timedelta(days=5)))
    made.refresh_from_db()
    assert (made.state, rows) == (CommitmentState.EXPIRED, [])
    assert "cannot be read" in caplog.text


def test_staff_write_to_nobody_by_whatsapp_who_gave_a_mailbox(need):
    assert messages.state_whatsapp_url(factories.promise(need, by=giver())) == ""


def test_the_two_write_to_each_other_with_filled_in_words(need):
    made = factories.registered(need, 5, by=giver())
    contact = ContactPerson.objects.select_related("location").get()
    lines = list(messages.lines_for(made))
    there = unquote(messages.donor_to_place_url(made, contact, lines))
    assert there.startswith("https://wa.me/6281234567890?text=Halo Ibu Sari, saya Budi & Keluarga")
    assert f"5 paket sembako, {need.location.name}" in there
    back = unquote(messages.place_to_donor_url(made, contact, lines))
    assert back.startswith(f"mailto:{DONOR}?subject=Bantuan Anda untuk {need.location.name}")
    assert "saya Ibu Sari dari" in back


def test_the_link_to_an_unproved_promise_brings_the_proof_along(need):
    made = factories.promise(need, by=giver())
    body = caused(lambda: messages.link_again(made, now=NOW))[0][2]
    assert addresses.proof_url(made) in body


def test_money_is_told_about_at_its_steps():
    given = factories.giver("dana@contoh.id")
    rows = caused(lambda: factories.received(by=given))
    assert sent_to(rows) == ["dana@contoh.id"] * 2
    assert "Rp 20.000.000" in rows[0][2]
    assert "KSBB tidak memegang uang" in rows[0][2]
    assert all("/dana-saya/" in body for _to, _subject, body in rows)
    silent = factories.pledged(by=factories.giver("081234567890"))
    assert caused(lambda: funds.receive(contribution=silent, amount=1, now=NOW, by=factories.user())) == []


# --- On the demo ------------------------------------------------------------------------------------------------------
def test_the_demo_shows_a_browser_its_own_mails_only(client, need, settings):
    settings.DEMO = True
    made = factories.promise(need, by=giver())
    proof = addresses.proof_url(made).removeprefix(settings.SITE_URL)
    assert "Belum ada surel" in client.get(reverse("demo_mail")).text
    client.post(proof)
    page = client.get(reverse("demo_mail"))
    assert [mail["to"] for mail in page.context["mails"]] == [PLACE, DONOR]
    assert 'href="http://testserver/lokasi-saya/' in page.text
    assert "no-store" in page["Cache-Control"]


def test_another_browser_sees_nothing(client, need, settings):
    settings.DEMO = True
    client.post(addresses.proof_url(factories.promise(need, by=giver())).removeprefix(settings.SITE_URL))
    assert Client().get(reverse("demo_mail")).context["mails"] == []


def test_without_the_demo_there_is_no_such_page(client):
    assert client.get(reverse("demo_mail")).status_code == 404
