"""`run_jobs` and what it does: once, isolated, under one lock, and gone at once when it is told to stop."""

import contextlib
import io
import logging
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from donations import jobs
from donations.actions import deadlines, periods
from donations.errors import Refused
from donations.management.commands import run_jobs
from donations.models import CommitmentState, DailyTotal
from ksbb.admin_todo import stuck
from ksbb.core import outbox
from ksbb.core.models import OutboxMessage
from tests import factories
from tests.mail_server import MailServer

NOW = timezone.now()


def run(command):
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def mail_server(settings):
    server = MailServer()
    settings.EMAIL_URL = server.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    server.start()
    yield server
    server.stop()


# --- One job ----------------------------------------------------------------------------------------------------------
def test_a_job_is_due_again_after_its_time():
    job = jobs.Job("x", lambda now: None, timedelta(seconds=3))
    assert job.is_due(NOW)
    job.run(NOW)
    assert not job.is_due(NOW + timedelta(seconds=2))
    assert job.is_due(NOW + timedelta(seconds=3))


def test_a_job_that_fails_is_logged_and_stops_no_other(caplog):
    done = []
    broken = jobs.Job("broken", lambda now: 1 / 0, timedelta(seconds=3))
    sound = jobs.Job("sound", done.append, timedelta(seconds=3))
    run_jobs.Command.tick([broken, sound])
    assert len(done) == 1
    assert "job broken failed" in caplog.text
    assert not broken.is_due(NOW)


def test_what_a_job_did_is_logged(caplog):
    with caplog.at_level(logging.INFO, "ksbb.jobs"):
        jobs.Job("lapse", lambda now: 3, timedelta(seconds=3)).run(NOW)
    assert "lapse: 3" in caplog.text


# --- All jobs ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_once_does_everything_that_is_due(monkeypatch):
    weeks = []
    monkeypatch.setattr(jobs, "call_command", lambda name, **options: weeks.append(name))
    need = factories.need(10)
    held = factories.promise(need, 3, now=NOW - timedelta(hours=25))
    call_command("run_jobs", "--once")
    held.refresh_from_db()
    assert held.state == CommitmentState.EXPIRED
    assert weeks == ["open_week"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("only_writer")
def test_the_ledger_is_folded():
    factories.accepted(factories.need(10), 3)
    jobs.fold(NOW)
    assert DailyTotal.objects.get().committed == 3


def test_the_week_is_opened_once_a_day(monkeypatch):
    opened = []
    monkeypatch.setattr(jobs, "call_command", lambda name, **options: opened.append(name))
    week = jobs.Week()
    midnight = timezone.make_aware(datetime(2020, 5, 4))
    for seconds in (-10, -5, 0, 5, 86_400):
        week(midnight + timedelta(seconds=seconds))
    assert opened == ["open_week"] * 3


@pytest.mark.django_db
def test_a_period_that_closes_lets_unaccepted_promises_lapse():
    need = factories.need(10, now=NOW)
    made = factories.registered(need, 3)
    later = NOW + timedelta(days=8)
    periods.open_week(now=later)
    made.refresh_from_db()
    assert made.state == CommitmentState.EXPIRED


# --- Commands ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_lapse_commitments_says_how_many():
    factories.promise(factories.need(), now=NOW - timedelta(hours=25))
    assert run("lapse_commitments") == "1 promises lapsed.\n"
    assert run("lapse_commitments") == "0 promises lapsed.\n"


@pytest.mark.django_db
def test_one_stubborn_promise_does_not_hold_up_the_others(monkeypatch):
    need = factories.need()
    stubborn, other = (factories.promise(need, now=NOW - timedelta(hours=25)) for _n in range(2))
    expire = deadlines.expire

    def refusing(*, commitment, now):
        if commitment == stubborn:
            raise Refused("Tidak bisa.")
        expire(commitment=commitment, now=now)

    monkeypatch.setattr(deadlines, "expire", refusing)
    assert deadlines.lapse_due(NOW) == 1
    other.refresh_from_db()
    assert other.state == CommitmentState.EXPIRED


@pytest.mark.django_db
def test_send_outbox_sends_each_mail_once(settings):
    settings.EMAIL_URL = "smtp://localhost"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.promise(factories.need(), by=factories.giver("budi@contoh.id"))
    assert run("send_outbox") == "1 messages sent.\n"
    assert run("send_outbox") == "0 messages sent.\n"
    assert [message.to for message in mail.outbox] == [["budi@contoh.id"]]


@pytest.mark.django_db
def test_a_mail_that_is_refused_is_tried_again_later_and_the_others_go_out(mail_server):
    mail_server.refused.add("penuh@contoh.id")
    for contact in ("penuh@contoh.id", "budi@contoh.id"):
        factories.promise(factories.need(), by=factories.giver(contact), now=NOW)
    assert outbox.send_due(NOW) == 1
    waiting = OutboxMessage.objects.get(sent_at=None)
    assert (waiting.attempts, waiting.next_try_at) == (1, NOW + timedelta(minutes=1))
    assert len(mail_server.messages) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("recipient", [f"a@{'é' * 60}.id", "a@\u00ad.id", "a@b.id\nBcc: c@d.id"])
def test_a_mail_that_cannot_be_written_keeps_no_other_from_leaving(recipient, mail_server):
    outbox.post(recipient, "Halo", "Halo", now=NOW)
    outbox.post("budi@contoh.id", "Halo", "Halo", now=NOW)
    assert outbox.send_due(NOW) == 1
    assert OutboxMessage.objects.get(sent_at=None).attempts == 1


@pytest.mark.django_db
def test_a_mail_whose_key_is_lost_is_told_to_staff_and_keeps_no_other_from_leaving(mail_server, settings):
    outbox.post("ani@contoh.id", "Halo", "Halo", now=NOW)
    settings.CONTACT_KEY = "kunci baru, yang lama hilang"
    outbox.post("budi@contoh.id", "Halo", "Halo", now=NOW)
    assert outbox.send_due(NOW) == 1
    assert OutboxMessage.objects.get(sent_at=None).attempts == 1
    assert stuck(OutboxMessage.objects.all(), NOW + timedelta(hours=2)).count() == 1


@pytest.mark.django_db
def test_a_mail_server_that_is_away_is_asked_later_and_later_and_costs_no_message_an_attempt(mail_server, caplog):
    factories.promise(factories.need(), by=factories.giver("budi@contoh.id"), now=NOW)
    post, asked = jobs.Post(), []
    mail_server.stop()
    for second in range(60):
        caplog.clear()
        post(NOW + timedelta(seconds=second))
        asked += [second] if "mail server away" in caplog.text else []
    assert asked == [0, 5, 15, 35]
    assert OutboxMessage.objects.get().attempts == 0
    mail_server.start()
    assert [post(NOW + timedelta(seconds=second)) for second in (74, 75, 76)] == [0, 1, 0]


@pytest.mark.django_db
def test_a_mail_sent_again_has_the_same_name(mail_server):
    factories.promise(factories.need(), by=factories.giver("budi@contoh.id"), now=NOW)
    for _before_and_after_a_crash in range(2):
        assert outbox.send_due(NOW) == 1
        OutboxMessage.objects.update(sent_at=None)
    assert len(mail_server.messages) == 2
    assert len({message["Message-ID"] for message in mail_server.messages}) == 1


@pytest.mark.django_db
def test_without_a_mail_server_nothing_is_sent():
    factories.promise(factories.need())
    assert "nothing is sent" in run("send_outbox")
    assert OutboxMessage.objects.get().sent_at is None


# --- One lock ---------------------------------------------------------------------------------------------------------
def test_the_file_lock_is_held_by_one(settings, tmp_path):
    settings.VAR = tmp_path
    first, second = run_jobs.FileLock(), run_jobs.FileLock()
    assert (first.held(), first.held(), second.held()) == (True, True, False)
    first.close()
    assert second.held()
    second.close()


@pytest.fixture
def advisory_locks():
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(run_jobs.AdvisoryLock())) for _ in range(2)]


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_advisory_lock_is_held_by_one(advisory_locks):
    first, second = advisory_locks
    assert (first.held(), first.held(), second.held()) == (True, True, False)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_advisory_lock_is_free_before_its_session_has_ended(advisory_locks):
    first, second = advisory_locks
    assert first.held()
    with first.connection.cursor() as cursor:  # what a session must put away before it ends
        cursor.execute("".join(f"CREATE TEMPORARY TABLE t{number} (id integer);" for number in range(500)))
    first.close()
    assert second.held()


@pytest.mark.django_db
def test_who_has_no_lock_does_nothing(monkeypatch, caplog):
    class Taken:
        def held(self):
            return False

        def close(self):
            pass

    monkeypatch.setattr(run_jobs, "FileLock", Taken)
    monkeypatch.setattr(run_jobs, "AdvisoryLock", Taken)
    held = factories.promise(factories.need(), now=NOW - timedelta(hours=25))
    call_command("run_jobs", "--once")
    held.refresh_from_db()
    assert held.state == CommitmentState.SUBMITTED


@pytest.mark.django_db
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_clean(settings, tmp_path, sign):
    settings.VAR = tmp_path
    other = run_jobs.FileLock()
    assert other.held()
    environment = {**os.environ, "VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ksbb.settings"}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_jobs"],
        cwd=settings.BASE_DIR,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "another run_jobs is at work" in process.stderr.readline()
    process.send_signal(sign)
    _out, errors = process.communicate(timeout=5)
    other.close()
    assert (process.returncode, errors) == (0, "")
