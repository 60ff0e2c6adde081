"""The databases of the settings: SQLite in the state folder, or PostgreSQL, perhaps with a replica."""

from django.core.exceptions import ImproperlyConfigured

from ksbb.core.line import LINE_SECONDS

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON; PRAGMA cache_size=-32000;"
    ),
}


def databases(env, folder, size):
    """Return DATABASES from the environment, each PostgreSQL with a pool of `size` connections. Public pages read from
    "replica", where there is one.
    """
    primary = env.str("DATABASE_URL", default="") or f"sqlite:///{folder / 'ksbb.sqlite3'}"
    replica = env.str("DATABASE_REPLICA_URL", default="")
    found = {"default": _database(env, primary, size)}
    if replica:
        found["replica"] = _database(env, replica, size)
        if found["default"]["ENGINE"] != found["replica"]["ENGINE"]:
            raise ImproperlyConfigured("DATABASE_REPLICA_URL needs a DATABASE_URL of PostgreSQL.")
    return found


def _database(env, url, size):
    given = env.db_url_config(url)
    if given["ENGINE"].endswith("sqlite3"):
        return {**given, "ENGINE": "ksbb.core.queued_sqlite3", "OPTIONS": SQLITE}
    pool = {"size": size, "timeout": LINE_SECONDS}
    return {**given, "ENGINE": "ksbb.core.pooled_postgresql", "OPTIONS": {**given.get("OPTIONS", {}), "pool": pool}}
