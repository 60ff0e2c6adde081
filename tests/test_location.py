"""`/lokasi/<kode>/`: needs, who helps, what is on its way, RT table, checks, history, neighbours."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from donations.actions import periods, places
from donations.models import EntryKind
from donations.models.ledger import EFFECTS
from locations.models import RtRow
from locations.privacy import rt_table
from locations.views.history import WORDS
from tests import factories


def page(client, place):
    return client.get(f"/lokasi/{place.code}/")


@pytest.mark.django_db
def test_each_programme_has_its_own_promise(client):
    place = factories.location()
    factories.need(10, at=place)
    factories.need(4, at=place, of=factories.package("tablet", of=factories.program("pendidikan", "Pendidikan")))
    text = page(client, place).content.decode()
    for slug in ("pangan", "pendidikan"):
        assert f"/beri-bantuan/?lokasi={place.code}&amp;program={slug}" in text
    assert "Masih dibutuhkan 10 paket" in text


@pytest.mark.django_db
def test_nobody_is_asked_for_what_is_promised_already(client):
    need = factories.need(3)
    factories.promise(need, 3)
    text = page(client, need.location).content.decode()
    assert "/beri-bantuan/?lokasi" not in text
    assert "sudah ada yang menanggung" in text


@pytest.mark.django_db
def test_who_helps_is_named_only_when_confirmed_and_willing(client):
    need = factories.need(50)
    unproved = factories.promise(need, 1, by=factories.giver(name="Belum Terbukti"))
    known = factories.accepted(need, 2, by=factories.giver(name="Bu Wati"))
    factories.accepted(need, 3, by=factories.giver(name="Rahasia", attribution="anonim"))
    answer = page(client, need.location)
    text = answer.content.decode()
    assert "Bu Wati" in text
    assert "Hamba Allah" in text
    assert "Belum Terbukti" not in text
    assert "Rahasia" not in text
    assert len(answer.context["coming"]) == 3
    for commitment in (unproved, known):
        assert f"/kolaborasi/{commitment.code}/" in text


@pytest.mark.django_db
def test_what_was_accepted_is_still_coming_after_its_period(client):
    need = factories.need(9)
    made, arrived = factories.accepted(need, 5), factories.accepted(need, 2)
    factories.promise(need, 1)
    factories.deliver(arrived, ok=2)
    periods.close(period=need.period, now=timezone.now())
    assert [line["url"] for line in page(client, need.location).context["coming"]] == [f"/kolaborasi/{made.code}/"]


@pytest.mark.django_db
def test_what_arrived_is_no_longer_coming(client):
    need = factories.need(5)
    made = factories.accepted(need, 5)
    factories.deliver(made, ok=4, damaged=1, thanks="Terima kasih, warga senang.")
    answer = page(client, need.location)
    assert answer.context["coming"] == []
    assert answer.context["now"]["left"] == 1
    assert "Terima kasih, warga senang." in answer.content.decode()


@pytest.mark.django_db
def test_the_steps_of_verification_come_with_their_dates(client):
    place = factories.location(verified_at=None, verified_level="usulan", published=False)
    now = timezone.now()
    for level in ("kelurahan", "kecamatan"):
        places.verify(location=place, level=level, now=now, by=factories.user())
    places.publish(location=place, published=True, now=now, by=factories.user())
    states = [(step["state"], bool(step["at"])) for step in page(client, place).context["steps"]]
    assert states == [("done", True), ("done", True), ("todo", False)]


@pytest.mark.django_db
def test_closed_periods_are_history(client):
    need = factories.need(10)
    factories.accepted(need, 4)
    periods.close(period=need.period, now=timezone.now())
    context = page(client, need.location).context
    assert context["programs"] == []
    [closed] = context["history"]
    assert {name: closed[name] for name in ("needed", "committed", "delivered", "left")} == {
        "needed": 10, "committed": 4, "delivered": 0, "left": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_history_tells_what_happened_day_by_day(client):
    need = factories.need(10)
    factories.deliver(factories.accepted(need, 5), ok=3, damaged=2)
    [open_one] = page(client, need.location).context["history"]
    assert [step["label"] for step in open_one["steps"]] == [
        "Kebutuhan diumumkan: 10 sembako",
        "Dijanjikan: 5 sembako",
        "Menjadi komitmen: 5 sembako",
        "Tiba dengan baik: 3 sembako",
        "Tiba rusak: 2 sembako",
        "Masih dibutuhkan 7 paket",
    ]
    assert [step["state"] for step in open_one["steps"]] == ["done"] * 5 + ["current"]


@pytest.mark.django_db
def test_history_knows_nothing_of_money_and_families(client):
    kinds = {kind.value for kind in WORDS}
    assert not {kind for kind in kinds if kind.startswith(("fund.", "family."))}
    assert kinds == {kind.value for kind in EntryKind if kind in EFFECTS}


@pytest.mark.django_db
def test_the_first_screen_says_what_is_lacking_how_fresh_that_is_and_how_to_help(client):
    place = factories.location(verified_at=timezone.now() - timedelta(days=23))
    factories.promise(factories.need(10, at=place), 4)
    factories.need(5, at=place, of=factories.package("thr", name="THR"))
    text = page(client, place).content.decode().partition("Yang dibutuhkan")[0]
    for words in ("<strong>11</strong>", "6 sembako, 5 THR", "Terpenuhi 20 %", "23 hari lalu"):
        assert words in text
    assert f'href="/beri-bantuan/?lokasi={place.code}"' in text
    assert f'href="/peta/#{place.code}"' in text


@pytest.mark.django_db
def test_what_is_shared_carries_the_numbers_of_now(client):
    place = factories.location(7)
    factories.promise(factories.need(10, at=place), 4)
    answer = page(client, place)
    plea = "RW 07 Kebayoran Lama Utara masih butuh 6 paket: 6 sembako."
    assert answer.context["plea"] == plea
    text = answer.content.decode()
    assert f'<meta property="og:description" content="{plea}">' in text
    assert "wa.me/?text=RW+07+Kebayoran+Lama+Utara+masih+butuh+6+paket" in text
    assert f'href="/lokasi/{place.code}/poster/"' in text


@pytest.mark.django_db
def test_its_area_is_linked_with_what_is_lacking_there(client):
    here = factories.need(10)
    factories.need(7, at=factories.location())
    context = page(client, here.location).context
    assert (context["village"]["left"], context["village"]["places"]) == (17, 2)


@pytest.mark.django_db
def test_neighbours_that_lack_more_come_nearest_first(client):
    here = factories.need(10)
    factories.promise(here, 5)
    near = factories.need(10, at=factories.location(longitude="106.77900"))
    far = factories.need(10, at=factories.location(longitude="106.79900"))
    better = factories.need(10, at=factories.location(longitude="106.77831"))
    factories.promise(better, 9)
    names = [row["code"] for row in page(client, here.location).context["nearby"]]
    assert names == [near.location.code, far.location.code, better.location.code]


@pytest.mark.django_db
def test_the_point_is_called_what_it_is(client):
    home = factories.kind("panti-asuhan", "Panti asuhan", houses_children=True)
    assert "hanya ditunjukkan sampai kelurahan" in page(client, factories.location(1, of_kind=home)).content.decode()
    assert "perkiraan" in page(client, factories.location()).content.decode()


@pytest.mark.django_db
def test_unknown_places_are_404(client):
    assert client.get("/lokasi/tidak-ada/").status_code == 404


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    need = factories.need(90)
    for _ in range(6):
        factories.delivered(need, 2)
        factories.promise(need, 2)
        factories.need(3, at=factories.location())
    for number in range(1, 12):
        RtRow.objects.create(location=need.location, rt=number, families=number)
    with django_assert_max_num_queries(18):
        page(client, need.location)


# --- RT table ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ([(1, 12), (2, 9)], [("RT 01", 12), ("RT 02", 9)]),
        ([(1, 3), (2, 9), (3, 1)], [("RT 01", None), ("RT 02", 9), ("RT 03", None)]),
        ([(1, 3), (2, 9), (3, 7)], [("RT 01 dan 03", 10), ("RT 02", 9)]),
        ([(1, 4), (2, 9), (3, 4), (4, 12)], [("RT 01, 02 dan 03", 17), ("RT 04", 12)]),
        ([(1, 0), (2, 9), (3, 0)], [("RT 01, 02 dan 03", 9)]),
        ([(1, 4), (2, 4)], []),
        ([(1, 4)], []),
        ([], []),
    ],
)
def test_small_counts_are_hidden_in_twos_or_told_together(rows, labels):
    assert [(line.label, line.families) for line in rt_table(rows)] == labels


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 60) | st.integers(0, 6), min_size=2))
def test_no_small_count_follows_from_the_total(counts):
    """Whoever subtracts what is told from the RW's total finds no hidden count: each can still be two numbers."""
    lines = rt_table(sorted(counts.items()))
    told = [line for line in lines if line.families is not None]
    hidden = len(lines) - len(told)
    left = sum(counts.values()) - sum(line.families for line in told)
    possible = [families for families in range(5) if 0 <= left - families <= 4 * (hidden - 1)]
    assert not hidden or len(possible) > 1
    assert all(line.families >= 5 or len(line.numbers) > 1 for line in told)
    assert all(line.families == sum(counts[number] for number in line.numbers) for line in told)
    assert not lines or sorted(number for line in lines for number in line.numbers) == sorted(counts)


@pytest.mark.django_db
def test_the_table_on_the_page_hides_small_counts(client):
    place = factories.location(vulnerable_families=20)
    for number, families in ((1, 3), (2, 13), (3, 4)):
        RtRow.objects.create(location=place, rt=number, families=families)
    text = page(client, place).content.decode()
    assert text.count("&lt;5</td>") == 2
    assert "13</td>" in text
