"""`manage.py import_data KIND FILE [--commit] [--json]`: look at a file, and write what is in it when asked to."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.imports import KINDS
from ksbb.core import imports


class Command(BaseCommand):
    help = "Check a file and say what it would change; with --commit, change it."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="write what is not refused (default: a dry run)")
        parser.add_argument("--json", action="store_true", help="print the report for machines")

    def handle(self, *, kind, file, commit, **options):
        report = imports.run(KINDS[kind], file, now=timezone.now(), commit=commit)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_wire(), ensure_ascii=False))
        else:
            self.tell(report, commit)
        if report.refused:
            sys.exit(1)

    def tell(self, report, commit):
        """Print the report for people."""
        for name, problems in ((_("Ditolak"), report.refused), (_("Peringatan"), report.warnings)):
            for problem in problems:
                row = problem.as_wire()
                self.stdout.write(_("{name}, baris {baris}, {kolom}: {pesan}").format(name=name, **row))
        self.stdout.write(report.summary())
        if not commit and not report.file_refused:
            self.stdout.write(_("Belum ada yang disimpan. Ulangi dengan --commit untuk menyimpannya."))
