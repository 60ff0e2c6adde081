"""`manage.py prepare`: everything between an installed checkout and a running portal, in one process."""

import hashlib
import io
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

# Static files that packages bring and no page of ours loads.
UNUSED = ["redoc", "rest_framework", "leaflet/*-src.js", "*.map"]


def digest(*roots):
    """Return one hash over the names and contents of all files below `roots`."""
    total = hashlib.sha256()
    for root in roots:
        for path in sorted(p for p in [root, *root.rglob("*")] if p.is_file()):
            total.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def changed(name, stamp):
    """Tell whether `stamp` differs from the one of the last run; `keep` writes it once the work is done."""
    path = Path(settings.VAR) / f"{name}.stamp"
    return not path.exists() or path.read_text() != stamp


def keep(name, stamp):
    """Remember that the work for `stamp` is done."""
    (Path(settings.VAR) / f"{name}.stamp").write_text(stamp)


class Command(BaseCommand):
    help = "Migrate, load reference data, collect static files, load the demo into an empty database, open the week."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--no-static", action="store_true", help="leave static files where they are (DEBUG)")

    def handle(self, no_static, **options):
        migrated = self.migrate()
        self.reference(migrated)
        if not no_static:
            self.static()
        self.demo()
        call_command("open_week", stdout=io.StringIO())

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def migrate(self):
        """Apply migrations if any is missing; return whether there was one."""
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).splitlines()[0]}") from None
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.say(f"Migrating the database ({len(plan)} steps) …")
            call_command("migrate", verbosity=0, interactive=False)
        return bool(plan)

    def reference(self, migrated):
        """Load the reference data when it, or the database, is new."""
        database = connection.settings_dict
        stamp = f"{digest(settings.BASE_DIR / 'fixtures')} {database['HOST']}:{database['PORT']}/{database['NAME']}"
        if migrated or changed("reference", stamp):
            self.say("Loading areas, programmes and packages …")
            call_command("load_reference", verbosity=0)
            keep("reference", stamp)

    def static(self):
        """Collect, hash and compress static files when one of them, or a package that brings some, changed."""
        root = settings.BASE_DIR
        stamp = digest(root / "static", root / "requirements" / "run.txt", root / "ksbb" / "storage.py")
        if changed("static", stamp) or not Path(settings.STATIC_ROOT).is_dir():
            self.say("Collecting static files …")
            call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED)
            keep("static", stamp)

    def demo(self):
        """Load the demo city when it is wanted and the database has no place yet."""
        if settings.DEMO and not apps.get_model("locations", "Location").objects.exists():
            self.say("Loading the demo city …")
            call_command("load_demo")
