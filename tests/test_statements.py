"""Statements composed once say what Django's own would say; small tables are kept while the data stand still."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donations.models import Collaborator, Commitment, CommitmentLine, LedgerEntry
from ksbb.core import version
from ksbb.core.composed import Composed
from ksbb.core.kept import join, kept
from ksbb.core.models import AuditEntry, OutboxMessage
from ksbb.core.rows import MOST_AT_ONCE, insert
from locations import known as places
from locations.models import Area, Need
from programs import known as packages
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 4, 24, 3, 4, 5, 678901, tzinfo=UTC)


def mail(**fields):
    fields = {"recipient_cipher": b"\x00\xff", "subject": "Ra'ayat 100 % %s", "body_cipher": b"", **fields}
    return OutboxMessage(created_at=NOW, next_try_at=NOW, **fields)


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


# --- New rows ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "make",
    [
        mail,
        lambda: AuditEntry(kind="need.raised", subject="x", at=NOW, data={"a": ["é", None, 1.5], "b": "%s"}),
        lambda: Collaborator(giver=factories.collaborator().giver, slug=f"a{factories.number()}", category="lsm"),
        lambda: CommitmentLine(commitment=factories.promise(factories.need()), need=factories.need(), quantity=3),
    ],
)
def test_a_new_row_is_stored_as_django_stores_it(make):
    row, same = make(), make()
    insert([row])
    same.save(force_insert=True)
    stored, by_django = (type(row).objects.get(pk=each.pk) for each in (row, same))
    different = {"id", "giver_id", "commitment_id", "need_id", "slug"}
    for name, value in values(stored).items():
        assert type(value) is type(values(by_django)[name])
        assert name in different or value == values(by_django)[name]


def test_many_rows_get_their_keys_in_order():
    rows = [mail(subject=f"Surel {number}") for number in range(2 * MOST_AT_ONCE + 1)]
    insert(rows)
    subjects = dict(OutboxMessage.objects.values_list("pk", "subject"))
    assert [subjects[row.pk] for row in rows] == [f"Surel {number}" for number in range(len(rows))]
    insert([])


def test_a_conflict_leaves_a_row_without_a_key():
    face = factories.collaborator()
    again = Collaborator(giver=face.giver, slug=face.slug, name="Lain", category="lsm")
    insert([again], "ON CONFLICT (slug) DO NOTHING")
    assert again.pk is None
    assert Collaborator.objects.get().name == face.name


# --- Questions --------------------------------------------------------------------------------------------------------
def test_a_composed_question_finds_what_the_queryset_finds():
    needs = [factories.need(number) for number in range(1, 6)]
    ask = Composed(lambda keys: Need.objects.open().lacking().filter(pk__in=keys).order_by("-quantity"))
    for some in (needs, needs[1:3], needs[3:], needs[2:3], []):
        keys = [need.pk for need in some]
        assert ask(keys) == list(Need.objects.filter(pk__in=keys).order_by("-quantity"))


def test_what_is_kept_is_read_once_per_version_of_the_data():
    package = factories.package()
    with CaptureQueriesContext(connection) as first:
        assert kept(packages.packages)[package.pk].program == package.program
    with CaptureQueriesContext(connection) as second:
        assert kept(packages.packages)[package.pk].statement == package.statement
    assert (len(first), len(second)) == (2, 0)
    other = factories.need(of=factories.package("masker")).package
    version.forget()
    assert other.pk in kept(packages.packages)


def test_areas_stay_the_same_objects_until_one_is_renamed():
    village = factories.location().area
    before = places.areas()
    assert places.areas() is before
    Area.objects.filter(pk=village.pk).update(name="Nama Baru")
    assert places.areas()[village.pk].name == "Nama Baru"
    assert places.areas()[village.parent_id] == village.parent


def test_joined_rows_are_not_read_again(django_assert_num_queries):
    factories.need()
    [need] = Need.objects.all()
    [place] = places_found = [need.location]
    join(places_found, "area", kept(places.areas))
    with django_assert_num_queries(0):
        assert place.area.parent.parent.parent.name == "DKI Jakarta"


# --- Together ---------------------------------------------------------------------------------------------------------
def test_a_promise_of_three_lines_takes_few_statements(django_assert_max_num_queries):
    lines = {factories.need(): 1, factories.need(): 2, factories.need(): 3}
    with django_assert_max_num_queries(18):
        made = factories.promise(lines, by=factories.giver("baru@contoh.id"))
    assert sorted(made.lines.values_list("quantity", "reserved", "committed")) == [(1, 1, 0), (2, 2, 0), (3, 3, 0)]
    assert LedgerEntry.objects.filter(commitment=made, kind="promise.made").count() == 3
    assert Commitment.objects.get() == made
