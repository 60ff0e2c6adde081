"""The promise form step by step, as a browser without scripts goes through it: nothing typed is ever lost."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donations.actions import givers, places, promises
from donations.models import Commitment
from donations.outlook import outlook
from ksbb.core import throttle
from locations.models import Need
from tests import factories
from tests.test_promise import address, errors
from tests.typed import Form

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


class Walk:
    """A donor without scripts: she types into what the page shows and presses one of its buttons."""

    def __init__(self, client, path):
        self.client = client
        self.see(client.get(path), path)

    def see(self, answer, path):
        hops = getattr(answer, "redirect_chain", [])
        self.path, self.page, self.status = hops[-1][0] if hops else path, answer, answer.status_code
        self.form = Form(answer.text, "janji")

    def press(self, value, button="to", *, at=None, **typed):
        path = at or self.form.action
        path = reverse("promise") + path if path.startswith("?") else path
        data = {**self.form.fields, **typed, button: value}
        self.see(self.client.post(path, data, follow=True), path)
        return self

    @property
    def step(self):
        return self.page.context["step"]


@pytest.fixture
def need():
    return factories.need(40)


@pytest.fixture
def walk(client, need):
    return Walk(client, address(need.location))


def to_review(walk, need, quantity="3", **more):
    walk.press("next", **{f"need_{need.pk}": quantity})
    return walk.press("next", **{"name": "Budi Santoso", "contact": "budi@contoh.id", **more})


def sent(walk, need):
    return walk.press("send", **{f"statement_{need.package.statement_id}": "on"})


# --- Forward and back -------------------------------------------------------------------------------------------------
def test_three_presses_make_a_promise(walk, need):
    assert walk.step == 1
    assert to_review(walk, need).step == 3
    assert Commitment.objects.count() == 0
    sent(walk, need)
    assert "/komitmen-saya/" in walk.path
    assert Commitment.objects.get().lines.get().quantity == 3


def test_the_second_step_has_an_address_that_holds_nothing_personal(walk, need):
    walk.press("next", **{f"need_{need.pk}": "3", "window_start": timezone.localdate().isoformat()})
    assert walk.step == 2
    assert f"jumlah-{need.pk}=3" in walk.path
    assert f"mulai={timezone.localdate().isoformat()}" in walk.path
    again = Walk(walk.client, walk.path)
    assert again.form.fields[f"need_{need.pk}"] == "3"
    assert to_review(again, need).step == 3
    assert "budi" not in again.path


def test_enter_presses_the_button_that_leads_on(walk, need):
    assert walk.form.buttons[0][:2] == ("to", "next")
    assert to_review(walk, need).form.buttons[0][:2] == ("to", "send")


def test_back_and_change_lose_nothing(walk, need):
    to_review(walk, need)
    walk.press("1")
    assert (walk.step, walk.form.fields[f"need_{need.pk}"]) == (1, "3")
    assert walk.form.fields["contact"] == "budi@contoh.id"
    walk.press("next", **{f"need_{need.pk}": "4"})
    assert walk.step == 3
    walk.press("2", alias="Kawan")
    assert (walk.step, walk.form.fields["name"], walk.form.fields["alias"]) == (2, "Budi Santoso", "Kawan")


def test_what_is_wrong_does_not_stand_in_the_way_back(walk, need):
    walk.press("next", **{f"need_{need.pk}": "3"})
    walk.press("1", contact="bukan")
    assert (walk.step, walk.status, walk.form.fields["contact"]) == (1, 200, "bukan")


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "need"), ({"window_end": "kapan"}, "window_end"), ({"contents": "setara"}, "equivalent")],
)
def test_a_step_says_what_is_wrong_and_stays(walk, need, typed, field):
    box = f"need_{need.pk}"
    walk.press("next", **({box: "3"} | typed if typed else {}))
    assert (walk.step, walk.status) == (1, 400)
    assert errors(walk.page, box if field == "need" else field)
    assert errors(walk.page, "name") == errors(walk.page, "contact") == []


def test_a_step_with_an_error_keeps_what_was_typed(walk, need):
    walk.press("next", **{f"need_{need.pk}": "tiga"})
    assert walk.form.fields[f"need_{need.pk}"] == "tiga"
    assert 'href="#id_need_' in walk.page.text


def test_only_the_statement_is_missing_on_the_last_step(walk, need):
    to_review(walk, need).press("send")
    assert (walk.step, walk.status) == (3, 400)
    assert errors(walk.page, f"statement_{need.package.statement_id}")


def test_the_key_lives_through_all_steps(walk, need):
    walk.press("next", **{f"need_{need.pk}": "3"})
    key = walk.form.fields["key"]
    assert len(key) >= 20
    to_review(walk, need)
    assert walk.form.fields["key"] == key
    data = {**walk.form.fields, f"statement_{need.package.statement_id}": "on", "to": "send"}
    first, second = (walk.client.post(address(need.location), data) for _ in range(2))
    assert first.url == second.url
    assert Commitment.objects.count() == 1


# --- What is left -----------------------------------------------------------------------------------------------------
def test_too_many_are_refused_before_the_name_is_asked(walk, need):
    other = factories.need(30)
    walk.press("next", **{f"need_{need.pk}": "41"})
    assert (walk.step, walk.status) == (1, 409)
    assert errors(walk.page, f"need_{need.pk}") == ["Sisa tinggal 40 paket. Kurangi jumlahnya."]
    shift = next(button for button in walk.form.buttons if button[0] == "shift")
    walk.press(shift[1], "shift", at=shift[2])
    assert walk.step == 1
    assert walk.form.fields[f"need_{need.pk}"] == "40"
    assert walk.form.fields[f"need_{other.pk}"] == "1"
    assert to_review(walk, need, quantity="40").step == 3
    sent(walk, need)
    assert sorted(Commitment.objects.get().lines.values_list("quantity", flat=True)) == [1, 40]


def test_who_is_slower_at_the_last_press_comes_back_to_the_amount(walk, need):
    to_review(walk, need, quantity="30")
    factories.promise(need, 15)
    sent(walk, need)
    assert (walk.step, walk.status) == (1, 409)
    assert errors(walk.page, f"need_{need.pk}") == ["Sisa tinggal 25 paket. Kurangi jumlahnya."]
    assert walk.form.fields["name"] == "Budi Santoso"


def test_a_pause_that_comes_between_two_steps_is_told_beside_the_box(walk, need):
    walk.press("next", **{f"need_{need.pk}": "3"})
    places.pause(contact=factories.contact(need.location), until=timezone.localdate(), now=timezone.now())
    walk.press("next", name="Budi", contact="budi@contoh.id")
    assert (walk.step, walk.status) == (1, 409)
    assert "cukup dulu" in errors(walk.page, f"need_{need.pk}")[0]


def test_three_open_promises_are_told_beside_the_contact(walk, need):
    for _ in range(3):
        factories.promise(need, by=factories.giver("budi@contoh.id"))
    to_review(walk, need)
    sent(walk, need)
    assert (walk.step, walk.status) == (2, 409)
    assert "tiga janji" in errors(walk.page, "contact")[0]


# --- Partner ----------------------------------------------------------------------------------------------------------
def test_a_partner_may_carry_it_out(walk, need, client):
    partner, _closed = factories.aggregator(), factories.aggregator(licensed=False)
    walk = Walk(client, address(need.location))
    assert [one.pk for one in walk.page.context["form"].fields["aggregator"].queryset] == [partner.pk]
    walk.press("next", **{f"need_{need.pk}": "3", "aggregator": str(partner.pk)})
    to_review(walk, need)
    assert partner.collaborator.name in walk.page.text
    sent(walk, need)
    assert Commitment.objects.get().aggregator == partner


def test_a_partner_without_a_licence_is_refused(walk, need):
    closed = factories.aggregator(licensed=False)
    walk.press("next", **{f"need_{need.pk}": "3", "aggregator": str(closed.pk)})
    assert (walk.step, walk.status) == (1, 400)
    assert errors(walk.page, "aggregator")


# --- What happens next ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("quantity", "contact", "words"),
    [
        ("3", "budi@contoh.id", ["24 jam, sampai", "tekan tautan yang kami kirim ke budi@contoh.id", "2 × 24 jam"]),
        ("30", "0812 3456 7890", ["2 jam, sampai", "WhatsApp", "bukan 24"]),
    ],
)
def test_the_last_step_says_what_happens_and_by_when(walk, need, quantity, contact, words):
    text = to_review(walk, need, quantity, contact=contact).page.text
    assert [word for word in words if word not in text] == []


def test_it_says_the_same_as_what_then_happens(need):
    now = timezone.now()
    for quantity in (25, 26):
        seen = outlook([need], {need.pk: quantity}, contact="budi@contoh.id", now=now)
        with transaction.atomic():
            made = factories.promise(need, quantity, now=now)
            transaction.set_rollback(True)
        assert (seen.held_until, bool(seen.review_reason)) == (made.expires_at, made.needs_review)


def test_the_review_of_children_and_of_much_is_foretold(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    panti, much = factories.need(9, at=factories.location(of_kind=home)), factories.need(100)
    assert "merawat anak" in to_review(Walk(client, address(panti.location)), panti).page.text
    assert "bantuannya besar" in to_review(Walk(client, address(much.location)), much, "51").page.text


# --- Too often --------------------------------------------------------------------------------------------------------
def test_one_address_may_not_send_without_end(walk, need, settings):
    settings.PROMISE_LIMIT = 2
    for _ in range(2):
        throttle.hit("promise", "127.0.0.1", timezone.now())
    to_review(walk, need)
    sent(walk, need)
    assert (walk.step, walk.status) == (3, 429)
    assert 0 < int(walk.page["Retry-After"]) <= 3600
    assert walk.form.fields["contact"] == "budi@contoh.id"
    assert Commitment.objects.count() == 0
    settings.PROMISE_LIMIT = 0
    sent(walk, need)
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize(("packages", "status"), [(74, 200), (75, 429)])
def test_one_address_may_not_hold_what_a_city_lacks(walk, need, settings, packages, status):
    settings.PROMISE_LIMIT = 3
    since, until = throttle.day_of(timezone.now())
    throttle.add("promise-packages", "127.0.0.1", packages, since=since, until=until)
    to_review(walk, need)
    sent(walk, need)
    assert (walk.status, Commitment.objects.count()) == (status, status == 200)
    assert status == 200 or 0 < int(walk.page["Retry-After"]) <= 24 * 3600


def test_no_mailbox_is_flooded_in_its_own_name(walk, need, monkeypatch):
    monkeypatch.setattr(promises, "MOST_MAILS", 1)
    throttle.add_all(givers.mails_to("budi+lain@contoh.id", timezone.now()))
    to_review(walk, need)
    sent(walk, need)
    assert (walk.status, Commitment.objects.count()) == (429, 0)
    assert "Sudah banyak janji dengan kontak ini" in walk.page.text


def test_looking_and_going_back_and_forth_is_not_counted(walk, need, settings):
    settings.PROMISE_LIMIT = 1
    for _ in range(3):
        to_review(walk, need).press("1")
    to_review(walk, need)
    sent(walk, need)
    assert Commitment.objects.count() == 1


# --- Whatever comes ---------------------------------------------------------------------------------------------------
def test_no_step_writes_and_each_asks_little(walk, need, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        walk.press("next", **{f"need_{need.pk}": "3"})
    with django_assert_max_num_queries(6):
        walk.press("next", name="Budi", contact="budi@contoh.id")
    with django_assert_max_num_queries(6):
        walk.press("1")
    assert Commitment.objects.count() == 0


def test_the_pages_are_kept_by_nobody_else(walk, need):
    for page in (walk.page, to_review(walk, need).page):
        assert "private" in page["Cache-Control"]
        assert "no-cache" in page["Cache-Control"]
        assert "sessionid" not in page.cookies


def tomorrow():
    return (timezone.localdate() + timedelta(days=1)).isoformat()


WORDS = st.one_of(
    st.sampled_from(["", "0", "1", "3", "7", "-1", "on", "setara", "acuan", "alias", "anonim", "nama", "perorangan"]),
    st.sampled_from(["budi@contoh.id", "0812 3456 7890", "9" * 30, "send"]),
    st.builds(tomorrow),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)
PRESSES = st.tuples(
    st.sampled_from(["to", "shift", "step", "lain"]), st.sampled_from(["next", "send", "1", "2", "9", "a:b"])
)


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_in_whatever_order_is_answered_and_never_too_much(data):
    """Any mixture of buttons and tampered fields: no fault, nothing promised twice or beyond what is needed."""
    with transaction.atomic():
        cache.clear()
        need = factories.need(7)
        meal = factories.need(2, at=need.location, of=factories.package("siap-saji", 45_000))
        walk = Walk(Client(), address(need.location))
        right = {f"need_{need.pk}": "3", "name": "Budi", f"statement_{need.package.statement_id}": "on"}
        for turn in range(data.draw(st.integers(1, 5))):
            names = [*walk.form.fields, f"need_{meal.pk}", f"statement_{need.package.statement_id}", "lokasi", "key"]
            typed = data.draw(st.dictionaries(st.sampled_from(sorted({*names})), WORDS, max_size=4))
            button, value = data.draw(PRESSES)
            contact = f"budi{turn}@contoh.id"
            walk.press(value, button, at=address(need.location), **{**right, "contact": contact, **typed})
            assert walk.status < 500
            if "/komitmen-saya/" in walk.path:
                walk = Walk(walk.client, address(need.location))
        for one in Need.objects.all():
            assert 0 <= one.reserved <= one.quantity
            promised = sum(one.lines.values_list("reserved", flat=True))
            assert promised == one.reserved
        transaction.set_rollback(True)
