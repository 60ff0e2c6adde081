"""The launcher behind `make`: what it sets up once, and how it ends."""

import importlib
import re
import socket
import stat
import subprocess
import sys

import pytest

from tests.house.source import ROOT, read


@pytest.fixture
def ground(monkeypatch, tmp_path):
    """The launcher's set-up module, with a state folder and an environment folder of the test's own."""
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    module = importlib.import_module("ground")
    monkeypatch.setattr(module, "VAR", tmp_path / "var")
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / "venv" / "bin" / "python")
    for name in module.SECRETS:
        monkeypatch.delenv(name, raising=False)
    return module


@pytest.fixture
def supervise(ground):
    """The launcher's serving module."""
    return importlib.import_module("supervise")


def launch(command, **environment):
    """Run the launcher to its end."""
    return subprocess.run(
        [sys.executable, "bin/launch.py", command],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_ends_in_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = launch("run", PORT=str(port))
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(rf"Cannot listen on 127\.0\.0\.1:{port}: [^\n]+\n", result.stderr)


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_ends_in_one_clear_line(port):
    result = launch("run", PORT=port)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "PORT" in result.stderr


def test_reset_leaves_a_server_database_alone():
    result = launch("reset", DATABASE_URL="postgres://ksbb@127.0.0.1:1/ksbb")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)


def test_secrets_are_made_once_and_for_the_owner_only(ground, capsys):
    ground.state_folder()
    first = ground.read_env()
    assert set(first) == set(ground.SECRETS)
    assert len(set(first.values())) == len(first)
    assert min(map(len, first.values())) >= 50
    assert stat.S_IMODE((ground.VAR / "env").stat().st_mode) == 0o600
    assert stat.S_IMODE(ground.VAR.stat().st_mode) == 0o700
    ground.state_folder()
    assert ground.read_env() == first
    assert not any(value in capsys.readouterr().out for value in first.values())


def test_a_missing_secret_is_added_and_the_others_stay(ground):
    ground.state_folder()
    first = ground.read_env()
    (ground.VAR / "env").write_text("".join(f"{name}={first[name]}\n" for name in ground.SECRETS[1:]))
    ground.state_folder()
    second = ground.read_env()
    assert {name: second[name] for name in ground.SECRETS[1:]} == {name: first[name] for name in ground.SECRETS[1:]}
    assert second[ground.SECRETS[0]]


def test_requirements_are_installed_only_when_they_changed(ground, monkeypatch, tmp_path):
    installed = []
    monkeypatch.setattr(ground, "ROOT", tmp_path)
    monkeypatch.setattr(
        ground, "environment", lambda: (ground.PYTHON.parent.mkdir(parents=True), ground.PYTHON.touch())
    )
    monkeypatch.setattr(ground, "install", installed.append)
    listing = tmp_path / "requirements" / "run.txt"
    listing.parent.mkdir()
    listing.write_text("one")
    ground.requirements("run")
    ground.requirements("run")
    assert installed == [listing]
    listing.write_text("two")
    monkeypatch.setattr(ground, "environment", lambda: None)
    ground.requirements("run")
    assert installed == [listing, listing]


def test_a_server_keeps_the_state_folder_from_a_reset(supervise, tmp_path):
    with supervise.lock(tmp_path, shared=True), supervise.lock(tmp_path, shared=True):
        with pytest.raises(SystemExit, match="stop it first"), supervise.lock(tmp_path, shared=False):
            pass
    with supervise.lock(tmp_path, shared=False):
        pass


def test_when_one_process_ends_so_does_the_other(supervise, monkeypatch):
    monkeypatch.setattr(supervise, "wait_for_answer", lambda children: None)
    monkeypatch.setattr(supervise, "announce", lambda: None)
    stays = supervise.start([sys.executable, "-c", "import time; time.sleep(60)"])
    leaves = supervise.start([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(SystemExit, match=r"leaves ended \(exit code 3\)"):
        supervise.together({"stays": stays, "leaves": leaves})
    assert stays.poll() is not None


def test_a_child_does_not_outlive_a_launcher_that_was_killed():
    code = (
        "import sys; sys.path.insert(0, 'bin'); import process, time;"
        "child = process.start([sys.executable, '-c', 'import time; time.sleep(60)'], stdout=sys.stdout);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        assert int(launcher.stdout.readline())
        launcher.kill()
        assert launcher.stdout.read() == ""  # the pipe closes only once the child, which holds it too, is gone


def test_make_help_lists_every_target():
    targets = set(re.findall(r"^\.PHONY: (.*)$", read(ROOT / "Makefile"), re.M)[0].split())
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[0] for line in listed.split("\n\n")[0].splitlines()} == targets
