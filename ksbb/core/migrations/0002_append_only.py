from django.db import migrations

from ksbb.core import triggers


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(triggers.install("core_auditentry"), triggers.remove("core_auditentry"), elidable=False)]
