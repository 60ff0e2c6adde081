"""The needs of one place in the open period, found by index: every list, the map and every area page ask for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("locations", "0001_initial")]

    operations = [
        migrations.AddIndex("need", models.Index(fields=["period", "location"], name="need_period_location")),
    ]
