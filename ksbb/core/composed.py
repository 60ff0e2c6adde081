"""Questions to the database whose SQL is composed once: to compose it costs ten times what it takes to answer it."""

from functools import cache

from django.db import connections, router
from django.db.models.query import RawQuerySet
from django.db.models.sql import RawQuery


class Composed:
    """Asks for rows by their keys; `ask(keys)` is the queryset, without `select_related`.

    A queryset is composed only for each new number of keys; with other keys its statement is sent again.
    """

    def __init__(self, ask):
        self.ask = ask
        self._composed = cache(self._compose)

    def __call__(self, keys):
        """Return the rows for a list of keys, in the queryset's order."""
        if not keys:
            return []
        model, sql, parameters, places = self._composed(len(keys))
        parameters = [*parameters]
        for place, key in zip(places, keys, strict=True):
            parameters[place] = key
        alias = router.db_for_read(model)
        return list(RawQuerySet(sql, model, PlannedQuery(sql, alias, parameters), parameters, using=alias))

    def _compose(self, count):
        """Return the model, the statement, its parameters, and the places among them where keys go."""
        stand_ins = [-1 - number for number in range(count)]
        queryset = self.ask(stand_ins)
        sql, parameters = queryset.query.sql_with_params()
        found = [*map(str, parameters)]
        return queryset.model, sql, parameters, [found.index(str(one)) for one in stand_ins]


class PlannedQuery(RawQuery):
    """A statement that the database plans once."""

    def _execute_query(self):
        self.cursor = connections[self.using].planned_cursor()
        self.cursor.execute(self.sql, self.params)
