"""Small tables that many requests need whole, kept in this process as long as the data stand still."""

from .version import data_version

_tables = {}


def kept(load):
    """Return what `load()` read at this data version. Every thread gets the same rows: they are not to be changed."""
    version = data_version()
    known = _tables.get(load)
    if known is None or known[0] != version:
        known = _tables[load] = version, load()
    return known[1]


def join(rows, name, table):
    """Give each row the row of `table` (pk → row) that its foreign key `name` points to; Django reads what lacks."""
    for row in rows:
        if (other := table.get(getattr(row, f"{name}_id"))) is not None:
            setattr(row, name, other)


def forget():
    """Read everything anew the next time."""
    _tables.clear()
