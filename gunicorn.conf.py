"""The production server; gunicorn reads this file from the working folder."""

import gc
import os
import socket

from gunicorn.glogging import Logger

from ksbb.core.logs import JsonFormatter
from ksbb.core.privacy import MaskFormatter

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
wsgi_app = "ksbb.wsgi"
# Many threads, few processes: a slow client holds a thread, not a core. All of 400 slow ones may come to one process.
# Work on the database is bounded by the pool, not by the threads.
workers = int(os.environ.get("WORKERS") or 2)
worker_class = "gthread"
threads = int(os.environ.get("THREADS") or 512)
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
# No header tells where the portal lies or how it was reached; Django reads the one that it is told to (BEHIND_PROXY).
forwarder_headers = forwarded_allow_ips = ""
# No log line per request: addresses of private pages are secrets, and the audit log remembers what matters.
accesslog = None
errorlog = "-"


class MaskedLogger(Logger):
    """The server's own lines quote requests that it cannot read, so they are masked like ours, and shaped like ours."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            machines = os.environ.get("LOG_FORMAT") == "json"
            handler.setFormatter(JsonFormatter() if machines else MaskFormatter(self.error_fmt, self.datefmt))


logger_class = MaskedLogger
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def pre_fork(server, worker):
    """Leave no database connection for two processes to share."""
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        getattr(connection, "close_pool", lambda: None)()


def forget_figures(pid=None):
    """Count no process that has ended among the living, where figures for Prometheus are wanted."""
    from django.conf import settings

    if settings.METRICS_TOKEN:
        from ksbb.core.metrics import forget_dead

        forget_dead(pid)


def hang_up(listeners):
    """Let nobody hold a thread who reads nothing of her answer for as long as a request may take (on Linux)."""
    for listener in listeners if hasattr(socket, "TCP_USER_TIMEOUT") else ():
        listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, timeout * 1000)


def when_ready(server):
    forget_figures()
    hang_up(server.LISTENERS)
    # What is loaded by now stays for good: no process need look through it for garbage, nor copy it to do so.
    gc.collect()
    gc.freeze()


def child_exit(server, worker):
    forget_figures(worker.pid)
