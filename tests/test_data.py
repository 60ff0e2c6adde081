"""`/data/`: the catalogue and its files; their rows are the API's rows and sum to the figures."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from donations import figures
from donations.models import Attribution
from donations.views.data import DATA_SETS
from ksbb.core import csv_lines, exports, sheets
from ksbb.core.middleware import PublicWriteError
from tests import factories

SETS = list(DATA_SETS)


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows(client, name, **parameters):
    """Return (header, rows as dicts) of a set's CSV."""
    answer = client.get(f"/data/{name}.csv", parameters)
    assert answer.status_code == 200, answer.content
    reader = csv.DictReader(io.StringIO(body(answer).decode(), newline=""))
    return reader.fieldnames, list(reader)


@pytest.fixture
def city(db):
    need, other = factories.need(50), factories.need(20, of=factories.package("lebaran"))
    made = factories.accepted({need: 6, other: 2})
    factories.deliver(made, ok=4, damaged=1)
    factories.accepted(need, 3, by=factories.giver(attribution=Attribution.ANONYMOUS))
    factories.promise(other, 5)
    factories.received(1_500_000)
    return made


def test_the_catalogue_names_every_set_its_columns_and_files(client, city):
    page = client.get("/data/").content.decode()
    for name, dataset in DATA_SETS.items():
        assert f'id="{name}"' in page
        assert all(f"<code>{column.name}</code>" in page for column in dataset.columns)
        assert all(f"/data/{name}.{ending}" in page for ending in dataset.formats)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_every_set_comes_in_every_form_with_the_same_rows(client, city, name, ending):
    header, expected = rows(client, name)
    answer = client.get(f"/data/{name}.{ending}")
    assert answer["Content-Disposition"] == f'attachment; filename="ksbb-{name}.{ending}"'
    assert answer["Access-Control-Allow-Origin"] == "*"
    content = body(answer)
    if ending == "json":
        found = json.loads(content)
        assert all(list(row) == header for row in found)
    else:
        found = sheet_rows(content) if ending == "xlsx" else expected
    assert len(found) == len(expected) == DATA_SETS[name].count() > 0


def sheet_rows(content):
    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    header, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in found]


def test_the_rows_of_kolaborasi_sum_to_the_figures(client, city):
    totals = figures.totals()
    _header, found = rows(client, "kolaborasi")
    for column, total in (
        ("diajukan", totals.submitted),
        ("komitmen", totals.committed),
        ("tersalurkan", totals.delivered),
    ):
        assert sum(int(row[f"rincian_{column}"]) for row in found) == total.total
        for package, amount in total.by_package.items():
            assert sum(int(row[f"rincian_{column}"]) for row in found if row["rincian_paket"] == package) == amount


def test_the_other_sets_sum_to_the_figures_too(client, city):
    totals = figures.totals()
    givers = rows(client, "kolaborator")[1]
    assert sum(int(row["komitmen"]) for row in givers) == totals.committed.total
    assert sum(int(row["tersalurkan"]) for row in givers) == totals.delivered.total
    assert len(givers) == totals.collaborators.total
    assert sum(int(row["tersalurkan"]) for row in rows(client, "penyaluran")[1]) == totals.delivered.total
    funds = rows(client, "dana")[1]
    assert sum(int(row["diterima"]) for row in funds) == totals.funds.received
    assert sum(int(row["saldo"]) for row in funds) == totals.funds.balance
    assert sum(int(row["komitmen"]) for row in rows(client, "angka", per="kelurahan")[1]) == totals.committed.total


@pytest.mark.parametrize("parameters", [{"paket": "lebaran"}, {"wilayah": "31.74"}, {"kategori": "perorangan"}])
def test_a_filtered_file_is_the_figures_share(client, city, parameters):
    word, key = next(iter(parameters.items()))
    per = {"paket": "paket", "wilayah": "kota", "kategori": "kategori"}[word]
    expected = next(row for row in figures.breakdown(per) if row.key == key)
    found = rows(client, "kolaborasi", **parameters)[1]
    assert sum(int(row["rincian_komitmen"]) for row in found) == expected.committed
    assert sum(int(row["rincian_diajukan"]) for row in found) == expected.submitted


def test_an_anonymous_gift_is_a_row_with_empty_giver(client, city):
    found = [row for row in rows(client, "kolaborasi")[1] if row["rincian_komitmen"] == "3"]
    assert [(row["kolaborator_slug"], row["kolaborator_nama"]) for row in found] == [("", "")]
    hidden = next(row for row in rows(client, "kolaborator")[1] if row["nama"] == "Hamba Allah")
    assert (hidden["slug"], hidden["url"]) == ("", "")


def test_header_and_api_name_the_same_fields(client, city):
    header, found = rows(client, "kolaborasi")
    answer = client.get("/api/v1/kolaborasi/").json()["results"]
    flat = {f"rincian_{name}" for name in answer[0]["rincian"][0]} | set(answer[0]) - {"rincian", "kolaborator"}
    assert flat | {"kolaborator_slug", "kolaborator_nama"} == set(header)
    by_code = {row["kode"]: row for row in answer}
    assert {row["kode"] for row in found} == set(by_code)
    for name in ("status", "diajukan_pada", "url", "saluran"):
        assert all(row[name] == by_code[row["kode"]][name] for row in found)
    assert set(rows(client, "kolaborator")[0]) == set(client.get("/api/v1/kolaborator/").json()["results"][0])


def test_a_wrong_value_is_400(client, city):
    answer = client.get("/data/kolaborasi.csv", {"sampai": "kemarin"})
    assert answer.status_code == 400
    assert list(answer.json()["galat"]) == ["sampai"]


@pytest.mark.parametrize("path", ["/data/apa.csv", "/data/kolaborasi.pdf", "/data/kolaborasi.geojson"])
def test_what_is_not_there_is_404(client, db, path):
    assert client.get(path).status_code == 404


def test_a_file_that_has_not_changed_is_304(client, city):
    first = client.get("/data/kolaborasi.csv")
    body(first)
    again = client.get("/data/kolaborasi.csv", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_costs_one_query_however_long(client, city, django_assert_max_num_queries):
    factories.accepted(factories.need(50), 3)
    with django_assert_max_num_queries(5):  # the data's version and the rows, in a transaction on PostgreSQL
        body(client.get("/data/kolaborasi.csv"))


def test_a_stream_that_writes_is_stopped(client, city, monkeypatch):
    from dataclasses import replace

    from donations.models import Watermark
    from donations.views import data

    def writing(_chosen):
        yield (Watermark.objects.update(entries=1),)

    bad = replace(DATA_SETS["dana"], rows=writing, columns=(exports.Column("x", ""),))
    monkeypatch.setitem(data.DATA_SETS, "dana", bad)
    with pytest.raises(PublicWriteError):
        body(client.get("/data/dana.csv"))


# --- The writers ------------------------------------------------------------------------------------------------------
def test_the_header_leaves_before_any_row_is_read():
    read = []

    def reading():
        read.append("row")
        yield ("1", 2)

    stream = exports.as_csv(["a", "b"], reading())
    assert (next(stream), read) == ("a,b\r\n", [])
    assert (next(stream), read) == ("1,2\r\n", ["row"])


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)


@given(TEXT | st.text("=+-@;' 1a\t", max_size=12))
def test_no_text_is_a_formula_in_a_csv(text):
    """Nor is any part of it where lines are split at semicolons, as with Indonesian settings."""
    content = "".join(exports.as_csv(["a"], [(text,)]))
    _header, row = csv.reader(io.StringIO(content, newline=""))
    assert row[0].replace("'", "") == text.replace("'", "")
    assert not csv_lines.NUMBER.fullmatch(text) or row[0] == text
    assert row[0][:1] not in ("\t", "\r")
    for cell in row[0].split(";"):
        assert cell[:1] not in ("=", "@", "|", "%")
        assert cell[:1] not in ("+", "-") or csv_lines.NUMBER.fullmatch(row[0])


@given(st.integers(-(2**62), 2**62))
def test_numbers_stay_numbers(number):
    assert "".join(exports.as_csv(["a"], [(number,)])) == f"a\r\n{number}\r\n"


def test_values_in_csv_and_json():
    moment = datetime(2020, 5, 1, 18, 0, tzinfo=timezone.get_fixed_timezone(0))
    row = (None, True, Decimal("-6.25"), date(2020, 5, 2), moment, 'koma, "kutip"')
    header = list("abcdef")
    assert "".join(exports.as_csv(header, [row])).splitlines()[1] == (
        ',true,-6.25,2020-05-02,2020-05-02T01:00:00+07:00,"koma, ""kutip"""'
    )
    assert json.loads("".join(exports.as_json(header, [row]))) == [
        {"a": None, "b": True, "c": -6.25, "d": "2020-05-02", "e": "2020-05-02T01:00:00+07:00", "f": 'koma, "kutip"'}
    ]
    assert json.loads("".join(exports.as_json(header, []))) == []


def cells(*values):
    """Return the cells of a sheet's only row."""
    content = b"".join(sheets.as_xlsx([str(n) for n in range(len(values))], [values]))
    return next(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2))


def test_a_sheet_keeps_text_as_text_and_numbers_as_numbers():
    found = [(cell.value, cell.data_type) for cell in cells("=1+1", 5, "x\x07<&>y", True, Decimal("-6.25"), None)]
    assert found == [("=1+1", "s"), (5, "n"), ("x<&>y", "s"), (True, "b"), (-6.25, "n"), (None, "n")]


def test_a_sheet_has_days_and_moments_as_jakartas_clocks_show_them():
    moment = datetime(2020, 5, 1, 18, 0, 7, tzinfo=timezone.get_fixed_timezone(0))
    day, when = cells(date(2020, 5, 2), moment)
    assert (day.value.date(), day.is_date) == (date(2020, 5, 2), True)
    assert when.value == datetime(2020, 5, 2, 1, 0, 7)


@given(st.text(max_size=40))
def test_any_text_comes_back_from_a_sheet(text):
    [cell] = cells(text)
    assert cell.data_type in ("s", "inlineStr", "n")
    kept = sheets.UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    assert (cell.value or "") == kept


def test_a_sheets_first_bytes_leave_before_any_row_is_asked_for():
    read = []

    def reading():
        for n in range(2_000):
            read.append(n)
            yield (n,)

    stream = sheets.as_xlsx(["a"], reading())
    assert next(stream).startswith(b"PK")
    assert len(read) <= 1


def test_a_sheet_that_is_full_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(sheets, "SHEET_ROWS", 3)
    book = load_workbook(io.BytesIO(b"".join(sheets.as_xlsx(["a"], [(n,) for n in range(5)]))))
    assert [[row[0] for row in sheet.values] for sheet in book.worksheets] == [["a", 0, 1, 2], ["a", 3, 4]]


def test_a_workbook_without_rows_has_its_header():
    assert list(load_workbook(io.BytesIO(b"".join(sheets.as_xlsx(["a"], [])))).active.values) == [("a",)]
