"""`/`: what is lacking now and where, what anybody can do; and the pages about KSBB itself."""

from datetime import UTC, datetime

import pytest

from ksbb import views
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(client, url, **query):
    return client.get(url, query).content.decode()


def test_the_first_screen_says_what_is_lacking_and_what_to_do(client):
    factories.accepted(factories.need(100), 35)
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.context["sums"]["left"] == 65
    assert "65" in text.split("Paling sedikit dibantu")[0]
    for url in ("/beri-bantuan/", "/peta/", "/cek-kk/"):
        assert f'href="{url}"' in text


def test_the_least_helped_come_first_and_the_helped_not_at_all(client):
    helped, full, bare = factories.need(10), factories.need(10), factories.need(10)
    factories.promise(helped, 5)
    factories.promise(full, 10)
    names = [place["name"] for place in client.get("/").context["places"]]
    assert names == [bare.location.name, helped.location.name]


def test_every_kota_adds_up_its_places(client):
    factories.need(7, at=factories.location(within="31.74.04.1004"))
    factories.need(5, at=factories.location(within="31.71.01.1001"))
    left = {city["name"]: city["left"] for city in client.get("/").context["cities"]}
    assert left == {"Jakarta Selatan": 7, "Jakarta Pusat": 5}


def test_it_says_where_most_is_lacking_in_words_and_on_a_map(client):
    factories.need(7, at=factories.location(within="31.74.04.1004"))
    factories.need(5, at=factories.location(within="31.71.01.1001"))
    answer = client.get("/")
    assert [city["name"] for city in answer.context["most"]] == ["Jakarta Selatan", "Jakarta Pusat"]
    head = answer.content.decode().partition("Paling sedikit dibantu")[0]
    assert 'class="area-map' in head
    assert head.count('href="/wilayah/31.74/"') == 2


def test_packages_are_written_as_words_amid_a_sentence(client):
    factories.need(514)
    factories.need(3, of=factories.package("thr", name="THR"))
    text = text_of(client, "/")
    assert "514 sembako" in text
    assert "3 THR" in text


def test_the_milestone_is_computed_from_the_ledger(client):
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    then = datetime(2020, 5, 26, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
    factories.delivered(factories.need(9, now=then, during=factories.period(then.date() - timedelta(1))), 4, now=then)
    assert client.get("/").context["milestone"] == 4
    assert "27 Mei 2020" in text_of(client, "/")


def test_places_that_lack_nothing_any_more_are_not_said_to_lack(client):
    lacking, covered = factories.need(9, at=factories.location(1)), factories.need(5, at=factories.location(2))
    factories.promise(covered, 5)
    factories.promise(lacking, 2)
    for path in ("/", "/program/", "/program/pangan/", "/wilayah/31.74.05/"):
        text = text_of(client, path)
        assert "di 1 tempat" in text, path
        assert "di 2 tempat" not in text.replace("dari 14 paket di 2 tempat", ""), path


def test_a_city_without_a_past_claims_no_milestone(client):
    assert "27 Mei 2020" not in text_of(client, "/")


def test_newest_collaborations_name_only_who_may_be_named(client):
    need = factories.need(50)
    factories.promise(need, 1, by=factories.giver(name="Belum Terbukti"))
    factories.accepted(need, 2, by=factories.giver(name="Bu Wati"))
    factories.accepted(need, 3, by=factories.giver(name="Rahasia", attribution="anonim"))
    text = text_of(client, "/")
    assert "Bu Wati" in text
    assert "Hamba Allah" in text
    assert "Belum Terbukti" not in text
    assert "Rahasia" not in text


@pytest.mark.parametrize("url", ["/", "/tentang/", "/privasi/", "/aksesibilitas/"])
def test_pages_stand_without_any_data(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_the_page_asks_the_database_the_same_whatever_there_is(client, django_assert_max_num_queries):
    for _ in range(8):
        factories.accepted(factories.need(9), 2)
    with django_assert_max_num_queries(28):
        client.get("/")
    with django_assert_max_num_queries(2):
        client.get("/")


def test_no_page_sets_a_cookie_or_varies_by_one(client):
    answer = client.get("/")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_the_reconstruction_notice_belongs_to_the_demo(client, settings):
    assert "rekonstruksi" not in text_of(client, "/tentang/").lower()
    settings.DEMO = True
    assert "rekonstruksi" in text_of(client, "/tentang/").lower()


def test_the_milestones_day_is_the_published_one():
    assert views.MILESTONE.isoformat() == "2020-05-27"


def test_security_txt_says_whom_to_tell_until_when(client, settings):
    settings.SECURITY_CONTACT = "mailto:aman@contoh.id"
    answer = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == "mailto:aman@contoh.id"
    assert lines["Canonical"] == settings.SITE_URL + "/.well-known/security.txt"
    assert datetime.fromisoformat(lines["Expires"]) > datetime.now(UTC)
