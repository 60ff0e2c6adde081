"""Brings a checkout to where it can run: environment, requirements, state folder, secrets. Standard library only."""

import hashlib
import importlib.util
import os
import secrets
import sys
from pathlib import Path

import process

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("VAR") or ROOT / "var").resolve()
SECRETS = ("SECRET_KEY", "KK_KEY", "CONTACT_KEY", "LINK_KEY")


def say(text):
    """Tell the person what happens now."""
    print(text, flush=True)


def address():
    """Return (host, port) to listen on; end in one line when PORT is no port."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return host, int(port)


# --- Environment ------------------------------------------------------------------------------------------------------


def requirements(*groups):
    """Install requirements/<group>.txt for each group, unless exactly these are there already."""
    for group in groups:
        listing = ROOT / "requirements" / f"{group}.txt"
        mark = VENV / f"{group}.installed"
        stamp = hashlib.sha256(sys.version.encode() + listing.read_bytes()).hexdigest()
        if mark.is_file() and mark.read_text() == stamp and PYTHON.exists():
            continue
        environment()
        say(f"Installing requirements/{group}.txt …")
        install(listing)
        mark.write_text(stamp)


def environment():
    """Make .venv, anew where it was made by another Python."""
    mark = VENV / "python.version"
    if mark.is_file() and mark.read_text() == sys.version and PYTHON.exists():
        return
    say("Making .venv …")
    # Debian's python3 lacks ensurepip unless python3-venv is installed; its pip can serve the environment all the same.
    own_pip = ["--without-pip"] if importlib.util.find_spec("pip") else []
    must([sys.executable, "-m", "venv", "--clear", *own_pip, str(VENV)], "Could not make .venv")
    mark.write_text(sys.version)


def install(listing):
    """Install exactly what the listing pins, refusing any file whose hash differs."""
    outside = importlib.util.find_spec("pip")
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)] if outside else [str(PYTHON), "-m", "pip"]
    # Half of what is installed is never imported; the rest is compiled when it is.
    options = ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:", "--no-compile", "-qq"]
    command = [*pip, "install", *options, "-r", str(listing)]
    must(command, f"Could not install {listing.name}", PIP_ROOT_USER_ACTION="ignore")


# --- State ------------------------------------------------------------------------------------------------------------


def state_folder():
    """Make VAR, readable by its owner only, and in it the secrets, once."""
    try:
        VAR.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secrets(VAR / "env")
    except OSError as error:
        raise SystemExit(f"Cannot use the state folder {VAR}: {error.strerror}.") from None
    os.environ["VAR"] = str(VAR)


def read_env():
    """Return the pairs in VAR/env."""
    file = VAR / "env"
    lines = file.read_text().splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write_secrets(path):
    """Add each secret that neither the file nor the environment has; never change one that is there."""
    missing = [name for name in SECRETS if not setting(name)]
    if not missing:
        return
    say(f"Writing new secrets to {path} …")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
        file.writelines(f"{name}={secrets.token_urlsafe(48)}\n" for name in missing)
    path.chmod(0o600)


def setting(name, default=""):
    """Return a setting as the portal will see it: the environment first, then VAR/env."""
    return os.environ.get(name) or read_env().get(name) or default


# --- Processes --------------------------------------------------------------------------------------------------------


def must(command, failure, **extra):
    """Run a command; end in one line when it fails (its own words stand above)."""
    code = process.finish(process.start(command, cwd=ROOT, env={**os.environ, **extra}))
    if code:
        raise SystemExit(f"{failure} (exit code {code}).")


def manage(*arguments):
    """Run one manage.py command in the environment."""
    must([str(PYTHON), "manage.py", *arguments], f"manage.py {arguments[0]} failed")


def hand_over(script, *arguments):
    """Become another script of ours, now inside the environment."""
    os.execv(PYTHON, [str(PYTHON), script, *arguments])
