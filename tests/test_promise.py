"""`/beri-bantuan/`: finding a place, promising packages to it, and every way in which that is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from donations.actions import commitments, periods, places
from donations.models import Attribution, Collaborator, Commitment, CommitmentState
from ksbb.core.crypto import decrypt, private_link
from ksbb.core.models import AuditEntry, OutboxMessage
from locations.models import Need
from tests import factories

pytestmark = pytest.mark.django_db


def address(location, **query):
    return reverse("promise", query={"lokasi": location.code, **query})


def filled(*needs, **changes):
    """The last step as a careful donor sends it: three of each package."""
    data = {f"need_{need.pk}": "3" for need in needs}
    data |= {f"statement_{need.package.statement_id}": "on" for need in needs}
    data |= {
        "contents": "acuan",
        "window_start": timezone.localdate().isoformat(),
        "window_end": (timezone.localdate() + timedelta(days=3)).isoformat(),
        "category": "perorangan",
        "name": "Budi Santoso",
        "attribution": "nama",
        "contact": "budi@contoh.id",
        "key": "kunci-uji",
        "step": "3",
        "to": "send",
    }
    return {**data, **changes}


def errors(response, name):
    return list(response.context["form"].errors.get(name, []))


# --- Finding a place --------------------------------------------------------------------------------------------------
def test_without_a_place_the_least_helped_are_offered(client):
    little, much = factories.need(10), factories.need(10)
    factories.promise(much, 9)
    page = client.get(reverse("promise"))
    assert page.status_code == 200
    assert page.context["places"] == [little.location, much.location]
    assert address(little.location).replace("&", "&amp;") in page.text


def test_a_full_or_paused_place_is_not_offered(client):
    full, paused = factories.need(2), factories.need(5)
    factories.promise(full, 2)
    places.pause(contact=factories.contact(paused.location), until=timezone.localdate(), now=timezone.now())
    assert client.get(reverse("promise")).context["places"] == []


def test_an_unknown_place_is_named_and_helped(client):
    page = client.get(reverse("promise", query={"lokasi": "tidak-ada"}))
    assert page.status_code == 400
    assert "tidak kami temukan" in page.text


def test_a_hidden_place_takes_no_promise(client):
    hidden = factories.location(published=False)
    assert client.get(address(hidden)).status_code == 400


# --- The form ---------------------------------------------------------------------------------------------------------
def test_the_form_shows_what_is_left_and_how_long_it_is_held(client):
    need = factories.need(200)
    factories.promise(need, 35)
    page = client.get(address(need.location))
    assert "Masih dibutuhkan 165 paket" in page.text
    assert "Sampai 40 paket kami simpan 24 jam" in page.text
    assert "Beras 5 kg" in page.text


def test_a_link_fills_in_a_package_and_its_quantity(client):
    need = factories.need(4)
    page = client.get(address(need.location, paket="sembako", jumlah="9"))
    assert page.context["form"][f"need_{need.pk}"].value() == 4


def test_one_programme_at_a_time(client):
    food = factories.need(5)
    other = factories.package("tablet", 2_000_000, of=factories.program("pendidikan", "Pendidikan"))
    tablet = factories.need(5, at=food.location, of=other)
    assert client.get(address(food.location)).context["form"].needs == [food]
    page = client.get(address(food.location, program="pendidikan"))
    assert list(page.context["needs"]) == [tablet]
    assert client.get(address(food.location, program="tidak-ada")).status_code == 400


def test_a_promise_reserves_all_lines_and_leads_to_the_private_page(client):
    rice = factories.need(10)
    meal = factories.need(20, at=rice.location, of=factories.package("siap-saji", 45_000))
    answer = client.post(address(rice.location), filled(rice, meal))
    made = Commitment.objects.get()
    assert answer.url == reverse("my_commitment", args=[private_link("commitment", made.code)])
    assert sorted(made.lines.values_list("need", "reserved")) == sorted([(rice.pk, 3), (meal.pk, 3)])
    assert (made.state, made.window_start) == (CommitmentState.SUBMITTED, timezone.localdate())
    assert made.statement == rice.package.statement
    assert AuditEntry.objects.get(kind="commitment.submitted").data["statements"] == ["makanan v1"]
    assert made.expires_at - made.submitted_at == timedelta(hours=24)


def test_a_large_promise_is_held_two_hours(client):
    need = factories.need(100)
    client.post(address(need.location), filled(need, **{f"need_{need.pk}": "26"}))
    made = Commitment.objects.get()
    assert made.expires_at - made.submitted_at == timedelta(hours=2)
    page = client.get(reverse("my_commitment", args=[private_link("commitment", made.code)]))
    assert "kami simpan 2 jam" in page.text


def test_a_double_click_makes_one_promise(client):
    need = factories.need(10)
    first, second = (client.post(address(need.location), filled(need)) for _ in range(2))
    assert first.url == second.url
    need.refresh_from_db()
    assert (need.reserved, Commitment.objects.count()) == (3, 1)


def test_the_third_promise_survives_a_double_click(client):
    need = factories.need(10)
    for n in range(3):
        data = filled(need, key=f"kunci-{n}", **{f"need_{need.pk}": "1"})
        answers = [client.post(address(need.location), data).status_code for _ in range(2)]
        assert answers == [302, 302]


def test_the_same_key_with_other_content_is_refused(client):
    need = factories.need(10)
    client.post(address(need.location), filled(need))
    page = client.post(address(need.location), filled(need, name="Orang Lain"))
    assert page.status_code == 422
    assert page.context["form"]["key"].value() != "kunci-uji"
    assert Commitment.objects.count() == 1


def test_a_form_sent_again_after_the_proof_opens_nothing(client):
    """Who typed another's address must not get the page that only the mailbox's owner may have."""
    need = factories.need(10)
    client.post(address(need.location), filled(need))
    commitments.register(commitment=Commitment.objects.get(), now=timezone.now())
    again = client.post(address(need.location), filled(need))
    assert client.get(again.url).status_code == 404


def test_the_key_is_made_by_the_server(client):
    need = factories.need(10)
    keys = {client.get(address(need.location)).context["form"]["key"].value() for _ in range(2)}
    assert len(keys) == 2
    assert min(map(len, keys)) >= 20
    client.post(address(need.location), filled(need, key=""))
    assert Commitment.objects.count() == 1


def test_an_equivalent_is_written_down(client):
    need = factories.need(10)
    client.post(address(need.location), filled(need, contents="setara", equivalent="Beras 10 kg"))
    assert Commitment.objects.get().equivalent == "Beras 10 kg"


@pytest.mark.parametrize(
    ("attribution", "alias", "shown"),
    [("nama", "", "Budi Santoso"), ("alias", "Kawan RW", "Kawan RW"), ("anonim", "", "Hamba Allah")],
)
def test_the_gift_shows_its_giver_as_asked(client, attribution, alias, shown):
    need = factories.need(10)
    client.post(address(need.location), filled(need, attribution=attribution, alias=alias))
    face = Collaborator.objects.get()
    assert (face.name, face.attribution) == (shown, Attribution(attribution))
    assert decrypt(face.giver.name_cipher) == "Budi Santoso"


def test_a_whatsapp_number_is_kept_in_one_form(client):
    need = factories.need(10)
    client.post(address(need.location), filled(need, contact="0812-3456 7890"))
    made = Commitment.objects.get()
    assert (made.contact_channel, decrypt(made.contact_cipher)) == ("whatsapp", "6281234567890")
    assert OutboxMessage.objects.count() == 0


def test_a_mail_with_the_proof_goes_out(client):
    need = factories.need(10)
    client.post(address(need.location), filled(need))
    body = decrypt(OutboxMessage.objects.get().body_cipher)
    assert reverse("prove_contact", args=[private_link("proof", Commitment.objects.get().code)]) in body
    assert "3 paket sembako" in body


@pytest.mark.parametrize("slug", ["pangan", "umkm", "pendidikan", "permukiman"])
def test_a_promise_goes_through_in_each_programme(client, slug):
    kinds = {"pangan": "barang", "umkm": "pinjaman", "pendidikan": "aset", "permukiman": "pekerjaan"}
    own = factories.statement(f"pernyataan-{slug}")
    package = factories.package(f"paket-{slug}", kind=kinds[slug], of=factories.program(slug), with_statement=own)
    need = factories.need(5, of=package)
    client.post(address(need.location), filled(need))
    assert Commitment.objects.get().statement == own


# --- Refusals ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Isi nama Anda"),
        ("contact", "bukan-surel@", "belum lengkap|tidak lengkap"),
        ("contact", "12345", "WhatsApp"),
        ("window_start", "", "Pilih tanggal"),
        ("window_end", "kapan-kapan", "Tulis tanggal"),
        ("attribution", "", "Pilih bagaimana"),
        ("category", "raja", ""),
        ("equivalent", "x" * 301, ""),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, field, value, message):
    need = factories.need(10)
    page = client.post(address(need.location), filled(need, **{field: value}))
    assert page.status_code == 400
    said = " ".join(errors(page, field))
    assert any(part in said for part in message.split("|"))
    assert 'href="#id_' in page.text
    assert Commitment.objects.count() == 0


@pytest.mark.parametrize("typed", ["-1", "abc", "1,5", "1e5", "9" * 50, "٣٣"])
def test_a_strange_quantity_is_refused(client, typed):
    need = factories.need(10)
    page = client.post(address(need.location), filled(need, **{f"need_{need.pk}": typed}))
    assert page.status_code in (400, 409)
    assert errors(page, f"need_{need.pk}")


@pytest.mark.parametrize("typed", ["1.500", "1500", " 1 500 "])
def test_dots_between_thousands_are_understood(client, typed):
    need = factories.need(2_000)
    client.post(address(need.location), filled(need, **{f"need_{need.pk}": typed}))
    need.refresh_from_db()
    assert need.reserved == 1_500


def test_nothing_promised_is_said_beside_the_first_box(client):
    need = factories.need(10)
    page = client.post(address(need.location), filled(need, **{f"need_{need.pk}": "0"}))
    assert errors(page, f"need_{need.pk}") == ["Isi jumlah untuk sedikitnya satu paket."]


def test_the_statement_must_be_ticked(client):
    need = factories.need(10)
    name = f"statement_{need.package.statement_id}"
    page = client.post(address(need.location), filled(need, **{name: ""}))
    assert "Centang" in errors(page, name)[0]


def test_only_the_statements_of_promised_packages_are_asked(client):
    rice = factories.need(10)
    cash = factories.package("thr", 50_000, kind="uang", with_statement=factories.statement("uang"))
    other = factories.need(10, at=rice.location, of=cash)
    data = filled(rice, other, **{f"need_{other.pk}": "", f"statement_{cash.statement_id}": ""})
    assert client.post(address(rice.location), data).status_code == 302


@pytest.mark.parametrize(
    ("start", "end", "field"), [(-1, 3, "window_start"), (0, 61, "window_end"), (5, 2, "window_end")]
)
def test_dates_must_make_sense(client, start, end, field):
    need = factories.need(10)
    days = {
        "window_start": timezone.localdate() + timedelta(days=start),
        "window_end": timezone.localdate() + timedelta(days=end),
    }
    page = client.post(address(need.location), filled(need, **days))
    assert page.status_code == 400
    assert errors(page, field)


def test_who_was_slower_hears_what_is_left_and_where_else(client):
    need = factories.need(10)
    same_village = factories.need(8)
    same_district = factories.need(9, at=factories.location(within="31.74.05.1001"))
    far = factories.need(9, at=factories.location(within="31.71.01.1001", latitude="-6.17000"))
    full = factories.need(1)
    factories.promise(full, 1)
    meal = factories.need(20, at=need.location, of=factories.package("siap-saji", 45_000))
    factories.promise(need, 8)
    page = client.post(address(need.location), filled(need, meal))
    assert page.status_code == 409
    assert errors(page, f"need_{need.pk}") == ["Sisa tinggal 2 paket. Kurangi jumlahnya."]
    assert [near.location for near in page.context["short"][0]["near"]] == [
        same_village.location,
        same_district.location,
        far.location,
    ]
    assert 'value="Budi Santoso"' in page.text
    assert f'value="{need.pk}:{same_village.pk}"' in page.text
    meal.refresh_from_db()
    assert meal.reserved == 0


def test_who_finds_the_last_one_gone_is_told(client):
    need, meal = factories.need(3), None
    meal = factories.need(20, at=need.location, of=factories.package("siap-saji", 45_000))
    factories.promise(need, 3)
    page = client.post(address(need.location), filled(need, meal))
    assert "Baru saja habis" in errors(page, f"need_{need.pk}")[0]


def test_distances_lead_to_no_hidden_point(client):
    """A panti for children stands at its kelurahan's point in every answer."""
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    place = factories.location(of_kind=home, latitude="-6.99999", longitude="106.11111")
    factories.need(8, at=place)
    need = factories.need(2)
    page = client.post(address(need.location), filled(need))
    near = page.context["short"][0]["near"][0]
    assert (near.location, near.distance_km) == (place, pytest.approx(0, abs=0.001))


def test_a_paused_place_says_so_and_takes_nothing(client):
    need, other = factories.need(10), factories.need(10)
    places.pause(
        contact=factories.contact(need.location), until=timezone.localdate() + timedelta(days=2), now=timezone.now()
    )
    assert "Cukup dulu sampai" in client.get(address(need.location)).text
    page = client.post(address(need.location), filled(need))
    assert page.status_code == 409
    assert other.location.name in page.text
    assert Commitment.objects.count() == 0


def test_a_pause_holds_against_a_form_opened_before(client):
    need = factories.need(10)
    contact = factories.contact(need.location)
    places.pause(contact=contact, until=timezone.localdate(), now=timezone.now())
    with pytest.raises(Exception, match="cukup dulu"):
        factories.promise(need)


def test_a_full_place_names_the_nearest(client):
    need, other = factories.need(2), factories.need(5)
    factories.promise(need, 2)
    page = client.get(address(need.location))
    assert "sudah ada yang menanggung" in page.text
    assert other.location.name in page.text


def test_a_contact_holds_three_open_promises(client):
    need = factories.need(10)
    for _n in range(3):
        factories.promise(need, by=factories.giver("budi@contoh.id"))
    page = client.post(address(need.location), filled(need))
    assert page.status_code == 409
    assert "tiga janji" in errors(page, "contact")[0]


def test_who_has_given_well_may_hold_more(client):
    need = factories.need(30)
    factories.delivered(need, by=factories.giver("budi@contoh.id"))
    for _n in range(3):
        factories.promise(need, by=factories.giver("budi@contoh.id"))
    assert client.post(address(need.location), filled(need)).status_code == 302


def test_two_new_givers_of_one_name_do_not_collide(client):
    need = factories.need(10)
    for n in range(2):
        client.post(address(need.location), filled(need, contact=f"budi{n}@contoh.id", key=f"k{n}"))
    assert Collaborator.objects.values("slug").distinct().count() == 2


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "O'Neil & Söhne 🙂", "a" * 120])
def test_any_name_is_taken_as_it_is(client, name):
    need = factories.need(10)
    page = client.post(address(need.location), filled(need, name=name), follow=True)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_the_form_asks_the_database_little(client, django_assert_max_num_queries):
    need = factories.need(10)
    for n in range(5):
        factories.need(10, at=need.location, of=factories.package(f"paket-{n}"))
    client.get(address(need.location))  # reads the small tables, which are kept
    with django_assert_max_num_queries(5):
        client.get(address(need.location))


@pytest.mark.parametrize("others", [0, 1])
def test_a_form_that_was_filled_before_the_week_ended_says_so_and_promises_nothing(client, others):
    this_week, next_week = factories.need(10), factories.period(timezone.localdate() + timedelta(days=7))
    longer = [factories.need(10, at=this_week.location, of=factories.package(), during=next_week)]
    typed = filled(this_week, *longer[:others])
    periods.close(period=this_week.period, now=timezone.now())
    page = client.post(address(this_week.location), typed)
    assert page.status_code == 400
    [box] = errors(page, f"need_{longer[0].pk}")
    assert "sudah ditutup" in box
    assert f"need_{this_week.pk}" not in page.text
    assert Commitment.objects.count() == 0


def test_a_need_that_closed_and_of_which_nothing_was_wanted_keeps_nobody_from_promising(client):
    this_week, next_week = factories.need(10), factories.period(timezone.localdate() + timedelta(days=7))
    longer = factories.need(10, at=this_week.location, of=factories.package(), during=next_week)
    typed = {**filled(longer), f"need_{this_week.pk}": "0"}
    periods.close(period=this_week.period, now=timezone.now())
    assert client.post(address(this_week.location), typed).status_code == 302


def test_a_closed_need_cannot_be_promised(client):
    need = factories.need(10)
    periods.close(period=need.period, now=timezone.now())
    page = client.post(address(need.location), filled(need))
    assert page.status_code == 409
    assert Need.objects.get().reserved == 0
