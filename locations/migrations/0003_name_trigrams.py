"""Names are searched for any part of them: on PostgreSQL by a trigram index, where the server offers the extension.

SQLite's is made by 0005 (docs/adr/0011).
"""

from django.db import DatabaseError, migrations, transaction

INDEX = "location_name_trigrams"


def add(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(f"CREATE INDEX {INDEX} ON locations_location USING gin (UPPER(name) gin_trgm_ops)")
    except DatabaseError:
        # A database whose owner may not create extensions searches without the index, only slower.
        return


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("locations", "0002_need_by_place")]

    operations = [migrations.RunPython(add, remove)]
