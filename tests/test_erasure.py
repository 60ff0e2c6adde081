"""Erasing a person or a family: nothing leads to them any more, and not one figure moves."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from donations import figures
from donations.actions import erasure, kk_checks
from donations.actions.households import Recipient, register
from donations.errors import NotPossible
from donations.models import Attribution, Collaborator, Commitment, ContactPerson, Giver
from ksbb.core import version
from ksbb.core.crypto import decrypt
from ksbb.core.models import AuditEntry, OutboxMessage
from tests import factories
from tests.kk_numbers import kk

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CONTACT = "ibu.sari@contoh.id"


@pytest.fixture
def delivered():
    """A delivered gift of the person who wants to be forgotten."""
    need = factories.need(10)
    factories.contact(need.location)  # is told by mail how to reach her
    commitment = factories.accepted(need, 3, by=factories.giver(CONTACT, name="Bapak Rahmat"))
    factories.deliver(commitment)
    return Commitment.objects.get(pk=commitment.pk)


def totals():
    version.forget()
    return figures.totals()


def texts():
    """Return everything the portal could still say about anybody."""
    rows = [*Giver.objects.all(), *Commitment.objects.all(), *ContactPerson.objects.all(), *OutboxMessage.objects.all()]
    ciphers = [getattr(row, f.name) for row in rows for f in row._meta.fields if f.name.endswith("_cipher")]
    faces = Collaborator.objects.values_list("name", "slug", "about")
    return " ".join([*map(decrypt, ciphers), *(" ".join(face) for face in faces)])


def test_nothing_names_the_person_and_no_figure_moves(delivered):
    before, link = totals(), bytes(delivered.link_hash)
    assert CONTACT in texts()
    erased = erasure.erase_person(contact=" Ibu.Sari@contoh.id ", now=NOW)
    assert (erased.faces, erased.commitments) == (1, 1)
    assert erased.messages >= 1
    assert totals() == before
    assert CONTACT not in texts()
    assert "Rahmat" not in texts()
    assert Collaborator.objects.get(pk=delivered.collaborator_id).attribution == Attribution.ANONYMOUS
    assert not Commitment.objects.filter(link_hash=link).exists()
    assert AuditEntry.objects.get(kind="person.erased").data["commitments"] == 1


def test_a_promise_under_way_comes_first():
    commitment = factories.accepted(factories.need(10), 3, by=factories.giver(CONTACT))
    with pytest.raises(NotPossible, match=commitment.code):
        erasure.erase_person(contact=CONTACT, now=NOW)
    assert CONTACT in texts()


def test_a_person_in_charge_is_forgotten_by_her_number():
    person = factories.contact(factories.location(), phone="0812-3456-7890")
    assert erasure.erase_person(contact="0812 3456 7890", now=NOW).places == 1
    person.refresh_from_db()
    assert (person.name, person.phone, person.email, person.link_hash) == ("", "", "", None)


def test_somebody_unknown_changes_nothing(delivered):
    assert erasure.erase_person(contact="lain@contoh.id", now=NOW) == erasure.Erased()
    assert CONTACT in texts()


def test_a_family_is_not_found_again(delivered):
    need = delivered.lines.get().need
    number = kk(42)
    register(recipient=Recipient(number, 5), location=need.location, program=need.package.program, now=NOW)
    assert erasure.erase_household(number=number, now=NOW)
    assert kk_checks.check(number=number, code="", now=NOW).state == kk_checks.UNKNOWN
    assert not erasure.erase_household(number=number, now=NOW)


def run(monkeypatch, text, *options):
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    call_command("erase_person", *options, stdout=out)
    return out.getvalue()


def test_the_command_changes_nothing_without_commit(delivered, monkeypatch):
    assert "1 commitments" in run(monkeypatch, CONTACT + "\n")
    assert CONTACT in texts()
    run(monkeypatch, CONTACT + "\n", "--commit")
    assert CONTACT not in texts()


@pytest.mark.parametrize(("text", "options"), [("123", ["--keluarga"]), ("bukan kontak", [])])
def test_the_command_refuses_what_it_cannot_read(monkeypatch, text, options):
    with pytest.raises(CommandError):
        run(monkeypatch, text, *options)
