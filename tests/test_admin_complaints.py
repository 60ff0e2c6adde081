"""The staff's queue of complaints: overdue first, by steps, and nothing about one's own office."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from donations.actions import staff
from donations.models import ComplaintState
from ksbb.core.models import AuditEntry, OutboxMessage
from tests import factories
from tests.desk import member, place, take, tokens

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:donations_complaint_changelist")
NOW = timezone.now()


@pytest.fixture(autouse=True)
def demo(settings):
    """On the demo nobody is asked for a second factor."""
    settings.DEMO = True


@pytest.fixture
def clerk(client):
    return member(staff.TASK_FORCE, client)


def shown(client, query=""):
    return list(client.get(QUEUE + query).context["cl"].queryset)


def change(row):
    return reverse("admin:donations_complaint_change", args=[row.pk])


def test_overdue_first_and_what_is_done_last(client, clerk):
    done = factories.answered(now=NOW - timedelta(days=40))
    fresh, late = factories.complaint(), factories.complaint(now=NOW - timedelta(days=20))
    page = client.get(QUEUE)
    assert list(page.context["cl"].result_list) == [late, fresh, done]
    assert page.text.count("· terlambat") == 1


def test_the_tasks_count_what_waits(client, clerk):
    factories.complaint(now=NOW - timedelta(days=20))
    factories.complaint()
    factories.answered()
    counts = {each["task"].slug: each["count"] for each in client.get(reverse("admin:index")).context["tasks"]}
    assert (counts["pengaduan"], counts["lewat-batas"]) == (2, 1)
    assert len(shown(client, "?perlu=lewat-batas")) == 1


def test_taken_and_answered_by_hand(client, clerk):
    made = factories.complaint("Paketnya kurang dua.", contact="ibu@contoh.id")
    assert "Paketnya kurang dua." in client.get(change(made)).text
    assert take(client, made, "ambil").status_code == 302
    assert made.taken_by == clerk
    assert take(client, made, "jawab", {"text": "Dua paket sudah diantar."}).status_code == 302
    assert made.state == ComplaintState.ANSWERED
    assert OutboxMessage.objects.count() == 2
    assert "Dua paket sudah diantar." in client.get(change(made)).text


@pytest.mark.parametrize("text", ["", "x" * 2_001])
def test_an_answer_is_neither_empty_nor_endless(client, clerk, text):
    made = factories.complaint()
    take(client, made, "ambil")
    assert take(client, made, "jawab", {"text": text}).context["form"].errors["text"]
    assert made.state == ComplaintState.TAKEN


def test_two_who_take_at_once_are_told(client, clerk):
    made = factories.complaint()
    seen = tokens(client.get(place(made, "ambil")).content.decode())
    take(client, made, "ambil")
    assert take(client, made, "ambil", seen=seen).status_code == 409


def test_closing_needs_a_reason(client, clerk):
    made = factories.complaint()
    assert take(client, made, "tutup", {"reason": ""}).status_code == 200
    assert take(client, made, "tutup", {"reason": "Sama dengan kemarin."}).status_code == 302
    assert made.state == ComplaintState.CLOSED


def test_several_are_taken_in_one_go(client, clerk):
    rows = [factories.complaint() for _ in range(3)]
    data = {"action": "ambil", "_selected_action": [row.pk for row in rows]}
    seen = tokens(client.post(QUEUE, data).content.decode())
    assert len(seen) == 3
    client.post(QUEUE, {**data, "answered": "yes", "seen": seen})
    assert {row.taken_by for row in shown(client)} == {clerk}


def test_a_contact_is_shown_once_and_that_is_remembered(client, clerk):
    made = factories.complaint(contact="0812 3456 7890")
    for page in (client.get(QUEUE), client.get(change(made))):
        assert "6281234567890" not in page.text
    answer = take(client, made, "kontak")
    assert "wa.me/6281234567890" in answer.text
    assert AuditEntry.objects.filter(kind="complaint.contact_viewed", by=clerk.username).count() == 1


def test_without_a_contact_there_is_none_to_show(client, clerk):
    labels = [step["label"] for step in client.get(change(factories.complaint())).context["steps"]]
    assert "Tampilkan kontak pengadu" not in labels


def test_one_about_the_own_office_does_not_exist_for_it(client, clerk):
    partner = factories.aggregator()
    partner.officers.add(clerk)
    theirs = factories.complaint(commitment=factories.accepted(factories.need(), 2, aggregator=partner))
    other = factories.complaint()
    assert shown(client) == [other]
    assert client.get(change(theirs)).status_code == 404
    assert client.get(place(theirs, "ambil")).status_code == 404
    assert client.post(place(theirs, "jawab"), {"text": "Beres."}).status_code == 404
    counts = {each["task"].slug: each["count"] for each in client.get(reverse("admin:index")).context["tasks"]}
    assert counts["pengaduan"] == 1


@pytest.mark.parametrize("group", [staff.OFFICER, staff.VERIFIER])
def test_officers_and_verifiers_see_no_complaint(client, group):
    made = factories.complaint()
    member(group, client)
    for address in (QUEUE, change(made), place(made, "ambil")):
        assert client.get(address).status_code in (403, 404)
    assert "Pengaduan" not in client.get(reverse("admin:index")).text


def test_an_officer_in_the_task_force_too_sees_none(client, clerk):
    factories.complaint()
    clerk.groups.add(*member(staff.OFFICER).groups.all())
    assert shown(client) == []


def test_an_auditor_reads_and_does_nothing(client):
    made = factories.complaint(contact="ibu@contoh.id")
    member(staff.AUDITOR, client)
    assert shown(client) == [made]
    assert client.get(change(made)).context["steps"] == []
    for slug in ("ambil", "jawab", "kontak", "tutup"):
        assert client.get(place(made, slug)).status_code == 403


def test_a_longer_queue_needs_no_more_queries(client, clerk, django_assert_max_num_queries):
    for _ in range(3):
        factories.complaint(location=factories.location())
        factories.answered(commitment=factories.accepted(factories.need(), 2))
    client.get(QUEUE)
    with django_assert_max_num_queries(16):
        client.get(QUEUE)
