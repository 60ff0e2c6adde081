"""Append-only tables: triggers refuse UPDATE, DELETE and TRUNCATE, and stamp the transaction on PostgreSQL."""

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_REFUSE = """
CREATE OR REPLACE FUNCTION ksbb_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
POSTGRES_STAMP = """
CREATE OR REPLACE FUNCTION ksbb_stamp_xact() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.xact := pg_current_xact_id()::text::bigint; RETURN NEW; END $$
"""


def statements(vendor, table):
    """Return the SQL that makes `table` append-only on a database of this vendor."""
    if vendor == "sqlite":
        return [SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]
    return [
        POSTGRES_REFUSE,
        POSTGRES_STAMP,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ksbb_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ksbb_append_only()",
        f"CREATE TRIGGER {table}_stamp BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION ksbb_stamp_xact()",
    ]


def drop_statements(vendor, table):
    """Return the SQL that takes the triggers away again (a reversed migration, and nothing else)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("UPDATE", "DELETE")]
    return [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for name in ("append_only", "no_truncate", "stamp")]


def install(table):
    """Return a function for `RunPython` that makes `table` append-only."""

    def run(apps, schema_editor):
        for sql in statements(schema_editor.connection.vendor, table):
            schema_editor.execute(sql, params=None)

    return run


def remove(table):
    """Return the reverse of `install` for `RunPython`."""

    def run(apps, schema_editor):
        for sql in drop_statements(schema_editor.connection.vendor, table):
            schema_editor.execute(sql, params=None)

    return run
