"""Backup and restore: a copy brought back elsewhere is the same to the row, and life goes on in it."""

import contextlib
import os
import re
import shutil
import subprocess

import pytest

from tests import killed
from tests.engines import own_database
from tests.portal import ROOT, Portal
from tests.postgres import KEPT, Server, installed
from tests.storm import Storm

# Folded first, as a restore leaves it: how many rows a summary has follows from what is folded yet.
COUNTS = """
from django.apps import apps
from donations.jobs import fold
fold(None)
for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
    print(model._meta.label, model._default_manager.count())
"""
HUNGRY = """
from locations.models import Need
open = Need.objects.open().filter(package__slug="sembako", location__kind__slug="rw", quantity__gte=60)
others = Need.objects.open().exclude(package__program__slug="pangan").values("location")
print(*open.exclude(location__in=others).values_list("location__code", flat=True)[:20])
"""
SAMPLE = (ROOT / "deploy" / "postgresql.conf").read_text()
KEEPS = re.search(r"^archive_command = '(.+)'$", SAMPLE, re.M)[1].replace("/var/backups/wal", "{folder}/archive")
ARCHIVE = f' -c archive_mode=on -c "archive_command=mkdir -p {{folder}}/archive && ({KEEPS})"'


def portal(folder, **settings):
    """Return a portal that finds PostgreSQL's programs; it is not started."""
    folder.mkdir()
    return Portal(folder, PROMISE_LIMIT="0", PATH=f"{installed() / 'bin'}:{os.environ['PATH']}", **settings)


@contextlib.contextmanager
def running(server):
    """Run a portal while the block runs."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def another_server():
    """Yield the environment of an empty database on another server, one that counts its transactions from the start."""
    if not os.environ.get("TEST_DATABASE_URL"):
        yield {}
        return
    server = Server()
    try:
        yield {"DATABASE_URL": server.url}
    finally:
        server.stop()


def promise(server, codes, least):
    """Let a few clients promise that often; fails when the portal refuses to."""
    storm = Storm(server.url, codes, clients=4)
    storm.start()
    while len(storm.tally.acknowledged) < least and not storm.tally.faults:
        storm.stop.wait(0.1)
    assert storm.finish().faults == []


def refusal(server, *arguments):
    """Return what a command that fails says."""
    with pytest.raises(subprocess.CalledProcessError) as failed:
        server.manage(*arguments)
    return failed.value.stderr


def test_a_copy_brought_back_is_the_same_and_life_goes_on_in_it(tmp_path):
    with own_database() as one, another_server() as other:
        old, new = portal(tmp_path / "old", DEMO="1", **one), portal(tmp_path / "new", fresh=True, DEMO="0", **other)
        old.prepare()  # a city is loaded, which may take longer than a start
        with running(old):
            codes = killed.shell(old, HUNGRY)
            promise(old, codes, 20)
            old.manage("backup", tmp_path / "copies")  # while people promise
        (old.var / "media" / "foto").mkdir(parents=True)
        (old.var / "media" / "foto" / "1.jpg").write_bytes(b"a photograph")
        counts = killed.shell(old, COUNTS)
        for _ in range(2):
            old.manage("backup", tmp_path / "copies", "--keep", "2")
        _older, copy = sorted((tmp_path / "copies").iterdir())

        keys = (old.var / "env").read_text()
        (new.var / "env").write_text(keys.replace("KK_KEY=", "KK_KEY=x"))
        assert "KK_KEY: not the key of this copy" in refusal(new, "restore", copy)
        (new.var / "env").write_text(keys)
        new.manage("restore", copy)
        assert killed.shell(new, COUNTS) == counts
        assert (new.var / "media" / "foto" / "1.jpg").read_bytes() == b"a photograph"
        assert "not empty" in refusal(new, "restore", copy)
        with running(new):
            promise(new, codes, 20)
            assert new.manage("verify_ledger") == ""

        (copy / "media.zip").write_bytes(b"")
        assert "media.zip" in refusal(new, "restore", copy)


@pytest.mark.postgresql
def test_a_table_dropped_by_mistake_is_brought_back_to_the_moment_before(tmp_path):
    primary = Server(KEPT + ARCHIVE)
    old = portal(tmp_path / "var", DEMO="0", DATABASE_URL=primary.url)
    with running(old):
        codes = killed.lay(old, 10, 400)
        promise(old, codes, 10)
        primary.backup(primary.folder / "base")
        promise(old, codes, 20)
    counts = killed.shell(old, COUNTS)
    [[moment]] = primary.ask("SELECT clock_timestamp()::text")
    primary.ask("DROP TABLE donations_ledgerentry CASCADE")
    primary.ask("SELECT pg_switch_wal()")
    primary.call("pg_ctl", "-D", primary.data, "-m", "fast", "stop")  # archives what is left

    settings = f"""
restore_command = 'cp {primary.folder}/archive/%f %p'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
"""
    with (primary.folder / "base" / "postgresql.auto.conf").open("a") as file:
        file.write(settings)
    (primary.folder / "base" / "recovery.signal").touch()
    restored = Server(data=primary.folder / "base", of=primary)
    new = portal(tmp_path / "new", DEMO="0", DATABASE_URL=restored.url)
    shutil.copyfile(old.var / "env", new.var / "env")
    assert killed.shell(new, COUNTS) == counts
    assert new.manage("verify_ledger") == ""
    with running(new):
        promise(new, codes, 10)
        assert new.manage("verify_ledger") == ""
    restored.stop()
    primary.stop()


def test_the_same_piece_of_the_log_is_kept_once_and_no_other_in_its_place(tmp_path):
    """A server that was cut off while it noted a piece as kept brings it again, until that succeeds."""
    (tmp_path / "archive").mkdir()
    piece, kept = tmp_path / "piece", tmp_path / "archive" / "0001"
    command = KEEPS.format(folder=tmp_path).replace("%p", str(piece)).replace("%f", kept.name)
    for content, good in (("first", True), ("first", True), ("other", False)):
        piece.write_text(content)
        assert (subprocess.run(command, shell=True, check=False).returncode == 0) is good
        assert kept.read_text() == "first"


@pytest.mark.postgresql
def test_postgresql_takes_every_line_of_the_sample():
    server = Server()
    lines = re.findall(r"^#?(\w+) = '?(.+?)'?$", SAMPLE, re.M)
    for name, value in lines:
        server.ask(f"ALTER SYSTEM SET {name} = '{value}'")  # refuses names and values that it does not know
    assert len(lines) > 30
    server.stop()
