"""The demo city: published figures at their days, invented details that say so, and a week that lives."""

import hashlib
import re
import stat
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from hypothesis import given
from hypothesis import strategies as st

from donations import kk, ledger_check
from donations.actions import households
from donations.demo import accounts, city, families, places, plan, samples, week
from donations.demo.book import moment
from donations.demo.points import spread
from donations.models import (
    Aggregator,
    Collaborator,
    Commitment,
    CommitmentState,
    ContactPerson,
    Contribution,
    EntryKind,
    LedgerEntry,
)
from donations.models.household import Household, HouseholdReceipt
from ksbb.core.models import OutboxMessage
from locations.models import Location, Need, Verification
from programs.models import NeedPeriod, Program
from tests.engines import empty_database

TODAY = date(2026, 11, 16)  # a Monday: the day and its week have one name
NAMED = {"jne", "bbn", "pgri-smp-jakarta", "asosiasi-museum-indonesia-dki"}
pytestmark = pytest.mark.django_db


def load():
    call_command("load_demo", hari_ini=TODAY, verbosity=0)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The city, built once for this module and taken away after it; returns the folder with its accounts."""
    from django.conf import settings

    before, settings.VAR = settings.VAR, tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        connection.check_constraints()  # now, once, or PostgreSQL does it after every test
        yield settings.VAR
        transaction.set_rollback(True)
    settings.VAR = before


def fingerprint():
    """Return a hash over every fact, without the keys that a database chooses."""
    facts = LedgerEntry.objects.order_by("pk").values_list(
        "kind",
        "quantity",
        "effective_at",
        "day",
        "package__slug",
        "location__code",
        "commitment__code",
        "commitment__collaborator__slug",
        "contribution__reference",
        "delivery__number",
        "persons",
    )
    total = hashlib.sha256()
    for fact in facts.iterator():
        total.update(repr(fact).encode())
    return total.hexdigest()


# --- Numbers ----------------------------------------------------------------------------------------------------------
def test_every_published_figure_stands_at_its_day(demo):
    assert len(plan.published()) > 40
    assert list(city.unpublished()) == []


def test_a_wrong_figure_fails_the_load(demo, monkeypatch):
    wrong = {**plan.published(), (date(2020, 5, 27), "pangan", "tersalurkan.total"): 561_119}
    monkeypatch.setattr(city, "published", lambda: wrong)
    with pytest.raises(city.Mismatch, match="561118 instead of 561119"):
        city.prove(1)


def test_every_number_follows_from_the_ledger(demo):
    assert list(ledger_check.differences()) == []


def test_some_but_not_all_had_arrived_by_2_may(demo):
    shown = city.figures.totals(until=date(2020, 5, 2), program=Program.objects.get(slug="pangan"))
    assert 0 < shown.delivered.total < shown.committed.total == 70_375


def test_devices_of_the_four_kinds_sum_to_1208(demo):
    shown = city.figures.totals(until=date(2020, 11, 26), program=Program.objects.get(slug="pendidikan"))
    assert all(shown.committed.by_package.values())
    assert shown.committed.total == 1208


def test_money_adds_up(demo):
    funds = city.figures.totals(until=date(2020, 5, 2)).funds
    assert (funds.received, funds.used + funds.refunded + funds.cost) == (1_565_000_000, 0)
    later = city.figures.totals().funds
    assert later.received == later.used + later.refunded + later.cost + later.balance > 1_565_000_000


@pytest.mark.sqlite
def test_two_loads_are_the_same(demo):
    before, codes = fingerprint(), sorted(Commitment.objects.values_list("code", flat=True))
    with transaction.atomic():
        empty_database()
        load()
        assert fingerprint() == before
        assert sorted(Commitment.objects.values_list("code", flat=True)) == codes
        transaction.set_rollback(True)


def test_it_is_built_only_into_an_empty_database(demo):
    with pytest.raises(CommandError, match="already"):
        load()


# --- Places -----------------------------------------------------------------------------------------------------------
def test_places_of_every_kind(demo):
    counts = dict(Location.objects.values_list("kind__slug").annotate(Count("pk")).order_by())
    assert counts.pop("rw") == 2709
    assert 580 <= sum(counts.values()) <= 640
    assert counts["umkm"] >= 200
    assert counts["sekolah"] >= 150
    assert len(counts) == 9
    assert Location.objects.filter(is_priority=True, rw__isnull=False).count() == 2000
    assert Location.objects.filter(document="Community Action Plan 2019").exclude(document_item="").count() == 68


def test_every_business_has_its_own_id(demo):
    ids = Location.objects.filter(kind__slug="umkm", register="Jakpreneur").values_list("register_id", flat=True)
    assert len(set(ids)) == len(ids) >= 200


def test_codes_are_as_the_contract_says(demo):
    for code, rw, area in Location.objects.values_list("code", "rw", "area_id"):
        tail = rf"rw{rw:02d}" if rw else r"[a-z0-9][a-z0-9-]*"
        assert re.fullmatch(rf"{area.replace('.', '')}-{tail}", code)


def test_no_two_places_lie_on_one_point(demo):
    points = list(Location.objects.values_list("longitude", "latitude"))
    assert len(set(points)) == len(points)


def test_no_place_is_shown_as_exact(demo):
    assert not Location.objects.filter(precision="tepat").exists()
    assert not Location.objects.filter(kind__houses_children=True).exclude(precision="kelurahan").exists()


def test_rt_rows_sum_to_the_rw(demo):
    summed = Location.objects.filter(rw__isnull=False).annotate(sum=Sum("rt_rows__families"))
    assert not summed.exclude(vulnerable_families=F("sum")).exists()


def test_every_place_has_somebody_in_charge(demo):
    assert ContactPerson.objects.count() == Location.objects.count()
    contact = ContactPerson.objects.order_by("pk").first()
    assert re.fullmatch(r"62811000\d{5}", contact.phone)
    assert contact.email.endswith("@contoh.id")
    assert ContactPerson.objects.filter(link_hash=None).count() == 0


def test_levels_are_checked_by_different_people(demo):
    steps = Verification.objects.values("location").annotate(steps=Count("pk"), people=Count("by", distinct=True))
    assert not steps.exclude(steps=F("people")).exists()
    assert Location.objects.filter(published=False).count() == 12


# --- Real and fictional -----------------------------------------------------------------------------------------------
def test_whoever_gave_is_named_by_a_source_or_fictional(demo):
    real = set(Collaborator.objects.filter(is_fictional=False).values_list("slug", flat=True))
    assert real == NAMED | {"act", "baznas-bazis-dki", "human-initiative", "pmi-dki", "rumah-zakat", "dompet-dhuafa"}
    for name, slug in Collaborator.objects.filter(is_fictional=True).values_list("name", "slug"):
        assert "Contoh" in name or name == "Hamba Allah", slug


def test_named_givers_did_only_what_sources_state(demo):
    promised = Commitment.objects.filter(collaborator__is_fictional=False)
    lines = promised.values_list("collaborator__slug", "lines__quantity", "lines__need__location__name")
    assert sorted(lines) == [("bbn", 600, "Gang Pasar Kedip"), ("jne", 954, "RW 05 Ragunan")]
    given = Contribution.objects.filter(collaborator__is_fictional=False)
    assert sorted(given.values_list("collaborator__slug", "received", "aggregator__collaborator__slug")) == [
        ("asosiasi-museum-indonesia-dki", 20_000_000, "act"),
        ("jne", 1_000_000_000, "baznas-bazis-dki"),
        ("pgri-smp-jakarta", 545_000_000, "baznas-bazis-dki"),
    ]


def test_losses_are_only_fictional_givers(demo):
    losses = LedgerEntry.objects.filter(kind__in=[EntryKind.DAMAGED, EntryKind.SHORT, EntryKind.LOST])
    assert losses.count() > 20
    assert not losses.filter(commitment__collaborator__is_fictional=False).exists()


def test_ragunan(demo):
    place = Location.objects.get(code="3174041004-rw05")
    assert place.vulnerable_families >= 954
    gift = Commitment.objects.get(collaborator__slug="jne")
    assert gift.aggregator.collaborator.slug == "baznas-bazis-dki"
    assert gift.deliveries.get().delivered_at.date() == date(2020, 5, 21)


def test_real_aggregators_take_no_money(demo):
    for aggregator in Aggregator.objects.select_related("collaborator"):
        takes = bool(aggregator.valid_licence(TODAY))
        assert takes == (aggregator.collaborator.is_fictional and not aggregator.collaborator.name.endswith("Lama"))


def test_dompet_dhuafa_has_a_page_with_its_own_words(demo, client):
    page = client.get("/kolaborator/dompet-dhuafa/").content.decode()
    assert "Menurut Dompet Dhuafa: 5.954 penerima manfaat di 32 kecamatan dan 69 kelurahan" in page


# --- Families ---------------------------------------------------------------------------------------------------------
def test_families_have_receipts(demo):
    assert HouseholdReceipt.objects.values("household").distinct().count() == 40_000
    # Those of the last days wait until there are five of more than one kelurahan (rule 10).
    assert 39_950 < city.figures.totals().recipients.families <= 40_000


def household(number, settings):
    return Household.objects.filter(fingerprint=kk.fingerprint(number, settings.KK_KEYS)).first()


def test_samples_show_each_state(demo, settings):
    received, recorded, unknown, code = (value for _label, value in samples.samples())
    assert household(received, settings).receipts.filter(code_hash=households.code_hash(code)).exists()
    assert not household(recorded, settings).receipts.exists()
    assert household(unknown, settings) is None
    assert all(number[6:12] == "000000" for number in (received, recorded, unknown))


# --- Now --------------------------------------------------------------------------------------------------------------
def test_all_running_programmes_have_open_needs(demo):
    lacking = Need.objects.open().lacking().values_list("package__program__slug", flat=True).distinct()
    assert set(lacking) == {"pangan", "umkm", "pendidikan", "permukiman"}


def test_the_open_period_is_this_week(demo):
    [period] = NeedPeriod.objects.open()
    assert (period.slug, period.name) == ("2026-11-16", "16–22 November 2026")


def test_places_lack_much_some_and_nothing(demo):
    needs = Need.objects.open().filter(package__slug="sembako")
    assert needs.filter(reserved=0).count() > 300
    assert needs.filter(reserved=F("quantity")).count() > 100
    assert needs.filter(reserved__gt=0).lacking().count() > 300
    shown = needs.lacking().filter(location__area_id="31.74.05.1001", location__rw__isnull=False)
    assert shown.filter(reserved=0).count() >= 3


def test_live_promises_are_in_every_state(demo):
    live = Commitment.objects.filter(submitted_at__year=TODAY.year)
    assert set(live.values_list("state", flat=True)) == set(CommitmentState.values)
    assert live.late(TODAY).count() == 2
    assert 25 <= live.exclude(contact_channel="").count() <= 40


def test_mails_wait_and_belong_to_no_visitor(demo):
    assert OutboxMessage.objects.count() > 40
    assert not OutboxMessage.objects.exclude(demo_visitor="").exists()


def test_the_next_week_opens_once(demo):
    later = city.moment_of(TODAY + timedelta(days=7))
    assert week.build(later)
    assert not week.build(later)
    [period] = NeedPeriod.objects.open()
    assert period.slug == "2026-11-23"
    assert Need.objects.open().lacking().count() > 1000
    assert list(ledger_check.differences()) == []


def test_a_week_that_opens_at_midnight_tells_of_nothing_to_come_and_all_in_order(demo):
    now = moment(date(2026, 11, 23), 0) + timedelta(seconds=2)
    assert week.build(now)
    told = LedgerEntry.objects.filter(need__period__slug="2026-11-23")
    assert told.filter(kind=EntryKind.DELIVERED).count() > 100
    assert not told.filter(effective_at__gt=now).exists()
    assert not told.filter(commitment__confirmed_at__lt=F("commitment__submitted_at")).exists()
    assert not told.filter(delivery__delivered_at__lt=F("commitment__confirmed_at")).exists()


# --- Accounts ---------------------------------------------------------------------------------------------------------
def test_accounts_are_written_for_their_owner_only(demo, client):
    path = demo / "akun-demo.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    logins = [line.split()[:2] for line in path.read_text().splitlines()]
    assert [name for name, _password in logins] == list(accounts.LOGINS)
    assert all(client.login(username=name, password=password) for name, password in logins)


def test_known_passwords_are_kept(tmp_path):
    path = tmp_path / "akun-demo.txt"
    path.write_text("pokja rahasia  Pokja\n")
    assert accounts.passwords(path)["pokja"] == "rahasia"


# --- Arithmetic -------------------------------------------------------------------------------------------------------
@given(st.integers(0, 10**6), st.lists(st.floats(0.01, 10), min_size=1, max_size=30))
def test_apportion_loses_nothing(count, weights):
    parts = plan.apportion(count, weights)
    assert sum(parts) == count
    assert min(parts) >= 0


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 1000), min_size=1), st.data())
def test_level_fills_up_to_the_room(room, data):
    total = data.draw(st.integers(0, sum(room.values())))
    shares = families.level(total, room)
    assert sum(shares.values()) == total
    assert all(shares[key] <= room[key] for key in room)


def test_spread_stays_near_the_village():
    area = places.Area(code="31.74.05.1001", latitude="-6.246", longitude="106.778", area_km2="2.32")
    points = spread(area, 400)
    assert len(set(points)) == 400
    assert all(abs(float(longitude) - 106.778) < 0.008 for longitude, _latitude in points)
