"""Serves the portal: the open port, the server and run_jobs side by side, one end for all. Standard library only."""

import contextlib
import fcntl
import http.client
import socket
import time

import ground
from process import end, start

# --- The port and the state folder ------------------------------------------------------------------------------------


def open_door(host, port):
    """Bind the port at once, before anything slow; end in one line when it is not to be had."""
    try:
        family, kind, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(place)
    except OSError as error:
        raise SystemExit(
            f"Cannot listen on {host}:{port}: {error.strerror}. Try another: make run PORT={port + 1}"
        ) from None
    return door


@contextlib.contextmanager
def lock(folder, shared):
    """Hold the state folder: servers share it, a reset wants it alone."""
    with open(folder / "running.lock", "w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(f"The portal is using {folder}; stop it first.") from None
        yield


# --- The portal -------------------------------------------------------------------------------------------------------


def serve_production(door):
    """Serve with gunicorn on the open door, run_jobs beside it."""
    number = door.fileno()
    door.set_inheritable(True)
    python = str(ground.PYTHON)
    server = start([python, "-m", "gunicorn", "--bind", f"fd://{number}", "ksbb.wsgi"], pass_fds=[number])
    jobs = start([python, "manage.py", "run_jobs"])
    door.close()
    together({"gunicorn": server, "run_jobs": jobs})


def serve_development():
    """Serve with Django's reloading server, run_jobs beside it."""
    host, port = ground.address()
    python = str(ground.PYTHON)
    server = start([python, "manage.py", "runserver", f"{host}:{port}"])
    jobs = start([python, "manage.py", "run_jobs"])
    together({"runserver": server, "run_jobs": jobs})


def together(children):
    """Announce the portal once it answers, and wait; when one child ends, so do all."""
    try:
        wait_for_answer(children)
        announce()
        name, code = wait_for_end(children)
    finally:
        end(children.values())
    raise SystemExit(f"{name} ended (exit code {code}); stopped the rest.")


def ended(children):
    """Return (name, exit code) of a child that has ended, or None."""
    return next(((name, child.poll()) for name, child in children.items() if child.poll() is not None), None)


def wait_for_end(children):
    """Return (name, exit code) of the first child to end."""
    while not (gone := ended(children)):
        time.sleep(0.2)
    return gone


def wait_for_answer(children):
    """Return once the server answers, or once a child has ended."""
    while not ended(children) and not answers():
        time.sleep(0.05)


def answers():
    """Tell whether the server answers a health check."""
    host, port = ground.address()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def announce():
    """Print where the portal is, and on the demo who may log in."""
    site = ground.setting("SITE_URL", f"http://127.0.0.1:{ground.address()[1]}").rstrip("/")
    ground.say(f"\nKSBB is ready:  {site}/\nAdmin:          {site}/admin/")
    accounts = ground.VAR / "akun-demo.txt"
    if accounts.exists() and demo():
        ground.say(f"Demo accounts ({accounts}):\n{accounts.read_text().rstrip()}")
    ground.say("Ctrl-C stops it.")


def demo():
    """Tell whether this is the demo: by setting, else only on the embedded database."""
    default = "0" if ground.setting("DATABASE_URL") else "1"
    return ground.setting("DEMO", default).lower() in ("1", "true", "yes", "on")
