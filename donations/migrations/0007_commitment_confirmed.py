"""The newest accepted promises, found by index: the home page asks for five of all there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("donations", "0006_anonymous_face")]

    operations = [
        migrations.AddIndex(
            "commitment",
            models.Index(
                fields=["confirmed_at", "id"],
                name="commitment_confirmed",
                condition=models.Q(confirmed_at__isnull=False),
            ),
        ),
    ]
