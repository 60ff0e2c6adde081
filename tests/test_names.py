"""Places are found by any part of their name: the index finds what reading all names finds."""

import contextlib

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locations import names
from locations.models import Location
from locations.suggestions import MOST, first_places
from tests import factories

FIELD = Location._meta.get_field("name")
# Wild cards, quotes, words of FTS5, letters that change with their case in odd ways, and some to meet again and again.
SIGNS = "aAbBoOrRwW3 %_\\\"'*^:-()éÉßıİſKﬁ\u0301💥"
NAMES = st.text(SIGNS, max_size=12)
PLACES = st.lists(NAMES, min_size=1, max_size=6)
HOMES = ("31.74.04.1004", "31.71.01.1001")
EXAMPLES = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])

pytestmark = pytest.mark.django_db


@contextlib.contextmanager
def plain():
    """Ask without the index."""
    FIELD._unregister_lookup(names.Holds)
    try:
        yield
    finally:
        FIELD.register_lookup(names.Holds)


@contextlib.contextmanager
def indexed():
    """Ask with the index, which PostgreSQL would not look at for so few rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = on")


def call(given_names):
    """Let there be places with these names: former ones are renamed, or deleted."""
    places = list(Location.objects.order_by("pk"))
    places += [factories.location(rw, within=HOMES[rw % 2]) for rw in range(len(places) + 1, len(given_names) + 1)]
    Location.objects.filter(pk__in=[place.pk for place in places[len(given_names) :]]).delete()
    for place, name in zip(places, given_names, strict=False):
        Location.objects.filter(pk=place.pk).update(name=name)


@st.composite
def names_and_text(draw):
    """Names, and a text that is likely to be part of one: with its case changed, or with other words around it."""
    given_names = draw(PLACES)
    name = draw(st.sampled_from(given_names))
    start, end = sorted((draw(st.integers(0, len(name))), draw(st.integers(0, len(name)))))
    part = draw(st.sampled_from([name[start:end], name[start:end].swapcase(), draw(NAMES)]))
    around = draw(st.sampled_from(["{}", "{} {}", "rw 3 {}", "{} ragunan", "3171 {}"]))
    return given_names, around.format(part, draw(NAMES))


# --- The same rows ----------------------------------------------------------------------------------------------------
@EXAMPLES
@given(names_and_text())
def test_the_index_finds_what_reading_all_names_finds(city):
    given_names, text = city
    call(given_names)
    with indexed():
        found = set(Location.objects.search(text)), set(Location.objects.filter(name__icontains=text))
    with plain():
        assert found == (set(Location.objects.search(text)), set(Location.objects.filter(name__icontains=text)))


@EXAMPLES
@given(names_and_text())
def test_names_that_begin_with_a_text_or_hold_it_come_first(city):
    given_names, text = city
    call([name.encode("ascii", "ignore").decode() for name in given_names])
    text = " ".join(text.encode("ascii", "ignore").decode().split())
    found = Location.objects.public().search(text) if text else []

    def place_in_order(place):
        name = place.name.lower()
        return not name.startswith(text.lower()), text.lower() not in name, place.name, place.pk

    assert not text or first_places(text) == [place.pk for place in sorted(found, key=place_in_order)][:MOST]


def test_a_short_word_is_found_without_the_index():
    place = factories.location(name="Ös 9")
    for word in ("Ö", "s", "9", "s 9", " 9"):
        assert list(Location.objects.filter(name__icontains=word)) == [place]


def test_the_index_serves_whoever_asks_for_places_by_name():
    need = factories.need(3, at=factories.location(name="Panti Contoh"))
    factories.need(3)
    assert [type(need).objects.get(location__name__icontains="CONTOH")] == [need]
    assert [type(need).objects.exclude(location__name__icontains="rw ").get()] == [need]


# --- SQLite's index is a table, which must keep in step --------------------------------------------------------------
def difference():
    """Return the names that stand in the table but not in the index, and the other way round."""
    table, index = "SELECT id, name FROM locations_location", "SELECT rowid, name FROM location_name_trigrams"
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO location_name_trigrams (location_name_trigrams) VALUES ('integrity-check')")
        cursor.execute(f"{table} EXCEPT {index}")
        lacking = cursor.fetchall()
        cursor.execute(f"{index} EXCEPT {table}")
        return lacking, cursor.fetchall()


@pytest.mark.sqlite
def test_the_index_keeps_in_step_with_whoever_writes():
    """A migration that makes the places' table anew and does not end with `fill` fails here."""
    one, two, three = factories.location(name="Satu"), factories.location(name="Dua"), factories.location()
    one.name = "Satu lagi"
    one.save()
    Location.objects.filter(pk=two.pk).update(name="Dua lagi")
    three.name = "Tiga"
    Location.objects.bulk_update([three], ["name"])
    assert difference() == ([], [])
    three.name = "Tiga lagi"
    Location.objects.bulk_create([three], update_conflicts=True, unique_fields=["code"], update_fields=["name"])
    three.pk, three.code, three.rw = None, "lain", None
    Location.objects.bulk_create([three])
    two.delete()
    assert difference() == ([], [])
    found = Location.objects.filter(name__icontains="LAG").order_by("pk")
    assert [place.name for place in found] == ["Satu lagi", "Tiga lagi", "Tiga lagi"]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_made_anew_loses_its_index_until_it_is_filled():
    """What Django does when a migration alters a table of SQLite."""
    place = factories.location(name="Panti Contoh")
    longer = FIELD.clone()
    longer.max_length += 1
    longer.set_attributes_from_name("name")
    with connection.schema_editor() as editor:
        editor.alter_field(Location, FIELD, longer)
        editor.alter_field(Location, longer, FIELD)
    Location.objects.update(name="Pesantren Contoh")
    assert difference() == ([(place.pk, "Pesantren Contoh")], [(place.pk, "Panti Contoh")])
    with connection.schema_editor() as editor:
        names.fill(apps, editor)
    assert difference() == ([], [])
    assert Location.objects.filter(name__icontains="pesantren").get() == place
