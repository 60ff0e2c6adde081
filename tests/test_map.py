"""The map's files: all public places, named by their content, written by the job alone; the page around them."""

import json
from datetime import timedelta
from itertools import accumulate

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from donations import changes
from ksbb.core import packed, version
from locations import snapshot
from locations.models import Location
from locations.snapshot_tables import AGES, GRID, NEVER, steps
from tests import factories
from tests.late import still_open

pytestmark = pytest.mark.django_db
NEAR = 0.5 / GRID + 1e-9  # degrees by which a point on the grid may lie beside the true one


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


def manifest(client):
    version.forget()
    return client.get("/api/v1/peta/").json()


def files(client):
    """Return the three tables that the manifest names, as a page gets them."""
    now = manifest(client)
    return [client.get(now[name]).json() for name in ("url", "nama", "kebutuhan")]


def codes_of(markers, names):
    """Return the places' codes in the files' order, as the map's module puts them together."""
    homes = [area for area, many in zip(markers["kelurahan"], markers["banyak"], strict=True) for _ in range(many)]
    return [
        rest[1:] if rest.startswith("=") else f"{home.replace('.', '')}-{rest}"
        for home, rest in zip(homes, names["kode"], strict=True)
    ]


def places_of(markers, names):
    """Return {code: what the file of markers says of a place}, as the map's module reads its columns."""
    lacking = iter(markers["sisa"])
    rows = zip(
        codes_of(markers, names),
        accumulate(markers["id"]),
        accumulate(markers["x"]),
        accumulate(markers["y"]),
        markers["terpenuhi"],
        markers["p"],
        markers["n"],
        strict=True,
    )
    return {
        code: {
            "id": key,
            "bujur": east / GRID,
            "lintang": north / GRID,
            "terpenuhi": share,
            "sisa": next(lacking) if 0 <= share < 100 else 0,
            "prioritas": flag == "1",
            "n": count,
        }
        for code, key, east, north, share, flag, count in rows
    }


def city():
    """Return a need half promised; beside it stand a place without needs, one fully helped, one of three needs."""
    need = factories.need(10)
    factories.accepted(need, 4)
    factories.location(within="31.74.04.1004", is_priority=True)
    factories.promise(factories.need(7), 7)
    several = factories.location(of_kind=factories.kind("pesantren", "Pesantren"), latitude="-6.30001")
    for package, quantity in (("sembako", 3), ("siap-saji", 5), ("lebaran", 9)):
        factories.need(quantity, at=several, of=factories.package(package))
    factories.location(published=False)
    return need


def test_the_file_holds_every_public_place(client):
    city()
    listed = client.get("/api/v1/lokasi/").json()
    markers, names, _needs = files(client)
    places = places_of(markers, names)
    assert manifest(client)["jumlah"] == listed["count"] == len(places) == 4
    for row in listed["results"]:
        place = places[row["kode"]]
        assert place["bujur"] == pytest.approx(row["bujur"], abs=NEAR)
        assert place["lintang"] == pytest.approx(row["lintang"], abs=NEAR)
        assert place["terpenuhi"] == (-1 if row["terpenuhi"] is None else int(row["terpenuhi"] * 100))
        assert place["sisa"] == sum(each["sisa_kebutuhan"] for each in row["kebutuhan"])
        assert place["n"] == len(row["kebutuhan"])
        assert place["prioritas"] == row["prioritas"]


def test_the_second_and_third_file_follow_the_first(client):
    city()
    markers, names, needs = files(client)
    codes = codes_of(markers, names)
    listed = {row["kode"]: row for row in client.get("/api/v1/lokasi/").json()["results"]}
    assert names["nama"] == [listed[code]["nama"] for code in codes]
    assert names["kelurahan"] == ["Ragunan", "Kebayoran Lama Utara"]
    rows = zip(needs["k"], needs["butuh"], needs["janji"], strict=True)
    for code, count in zip(codes, markers["n"], strict=True):
        told = {
            (needs["paket"][package], wanted, promised)
            for package, wanted, promised in (next(rows) for _ in range(count))
        }
        assert told == {
            (need["paket"], need["dibutuhkan"], need["diajukan"] + need["komitmen"])
            for need in listed[code]["kebutuhan"]
        }


def test_kelurahan_carry_their_families_and_areas_their_names(client):
    factories.location(vulnerable_families=120)
    factories.location(vulnerable_families=80)
    factories.location(vulnerable_families=4)  # too few to be told
    factories.location(within="31.74.04.1004")
    markers, _names, _needs = files(client)
    assert dict(zip(markers["kelurahan"], markers["rentan"], strict=True)) == {"31.74.04.1004": 0, "31.74.05.1006": 200}
    assert [area[:2] for area in markers["wilayah"]] == [
        ["31.74", "Jakarta Selatan"],
        ["31.74.04", "Pasar Minggu"],
        ["31.74.05", "Kebayoran Lama"],
    ]


def test_ages_count_weeks_before_the_newest_verification(client):
    now = timezone.now()
    for weeks in (0, 3, 700):
        factories.location(verified_at=now - timedelta(weeks=weeks))
    factories.location(verified_at=None)
    markers, _names, _needs = files(client)
    today = timezone.localdate(now)
    assert markers["diperiksa"] == (today - timedelta(days=today.weekday())).isoformat()
    assert markers["usia"] == "0" + "3" + AGES[-1] + NEVER


def test_a_visitor_never_writes_the_files(client):
    factories.location()
    files(client)
    client.get("/api/v1/peta/perubahan/?sejak=" + manifest(client)["versi"])
    client.get("/peta/")
    assert not snapshot.folder().exists()


def test_the_job_writes_once_and_again_when_the_data_move(client):
    need = factories.need(10)
    assert snapshot.rebuild() is True
    assert snapshot.rebuild() is False
    before = manifest(client)
    answer = client.get(before["url"])
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    factories.promise(need, 3)
    version.forget()
    assert snapshot.rebuild() is True
    after = manifest(client)
    assert before["url"] != after["url"]
    assert before["nama"] == after["nama"]
    assert client.get(before["url"]).status_code == 200


def test_the_files_come_compressed_ahead_of_time(client):
    factories.location()
    snapshot.rebuild()
    for name in ("url", "nama", "kebutuhan"):
        url = manifest(client)[name]
        plain = client.get(url)
        for encoding in ("br", "gzip"):
            answer = client.get(url, headers={"accept-encoding": encoding})
            assert answer["Content-Encoding"] == encoding
            assert answer["Vary"] == "Accept-Encoding"
            assert answer.content != plain.content


def test_the_manifest_is_304_until_a_new_file_is_there(client):
    factories.location()
    first = client.get("/api/v1/peta/")
    assert client.get("/api/v1/peta/", headers={"if-none-match": first["ETag"]}).status_code == 304
    snapshot.rebuild()
    assert client.get("/api/v1/peta/").json()["versi"] == first.json()["versi"]


def test_what_an_earlier_release_wrote_is_written_anew(client):
    factories.location()
    snapshot.folder().mkdir(parents=True)
    (snapshot.folder() / "manifest.json").write_text(json.dumps({"digest": "0" * 20, "made_at": "2020-05-02T00:00:00"}))
    assert manifest(client)["jumlah"] == 1
    assert snapshot.rebuild() is True


def test_an_empty_city_has_empty_files(client):
    markers, names, needs = files(client)
    assert markers["id"] == names["kode"] == needs["k"] == []
    assert client.get("/peta/").status_code == 200


def test_matches_are_the_list_of_the_same_filter(client):
    chosen = factories.location(within="31.74.04.1004")
    factories.need(9, at=chosen)
    factories.need(5, at=chosen, of=factories.package("smartphone", of=factories.program("pendidikan", "Pendidikan")))
    factories.location()
    answer = client.get("/api/v1/peta/lokasi/", {"wilayah": "31.74.04"}).json()
    assert answer == {"jumlah": 1, "id": [chosen.pk], "sisa": None}
    assert client.get("/api/v1/peta/lokasi/", {"program": "pendidikan"}).json()["sisa"] == [5]


@given(st.lists(st.integers(0, 10**9)))
def test_steps_add_up_to_the_numbers(numbers):
    assert list(accumulate(steps(numbers))) == numbers


# --- What changed since -----------------------------------------------------------------------------------------------
# A transaction of its own for every action: PostgreSQL counts changes by transactions.
committed = pytest.mark.django_db(transaction=True)


def rebuild():
    """Write the files as `run_jobs` does; return the digest of the first."""
    version.forget()
    snapshot.rebuild(position=changes.position())
    return snapshot.current().digest


def asked(client, since):
    version.forget()
    return client.get("/api/v1/peta/perubahan/", {"sejak": since}).json()


@pytest.fixture
def only_writer(monkeypatch):
    """Tell the end of the ledger as final: tests that run beside this one hold transactions open on PostgreSQL."""
    from tests.engines import end_of_ledger

    monkeypatch.setattr(changes, "final_position", end_of_ledger)


@committed
def test_a_promise_is_told_with_the_figures_of_now(client, only_writer):
    need, other = city(), factories.need(5)
    since = rebuild()
    assert asked(client, since) == {"versi": since, "baru": None, "tempat": []}
    factories.promise(need, 2)
    told = asked(client, since)
    assert told == {"versi": since, "baru": None, "tempat": [[need.location_id, 60, 4]]}
    factories.promise(other, 5)
    assert asked(client, since)["tempat"] == [[need.location_id, 60, 4], [other.location_id, 100, 0]]


@committed
def test_the_answer_says_what_to_ask_from_next(client, only_writer):
    first, second = factories.need(10), factories.need(10)
    since = rebuild()
    factories.promise(first, 2)
    later = rebuild()
    told = asked(client, since)
    assert (told["versi"], told["tempat"]) == (later, [[first.location_id, 20, 8]])
    factories.promise(second, 1)
    assert asked(client, told["versi"])["tempat"] == [[second.location_id, 10, 9]]


@pytest.mark.parametrize("since", ["", "0" * 20, "bukan-berkas", "../../etc/passwd"])
def test_a_page_of_a_file_nobody_knows_takes_the_new_one(client, since):
    factories.need(10)
    now = rebuild()
    told = asked(client, since)
    assert told["baru"].endswith(f"/api/v1/peta/{now}.json")
    assert told["tempat"] == []


def test_without_a_written_file_the_one_in_memory_is_followed(client):
    need = factories.need(10)
    since = manifest(client)["versi"]
    assert asked(client, since) == {"versi": since, "baru": None, "tempat": []}
    factories.promise(need, 3)
    assert asked(client, since)["baru"] is not None


@committed
def test_a_place_that_appears_or_goes_needs_the_new_file(client, only_writer):
    factories.need(10)
    hidden = factories.location(published=False)
    since = rebuild()
    Location.objects.filter(pk=hidden.pk).update(published=True)
    factories.promise(factories.need(3), 1)  # what moves the data version
    now = rebuild()
    assert asked(client, since)["baru"].endswith(f"{now}.json")
    assert asked(client, now)["baru"] is None


@committed
def test_when_a_period_closes_every_page_takes_the_new_file(client, only_writer):
    need = factories.need(10)
    since = rebuild()
    need.period.closed_at = timezone.now()
    need.period.save(update_fields=["closed_at"])
    factories.promise(factories.need(4, during=factories.period(timezone.localdate() + timedelta(days=14))), 1)
    rebuild()
    assert asked(client, since)["baru"] is not None


@committed
def test_too_much_to_tell_is_the_new_file(client, only_writer, monkeypatch):
    needs = [factories.need(10) for _ in range(3)]
    since = rebuild()
    monkeypatch.setattr(changes, "MOST", 2)
    for need in needs:
        factories.promise(need, 1)
    assert asked(client, since)["baru"] is not None


@committed
def test_a_place_that_is_no_longer_public_is_not_told(client, only_writer):
    need = factories.need(10)
    since = rebuild()
    factories.promise(need, 3)
    Location.objects.update(published=False)
    assert asked(client, since)["tempat"] == []


@committed
def test_nothing_new_is_304(client, only_writer):
    factories.need(10)
    url = f"/api/v1/peta/perubahan/?sejak={rebuild()}"
    tag = client.get(url)["ETag"]
    assert client.get(url, headers={"if-none-match": tag}).status_code == 304
    factories.promise(factories.need(2), 1)
    version.forget()
    assert client.get(url, headers={"if-none-match": tag}).status_code == 200


@committed
def test_asking_again_costs_no_query(client, only_writer, django_assert_num_queries):
    need = factories.need(10)
    since = rebuild()
    factories.promise(need, 3)
    asked(client, since)
    with django_assert_num_queries(0):
        client.get("/api/v1/peta/perubahan/", {"sejak": since})


@pytest.mark.postgresql
@committed
def test_an_entry_that_commits_after_the_file_is_not_lost(client):
    """It began before the file was made and has a lower id than one that is in it."""
    first, second = factories.need(10), factories.need(10)
    with still_open(lambda: factories.promise(first, 3)):
        factories.promise(second, 4)
        since = rebuild()
    told = {place: (share, left) for place, share, left in asked(client, since)["tempat"]}
    assert told[first.location_id] == (30, 7)


# --- The page ---------------------------------------------------------------------------------------------------------
def test_the_page_works_without_scripts(client, django_assert_max_num_queries):
    need = factories.need(12)
    rebuild()
    with django_assert_max_num_queries(24):
        text = client.get("/peta/").content.decode()
    assert f'href="/lokasi/{need.location.code}/"' in text
    assert "Kebayoran Lama" in text
    assert "<script>" not in text
    assert 'id="map"' in text


def test_the_page_names_the_file_that_it_preloads(client):
    factories.need(12)
    text = client.get("/peta/").content.decode()
    url = f"/api/v1/peta/{manifest(client)['versi']}.json"
    assert f'<link rel="preload" href="{url}" as="fetch" crossorigin>' in text
    assert f'"data": "{url}"' in text


def test_the_page_is_new_when_its_file_is(client):
    need = factories.need(12)
    rebuild()
    tag = client.get("/peta/")["ETag"]
    assert client.get("/peta/", headers={"if-none-match": tag}).status_code == 304
    now = version.data_version()
    factories.promise(need, 2)
    snapshot.rebuild()  # the version as it was known: nothing to do
    version.forget()
    snapshot.rebuild()
    version._last["default"] = version.time.monotonic(), now  # an answer kept under the older version
    assert client.get("/peta/", headers={"if-none-match": tag}).status_code == 200


def test_a_name_longer_than_any_file_is_not_found(tmp_path):
    assert packed.read(tmp_path, f"{'9' * 400}.json", "br") is None
