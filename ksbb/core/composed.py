"""Questions to the database whose SQL is composed once: to compose it costs ten times what it takes to answer it."""

from functools import cache

from django.db import connections, router


class Composed:
    """Asks for rows by their keys (numbers, texts or bytes); `ask(keys)` is the queryset, without `select_related`.

    A queryset is composed only for each new number of keys; with other keys its statement is sent again.
    """

    def __init__(self, ask):
        self.ask = ask
        self._composed = cache(self._compose)

    def __call__(self, keys):
        """Return the rows for a list of keys, in the queryset's order."""
        return self._composed(type(keys[0]), len(keys)).rows(keys) if keys else []

    def _compose(self, kind, count):
        """Compose the question for two sets of keys that nobody has: where the two differ, keys go."""
        one, other = (self.ask([kind(number) for number in range(start, start + count)]) for start in (0, count))
        return Statement(one.query, other.query)


class Statement:
    """A query's SQL, the places of keys among its parameters, and what makes objects of its rows."""

    def __init__(self, query, other):
        self.model, alias = query.model, router.db_for_read(query.model)
        compiler = query.get_compiler(alias)
        self.sql, self.parameters = compiler.as_sql()
        pairs = enumerate(zip(self.parameters, other.get_compiler(alias).as_sql()[1], strict=True))
        self.places = [place for place, (one, another) in pairs if one != another]
        self.converters = compiler.get_converters([expression for expression, *_sql in compiler.select])
        columns = compiler.klass_info["select_fields"]
        self.names = [compiler.select[column][0].target.attname for column in columns]
        self.own, self.annotated = slice(columns[0], columns[-1] + 1), compiler.annotation_col_map

    def rows(self, keys):
        """Return the model's objects for these keys. The database plans the statement once."""
        parameters = [*self.parameters]
        for place, key in zip(self.places, keys, strict=True):
            parameters[place] = key
        connection = connections[router.db_for_read(self.model)]
        with connection.planned_cursor() as cursor:
            cursor.execute(self.sql, parameters)
            return [self._object(list(row), connection) for row in cursor.fetchall()]

    def _object(self, row, connection):
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        found = self.model.from_db(connection.alias, self.names, row[self.own])
        for name, place in self.annotated.items():
            setattr(found, name, row[place])
        return found
