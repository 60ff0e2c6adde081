"""Rotating the key of the fingerprints: nobody is lost or doubled, while families are looked up and registered."""

import threading

import pytest
from django.core.management import call_command
from django.utils import timezone

from donations import kk as kk_numbers
from donations.actions import households, kk_checks, kk_keys
from donations.actions.households import Recipient
from donations.models.household import Household
from ksbb.core.models import AuditEntry
from tests import factories
from tests.kk_numbers import kk
from tests.test_concurrency import in_threads

OLD, NEW, NEWEST = ("kunci-uji-" + name.ljust(32, "x") for name in ("lama", "baru", "terbaru"))
NOW = timezone.now()


@pytest.fixture
def register(settings):
    """Register families by serial, under whatever keys the settings have then."""
    settings.KK_KEYS = [OLD]
    need = factories.need(5)

    def put(*serials):
        program = need.package.program
        return [
            households.register(recipient=Recipient(kk(n)), location=need.location, program=program, now=NOW)[1]
            for n in serials
        ]

    return put


def found(serial):
    return kk_checks.check(number=kk(serial), code="", now=NOW).state


@pytest.mark.django_db
def test_every_family_is_found_before_during_and_after(register, settings, monkeypatch):
    register(*range(10))
    settings.KK_KEYS = [OLD, NEW]
    monkeypatch.setattr(kk_keys, "BATCH", 4)
    kk_keys._rotate_batch(settings.KK_KEYS, 0)
    assert sorted(Household.objects.values_list("layer", flat=True)) == [1] * 6 + [2] * 4
    assert {found(n) for n in range(10)} == {kk_checks.RECORDED}
    assert kk_keys.rotate(now=NOW) == 6  # it goes on where it stood
    assert kk_keys.rotate(now=NOW) == 0
    assert {found(n) for n in range(10)} == {kk_checks.RECORDED}
    assert found(10) == kk_checks.UNKNOWN
    assert bytes(Household.objects.earliest("pk").fingerprint) == kk_numbers.fingerprint(kk(0), [OLD, NEW])
    assert AuditEntry.objects.get(kind="household_key.rotated").data == {"families": 6}


@pytest.mark.django_db
def test_two_rotations_that_were_missed_are_made_up_at_once(register, settings, capsys):
    register(1)
    settings.KK_KEYS = [OLD, NEW, NEWEST]
    call_command("rotate_kk_key")
    assert "1 families moved to key 3" in capsys.readouterr().out
    assert found(1) == kk_checks.RECORDED


@pytest.mark.django_db
def test_a_family_known_under_an_older_key_is_not_registered_again(register, settings):
    register(1)
    settings.KK_KEYS = [OLD, NEW]
    assert register(1, 2) == [False, True]
    assert Household.objects.count() == 2


@pytest.mark.django_db
def test_the_code_of_a_receipt_outlives_the_rotation(settings):
    settings.KK_KEYS = [OLD]
    before = households.code_hash("ABCD2345")
    settings.KK_KEYS = [OLD, NEW]
    assert households.code_hash("ABCD2345") == before


@pytest.mark.django_db(transaction=True)
def test_registering_while_rotating_makes_no_double_and_loses_nobody(register, settings, monkeypatch):
    register(*range(40))
    settings.KK_KEYS = [OLD, NEW]
    monkeypatch.setattr(kk_keys, "BATCH", 3)
    rotation = threading.Thread(target=lambda: in_threads(lambda _: kk_keys.rotate(now=NOW), range(1), threads=1))
    rotation.start()
    in_threads(lambda n: register(n), [*range(40), *range(20, 60)], threads=8)
    rotation.join()
    kk_keys.rotate(now=NOW)
    assert Household.objects.count() == 60
    assert set(Household.objects.values_list("layer", flat=True)) == {2}
    assert {found(n) for n in range(60)} == {kk_checks.RECORDED}
