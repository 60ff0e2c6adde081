"""Lines of CSV, UTF-8 with comma and decimal point, made by the database as far as it can: Python costs most."""

import csv
import io
import re
from datetime import datetime

from django.db.models import Func, TextField

from .sheets import JAKARTA, chunks

BEGINNINGS = r"=+\-@|%＝＋－＠"  # of what a spreadsheet takes for a formula
FORMULA_STARTS = frozenset(re.sub(r"\\", "", BEGINNINGS) + "\t\r")
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
# A spreadsheet with Indonesian settings splits a line at ";" too: what follows one begins a cell.
INNER_START = re.compile(rf"(;[ \t\r\n\f\v]*)(?=[{BEGINNINGS}])")


def harmless(text):
    """Return text that a spreadsheet does not take for a formula; plain numbers stay as they are."""
    text = f"'{text}" if text[:1] in FORMULA_STARTS and not NUMBER.fullmatch(text) else text
    return INNER_START.sub(r"\1'", text) if ";" in text else text


def wib(moment):
    """Return a moment in ISO 8601 with Jakarta's offset, as the API writes it."""
    return moment.astimezone(JAKARTA).isoformat()


# --- From tuples ------------------------------------------------------------------------------------------------------
SPOKEN = {bool: lambda value: "true" if value else "false", datetime: wib, str: harmless}


def csv_lines(rows):
    """Yield the lines of rows (tuples), some at once."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for chunk in chunks(rows):
        writer.writerows([map(_said, row) for row in chunk])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _said(value):
    say = SPOKEN.get(type(value))
    return say(value) if say else value


# --- From lines of SQLite ---------------------------------------------------------------------------------------------
SEPARATOR = "\x1f"  # before each value; no value has it
MARKS = (*',;"\r\n', *(FORMULA_STARTS - {*"+-"}))
# Dates have - inside and coordinates before them: only what begins with a sign and is no number is a formula.
SIGNED = re.compile(rf"{SEPARATOR}[+-](?![0-9]+([.,][0-9]+)?({SEPARATOR}|\Z))")


def separated_lines(lines):
    """Yield the lines of CSV for lines with a SEPARATOR before each value, some at once."""
    for some in chunks(lines):
        plain = _is_plain("".join(some))
        yield "".join([_plain(line) if plain or _is_plain(line) else _careful(line) for line in some])


def _is_plain(line):
    """Tell whether no value of a line needs quotes or could be a formula."""
    return not any(mark in line for mark in MARKS) and not SIGNED.search(line)


def _plain(line):
    return line[1:].replace(SEPARATOR, ",") + "\r\n"


def _careful(line):
    return "".join(csv_lines([line[1:].split(SEPARATOR)]))


# --- Said by the database ---------------------------------------------------------------------------------------------
_TRUTH = "CASE {0} WHEN true THEN 'true' WHEN false THEN 'false' END"
# A pattern costs half a microsecond a text, and hardly any needs one.
_STARTS = f"ascii({{0}}) IN ({', '.join(str(ord(start)) for start in sorted(FORMULA_STARTS))})"
_INNER = INNER_START.pattern.replace("%", "%%")
_HARMLESS = (
    f"CASE WHEN {_STARTS} OR strpos({{0}}, ';') > 0 "
    f"THEN regexp_replace(CASE WHEN {_STARTS} AND {{0}} !~ '^{NUMBER.pattern}$' THEN '''' || {{0}} ELSE {{0}} END, "
    f"'{_INNER}', '\\1''', 'g') ELSE NULLIF({{0}}, '') END"
)
TEXTS = ("CharField", "TextField")
# Jakarta's offset has been +07:00 since 1964. COPY writes an empty text as `""`, unlike nothing.
SPEECH = {
    "postgresql": {
        "BooleanField": _TRUTH,
        # A whole share as JSON has it.
        "FloatField": "regexp_replace({0}::double precision::text, '^-?[0-9]+$', '\\&.0')",
        "DateField": "to_char({0}, 'YYYY-MM-DD')",
        "DateTimeField": "replace(to_char({0} AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), "
        "'.000000', '') || '+07:00'",
        **dict.fromkeys((*TEXTS, "SlugField"), _HARMLESS),
    },
    "sqlite": {
        "BooleanField": _TRUTH,
        "DateTimeField": "strftime('%%Y-%%m-%%dT%%H:%%M:%%S', substr({0}, 1, 19), '+7 hours') "
        "|| substr({0}, 20) || '+07:00'",  # what is less than a second it would round
        "FloatField": "replace({0}, '.0e', 'e')",  # of tiny shares
        **dict.fromkeys(TEXTS, "replace({0}, char(31), '')"),
    },
}


class Spoken(Func):
    """A value as CSV has it, but for quotes (and on SQLite, where `separated_lines` looks after them, for formulas)."""

    output_field = TextField()
    arity = 1

    def as_sql(self, compiler, connection):
        [value] = self.source_expressions
        sql, params = compiler.compile(value)
        speech = SPEECH[connection.vendor].get(value.output_field.get_internal_type(), "{0}")
        return speech.replace("{0}", f"({sql})"), list(params) * speech.count("{0}")


class Line(Func):
    """All values of a row as one text of SQLite's, with a SEPARATOR before each."""

    output_field = TextField()

    def as_sql(self, compiler, connection):
        pattern = f"{SEPARATOR}%%%%s" * len(self.source_expressions)
        return super().as_sql(compiler, connection, template=f"printf('{pattern}', %(expressions)s)")
