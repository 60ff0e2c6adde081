"""Files that the database writes: the same as Python would, the API's rows, sent as found, and nothing left behind."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.db import DataError, connection
from django.db.models import BooleanField, DateField, DateTimeField, FloatField, IntegerField, TextField, Value
from django.db.models.expressions import RawSQL
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from donations.models import Attribution
from donations.views.data import DATA_SETS
from ksbb.core import csv_lines, exports
from ksbb.core.middleware import PublicWriteError, reading_only
from ksbb.core.picked import Picked
from locations.models import Location
from locations.queries import WHOLE
from programs.models import Program
from tests import factories

FAR = 1_000_000
KINDS = {
    str: TextField,
    int: IntegerField,
    bool: BooleanField,
    float: FloatField,
    datetime: DateTimeField,
    type(None): TextField,
}
NASTY = st.text("=+-@;|%＝\t\r\n'\", \\.12a", max_size=12)
VALUES = (
    NASTY
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters=f"\0{csv_lines.SEPARATOR}"), max_size=20)
    | st.integers(-(2**31), 2**31 - 1)
    | st.booleans()
    | st.integers(0, WHOLE).map(lambda billionths: billionths / WHOLE)
    | st.integers(-180, 180).map(float)
    | st.none()
    | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
)


def written(parts):
    return b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)


def lines(parts):
    return [*csv.reader(io.StringIO(written(parts).decode(), newline=""))]


@pytest.fixture
def one(db):
    """A queryset of one row."""
    factories.program()
    return Program.objects.filter(slug="pangan")


@given(st.lists(VALUES, min_size=2, max_size=6))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_writes_what_python_would(one, values):
    picked = Picked(one, [Value(value, output_field=KINDS[type(value)]()) for value in values])
    assert lines(picked.csv()) == lines(csv_lines.csv_lines([tuple(values)]))


def test_days_and_shares_are_written_as_the_api_writes_them(one):
    shares = (0.0, 1.0, -1.0, 0.5, 0.818181818, 0.0001, 5e-05)
    values = [Value(share, output_field=FloatField()) for share in shares]
    day = Value("2020-05-02", output_field=DateField())
    assert lines(Picked(one, [day, *values]).csv()) == [["2020-05-02", *map(json.dumps, shares)]]


def test_no_text_makes_a_column_of_its_own(one):
    forged = Value(f"a{csv_lines.SEPARATOR}b", output_field=TextField())
    assert [len(line) for line in lines(Picked(one, [forged, Value(1)]).csv())] == [2]


def test_nothing_picked_is_a_file_without_rows(one):
    nothing = Picked(one.filter(pk__in=[]), ["slug", "name"])
    assert written(exports.as_csv(["a", "b"], nothing)) == b"a,b\r\n"
    assert [*nothing] == []


# --- The API's rows ---------------------------------------------------------------------------------------------------
@pytest.fixture
def city(db):
    """Places and gifts of all sorts, with names that a file must take care of."""
    hidden = factories.location()
    school = factories.location(name='=Sekolah "Bunga"; -kedua, baris\nbaru', is_priority=True)
    need, other = factories.need(50, at=school), factories.need(20, of=factories.package("lebaran"))
    factories.location(name="Tanpa kebutuhan")
    by = factories.giver(name="@PT Contoh, Tbk")
    factories.deliver(factories.accepted({need: 6, other: 2}, by=by), ok=4, damaged=1)
    factories.accepted(need, 3, by=factories.giver(attribution=Attribution.ANONYMOUS))
    factories.delivered(factories.need(9, at=hidden), 2)
    Location.objects.filter(pk=hidden.pk).update(published=False)
    factories.promise(other, 5)


def flat(value, name=""):
    """Yield (column, value) of an API's value, nested ones with `_` between their names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}_{key}" if name else key)
    else:
        yield name, value


def api_rows(client, name):
    """Yield the API's rows as a file has them: a line for each of a collaboration, a place's needs added up."""
    for row in client.get(f"/api/v1/{name}/", {"ukuran": 200}).json()["results"]:
        needs = row.pop("kebutuhan", None)
        inner = row.pop("rincian", [None])
        if needs is not None:
            amounts = [column.name for column in DATA_SETS["kebutuhan"].columns[-5:]]
            row["kebutuhan"] = {amount: sum(need[amount] for need in needs) for amount in amounts}
        for one in inner:
            whole = {**row, **({"rincian": one} if one else {})}
            yield {**dict.fromkeys(("kolaborator_slug", "kolaborator_nama")), **dict(flat(whole))}


def said(value):
    """Return an API's value as a cell of CSV has it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    return csv_lines.harmless(value) if isinstance(value, str) else f"{value:g}"


def cell(text):
    """Return a cell with its number, if it is one, as `said` writes it."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


@pytest.mark.parametrize("name", ["lokasi", "kebutuhan", "kolaborasi", "kolaborator", "penyaluran", "wilayah"])
def test_the_file_has_the_apis_rows(client, city, name):
    header, *found = lines(client.get(f"/data/{name}.csv").streaming_content)
    expected = [[cell(said(row[column])) for column in header] for row in api_rows(client, name)]
    assert sorted([cell(text) for text in row] for row in found) == sorted(expected)
    assert expected


# --- While it is sent -------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
def test_rows_leave_before_the_last_one_is_found(one):
    failing = RawSQL(f"1 / ({FAR} - generate_series(1, {FAR}))", [], output_field=IntegerField())
    parts = exports.as_csv(["a", "b"], Picked(one, [failing, "slug"]))
    assert [next(parts), next(parts)[:10]] == ["a,b\r\n", b"0,pangan\r\n"]
    with pytest.raises(DataError):
        written(parts)


@pytest.mark.postgresql
def test_rows_are_not_sorted_before_the_first_leaves(client, city):
    for name in ("lokasi", "kebutuhan", "kolaborasi", "penyaluran", "wilayah"):
        dataset = DATA_SETS[name]
        picked = dataset.picked(dataset.filters({}))
        with connection.reading_long():
            plan = picked.queryset.values_list(*picked.sources).explain().splitlines()
        assert not [line for line in plan if "Sort  (" in line.replace("Incremental Sort", "")], name


@pytest.mark.postgresql
@pytest.mark.parametrize("write", [exports.as_csv, exports.as_json], ids=["csv", "json"])
@pytest.mark.parametrize("read", [0, 1, 5])
def test_a_reader_who_goes_away_leaves_the_connection_as_it_was(transactional_db, write, read):
    factories.program()
    many = RawSQL(f"generate_series(1, {FAR})", [], output_field=IntegerField())
    file = exports.Begun(write(["a", "b"], Picked(Program.objects.all(), [many, Value("x" * 100)])))
    for _part in range(read):
        next(file)
    pool, pid = connection.pool, connection.connection.info.backend_pid
    file.close()
    connection.close()
    assert pool.state()["used"] == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('enable_sort'), COUNT(*) FROM pg_cursors")
        assert cursor.fetchone() == (pid, "on", 0)
    assert connection.get_autocommit()


@pytest.mark.postgresql
def test_what_is_copied_is_watched_too(one):
    with reading_only(), pytest.raises(PublicWriteError):
        next(connection.copied("DELETE FROM core_throttle RETURNING 1", None))
