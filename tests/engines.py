"""What only tests may do to a database: empty it, append-only tables included, or have one of their own."""

import contextlib
import os
import secrets
from urllib.parse import urlsplit

import psycopg
from django.apps import apps
from django.db import connection

from ksbb.core import triggers
from ksbb.core.watermark import position_column

APPEND_ONLY = ("donations_ledgerentry", "core_auditentry")
KEPT = ("django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions")


def tables():
    """Return every table with rows that tests make."""
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if model._meta.db_table not in KEPT]


def empty_database():
    """Delete every row; the triggers stand again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in APPEND_ONLY:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {', '.join(tables())} RESTART IDENTITY CASCADE")
            for table in APPEND_ONLY:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in APPEND_ONLY:
            for sql in triggers.drop_statements("sqlite", table):
                cursor.execute(sql)
        for table in tables():
            cursor.execute(f"DELETE FROM {table}")
        for table in APPEND_ONLY:
            for sql in triggers.statements("sqlite", table):
                cursor.execute(sql)
        cursor.execute("PRAGMA foreign_keys = ON")


@contextlib.contextmanager
def editable():
    """Let rows of append-only tables be changed while the block runs, within the test's transaction."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be altered
        for table in APPEND_ONLY:
            for sql in triggers.drop_statements(vendor, table):
                cursor.execute(sql)
        yield
        for table in APPEND_ONLY:
            for sql in triggers.statements(vendor, table):
                cursor.execute(sql)


def end_of_ledger(table):
    """Return the position after the last row, final when nobody else writes into this database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX({position_column()}), 0) + 1 FROM {table}")
        return cursor.fetchone()[0]


@contextlib.contextmanager
def own_database():
    """Yield the environment of a portal with an empty database: a new one on PostgreSQL, VAR's file on SQLite."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield {}
        return
    name = f"ksbb_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl()}
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
