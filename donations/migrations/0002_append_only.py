from django.db import migrations

from ksbb.core import triggers


class Migration(migrations.Migration):
    dependencies = [("donations", "0001_initial")]
    operations = [migrations.RunPython(triggers.install("donations_ledgerentry"), triggers.remove("donations_ledgerentry"), elidable=False)]
