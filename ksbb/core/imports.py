"""Reads files that people bring: what is in them is checked, counted and shown, and written only when asked to.

This engine knows no noun. A kind of file is a `Kind`; what it found in a file is a `Report`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from .privacy import mask


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: its line in the file (from 1), the column, and what to do about it."""

    line: int
    column: str
    message: str

    def as_wire(self):
        return {"baris": self.line, "kolom": self.column, "pesan": mask(self.message)}


@dataclass
class Report:
    """What a file holds: rows that are new, changed, the same or left out; warnings, and rows that are refused."""

    file: str
    kind: str
    new: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    warnings: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    file_refused: bool = False

    def warn(self, line, column, message):
        self.warnings.append(Problem(line, column, message))

    def refuse(self, line, column, message):
        self.refused.append(Problem(line, column, message))

    def summary(self):
        """Return what the file holds, in a sentence."""
        if self.file_refused:
            return _("Berkas ini ditolak; tidak ada yang dibaca.")
        words = _("%(new)s baru, %(changed)s berubah, %(same)s sama, %(skipped)s dilewati, %(refused)s ditolak.")
        return words % {**vars(self), "refused": len(self.refused)}

    def as_wire(self):
        """Return the report as machines read it (`--json`)."""
        return {
            "berkas": self.file,
            "jenis": self.kind,
            "ditolak_berkas": self.file_refused,
            "ringkasan": self.summary(),
            "baru": self.new,
            "berubah": self.changed,
            "sama": self.same,
            "dilewati": self.skipped,
            "peringatan": [problem.as_wire() for problem in self.warnings],
            "ditolak": [problem.as_wire() for problem in self.refused],
        }


class FileRefused(Exception):
    """The file as a whole cannot be read; its arguments are those of a Problem."""


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    `read(path, report)` returns the rows that are fit to be written, and tells the report of the others; it raises
    FileRefused for a file that is none of this kind. `write(rows, report, now)` writes them and counts in the report
    what is new, changed or the same.
    """

    slug: str
    read: Callable
    write: Callable


def run(kind, path, *, now, commit=False):
    """Read a file and return its Report. Nothing stays unless `commit`: a dry run writes it all and takes it back."""
    report = Report(path.name, kind.slug)
    try:
        rows = kind.read(path, report)
    except FileRefused as refusal:
        report.file_refused = True
        report.refuse(*refusal.args)
        return report
    with transaction.atomic():
        kind.write(rows, report, now)
        if not commit:
            transaction.set_rollback(True)
    return report
