"""What `make` runs: sets up what is missing, then hands over. Standard library only, since nothing is installed yet."""

import os
import sys

import ground
import process
import supervise


def run():
    """Serve the portal until Ctrl-C or a signal."""
    door = supervise.open_door(*ground.address())
    ground.requirements("run")
    ground.state_folder()
    with supervise.lock(ground.VAR, shared=True):
        ground.manage("prepare")
        supervise.serve_production(door)


def dev():
    """Serve with DEBUG and automatic reload."""
    supervise.open_door(*ground.address()).close()
    os.environ["DEBUG"] = "1"
    ground.requirements("run")
    ground.state_folder()
    with supervise.lock(ground.VAR, shared=True):
        ground.manage("prepare", "--no-static")
        supervise.serve_development()


def prepare():
    """Make a state folder ready to be served, and serve nothing: what portals of the tests start from."""
    ground.state_folder()
    ground.manage("prepare")


def reset():
    """Throw the embedded database away and load a clean demo."""
    if os.environ.get("DATABASE_URL"):
        raise SystemExit("reset only knows the embedded database; DATABASE_URL is set, so nothing was touched.")
    os.environ["DEMO"] = "1"
    ground.requirements("run")
    ground.state_folder()
    with supervise.lock(ground.VAR, shared=False):
        for name in ("ksbb.sqlite3", "ksbb.sqlite3-wal", "ksbb.sqlite3-shm", "akun-demo.txt"):
            (ground.VAR / name).unlink(missing_ok=True)
        ground.manage("prepare")


def script(path, *arguments):
    """Become a script of ours that needs what tests need."""
    ground.requirements("run", "test")
    ground.hand_over(path, *arguments, *sys.argv[2:])


COMMANDS = {
    "run": run,
    "dev": dev,
    "prepare": prepare,
    "reset": reset,
    "test": lambda: script("bin/suite.py", "test"),
    "check": lambda: script("bin/suite.py", "check"),
    "format": lambda: script("bin/suite.py", "format"),
    "drills": lambda: script("bin/suite.py", "drills"),
    "bench": lambda: script("bin/suite.py", "bench"),
    "screenshots": lambda: script("bin/screenshots.py"),
}

if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what the first process compiles serves all that follow
    os.chdir(ground.ROOT)
    process.stop_on_signals()
    try:
        COMMANDS[sys.argv[1]]()
    except process.Stopped:
        ground.say("\rStopped.")
        raise SystemExit(0) from None
