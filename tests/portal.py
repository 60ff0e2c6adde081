"""The real portal as a process, on the demo city: the launcher, gunicorn and run_jobs, seen from outside."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180


class Portal:
    """A running portal; `url` is its address without a slash, `var` its state folder.

    It starts from a copy of the state folder `source`, else of the one that `make test` prepared (KSBB_EMPTY_VAR,
    KSBB_DEMO_VAR), else from nothing, as it does with `fresh`. `settings` go into its environment.
    """

    def __init__(self, var, source=None, fresh=False, **settings):
        self.var = Path(var)
        source = source or os.environ.get("KSBB_EMPTY_VAR" if settings.get("DEMO") == "0" else "KSBB_DEMO_VAR")
        if source and not fresh:
            shutil.copytree(source, self.var, dirs_exist_ok=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        # The launcher's own defaults count here, not what tests/settings.py put into this process.
        unset = ("DATABASE_URL", "DEMO", "SITE_URL", "HOST", "SECRET_KEY", "KK_KEY", "CONTACT_KEY", "LINK_KEY")
        inherited = {name: value for name, value in os.environ.items() if name not in unset}
        self.environment = {**inherited, "VAR": str(self.var), "PORT": str(port), "KK_LIMIT": "10", **settings}
        self.environment["DJANGO_SETTINGS_MODULE"] = "ksbb.settings"
        self.log = self.var.parent / f"{self.var.name}.log"

    def prepare(self):
        """Bring its state folder to where it can be served."""
        command = [sys.executable, "bin/launch.py", "prepare"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def start(self):
        """Start it and return once it is ready; the log tells why when it never is."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "bin/launch.py", "run"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        limit = time.monotonic() + START_SECONDS
        while not ("KSBB is ready" in self.log.read_text() and self.ready()):
            if self.process.poll() is not None or time.monotonic() > limit:
                self.stop()
                raise RuntimeError(f"the portal did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)
        return self

    def ready(self):
        """Tell whether the database answers behind the server."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def ask(self, path, **headers):
        """Return (status, headers, text, seconds) of an address, whatever is answered."""
        began = time.monotonic()
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        return answer.status, answer.headers, text, time.monotonic() - began

    def manage(self, *arguments):
        """Run a manage.py command on its data and return what it printed."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def stop(self):
        """End it as Ctrl-C would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
