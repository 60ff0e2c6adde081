"""Django's PostgreSQL with our pool, and with limits to how long a server may keep silent."""

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from .pool import Pool

# In seconds, tcp_user_timeout in milliseconds: a machine that is gone says neither yes nor no.
SILENCE = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


class DatabaseWrapper(base.DatabaseWrapper):
    """`OPTIONS["pool"]` gives `size` (connections per process) and `timeout` (seconds in line for one)."""

    @property
    def pool(self):
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self.alias == NO_DB_ALIAS:
            return None
        if self.alias not in self._connection_pools:
            params = {**self.get_connection_params(), "autocommit": True}  # Django sets what it needs for each use
            self._connection_pools.setdefault(self.alias, Pool(lambda: self._connected(params), **options))
        return self._connection_pools[self.alias]

    def _connected(self, params):
        connection = self.Database.connect(**params)
        self._configure_connection(connection)
        return connection

    def get_connection_params(self):
        # Only for `planned_cursor`: Django's own cursors put the values into the statement.
        return {**SILENCE, **super().get_connection_params(), "prepare_threshold": 2}

    def planned_cursor(self):
        """Return a cursor for statements that come again and again: the server plans them once for each connection."""
        with self.wrap_database_errors:
            self.ensure_connection()
            return self._prepare_cursor(psycopg.Cursor(self.connection))
