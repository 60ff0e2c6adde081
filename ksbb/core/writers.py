"""Few writers at once: the places for POSTs of promises and status checks."""

from functools import wraps

from django.db import connection

from .line import Line

# In each process. Dozens of threads at once would take the interpreter from one another at every statement, with a
# connection and perhaps a lock in their hands. On PostgreSQL one works while another waits for the server; SQLite works
# in this process, and lets one write at a time.
WRITERS = Line(1 if connection.vendor == "sqlite" else 2)


def in_line(view):
    """Let few POSTs to a view be worked on at once, the others wait in line."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with WRITERS:
            return view(request, *args, **kwargs)

    return asked
