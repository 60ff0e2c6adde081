"""Rows that the database picks and makes ready, read while they are being sent."""

from django.core.exceptions import EmptyResultSet
from django.db import connections

from .csv_lines import Line, Spoken, separated_lines

AT_ONCE = 2_000


class Picked:
    """The rows of a queryset, with the values of `sources` (paths and expressions) in their order."""

    def __init__(self, queryset, sources):
        self.queryset, self.sources = queryset, sources
        self.connection = connections[queryset.db]

    def __iter__(self):
        with self.connection.reading_long():
            yield from self.queryset.values_list(*self.sources).iterator(AT_ONCE)

    def csv(self):
        """Yield the lines of CSV, some at once, which the database makes as far as it can."""
        spoken = [Spoken(source) for source in self.sources]
        with self.connection.reading_long():
            if self.connection.vendor == "postgresql":
                yield from self.connection.copied(*_statement(self.queryset.values_list(*spoken)))
            else:
                yield from separated_lines(self.queryset.values_list(Line(*spoken), flat=True).iterator(AT_ONCE))


def _statement(queryset):
    """Return a queryset's SQL and parameters, also where its filters leave nothing to ask for."""
    try:
        return queryset.query.get_compiler(queryset.db).as_sql()
    except EmptyResultSet:
        return "SELECT 1 WHERE false", ()
