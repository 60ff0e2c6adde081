"""Names of places: found by any part of them on SQLite too (docs/adr/0011), and read in their order on both engines."""

from django.db import migrations, models

from locations.names import empty, fill


class Migration(migrations.Migration):
    dependencies = [("locations", "0004_boundary")]

    operations = [
        migrations.AddIndex("location", models.Index(fields=["name", "id"], name="location_name")),
        migrations.RunPython(fill, empty),
    ]
