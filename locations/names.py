"""Names of places are found by any part of them without reading all (docs/adr/0011): both engines have an index of
every three letters in a row. PostgreSQL's is made by migration 0003 and takes part by itself.

SQLite's is a table (FTS5) that triggers keep in step, whoever writes. When Django alters a table there it makes it
anew, and the triggers are gone without a word: a migration that does so to places ends with `RunPython(fill, empty)`.
"""

from django.db.models.expressions import Col
from django.db.models.lookups import IContains

SHORTEST = 3  # letters; for a shorter word all names are read
FOUND = "SELECT rowid FROM location_name_trigrams WHERE location_name_trigrams MATCH %s"
EMPTY = (
    "DROP TRIGGER IF EXISTS location_name_insert",
    "DROP TRIGGER IF EXISTS location_name_update",
    "DROP TRIGGER IF EXISTS location_name_delete",
    "DROP TABLE IF EXISTS location_name_trigrams",
)
FILL = (
    *EMPTY,
    "CREATE VIRTUAL TABLE location_name_trigrams USING fts5(name, tokenize='trigram')",
    "INSERT INTO location_name_trigrams (rowid, name) SELECT id, name FROM locations_location",
    """CREATE TRIGGER location_name_insert AFTER INSERT ON locations_location BEGIN
    INSERT INTO location_name_trigrams (rowid, name) VALUES (new.id, new.name); END""",
    """CREATE TRIGGER location_name_update AFTER UPDATE OF id, name ON locations_location BEGIN
    UPDATE location_name_trigrams SET rowid = new.id, name = new.name WHERE rowid = old.id; END""",
    """CREATE TRIGGER location_name_delete AFTER DELETE ON locations_location BEGIN
    DELETE FROM location_name_trigrams WHERE rowid = old.id; END""",
)


def fill(apps, schema_editor):
    """Make SQLite's index of the names that there are, and its triggers; for `RunPython`."""
    _run(schema_editor, FILL)


def empty(apps, schema_editor):
    """Take the index away: the reverse of `fill`."""
    _run(schema_editor, EMPTY)


def _run(schema_editor, statements):
    if schema_editor.connection.vendor == "sqlite":
        for sql in statements:
            schema_editor.execute(sql, params=None)


class Holds(IContains):
    """`icontains` of a place's name: SQLite compares only the names that its index found."""

    def as_sqlite(self, compiler, connection):
        sql, params = self.as_sql(compiler, connection)
        asked = isinstance(self.lhs, Col) and isinstance(self.rhs, str) and len(self.rhs) >= SHORTEST
        if not asked:
            return sql, params
        key = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.id"
        return f"({key} IN ({FOUND}) AND {sql})", (_phrase(self.rhs), *params)


def _phrase(word):
    """Return the question to FTS5 that has `word` as it stands, whatever signs are in it."""
    return '"{}"'.format(word.replace('"', '""'))
