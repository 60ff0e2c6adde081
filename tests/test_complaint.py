"""What happens to a complaint: masked, once, answered in time, reopened, closed; never by the office it is about."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from donations import jobs
from donations.actions import complaints
from donations.actions.states import move
from donations.errors import KeyReused, NotPossible, Refused, Stale
from donations.forms.complaint import own_page
from donations.models import Complaint, ComplaintState
from donations.models.complaint import COMPLAINT_TRANSITIONS, DONE, OPEN
from ksbb.core.crypto import decrypt, private_code
from ksbb.core.models import AuditEntry, OutboxMessage
from locations.models import VerificationLevel
from tests import factories
from tests.kk_numbers import kk
from tests.test_concurrency import in_threads

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)


def mails():
    return [(decrypt(row.recipient_cipher), decrypt(row.body_cipher)) for row in OutboxMessage.objects.order_by("pk")]


def kinds(made):
    return list(AuditEntry.objects.filter(subject=made.number).order_by("pk").values_list("kind", flat=True))


def test_it_is_due_after_seven_working_days():
    assert factories.complaint(now=MONDAY).due_on.isoformat() == "2026-12-02"


def test_late_in_the_evening_the_day_is_that_of_jakarta():
    assert factories.complaint(now=datetime(2026, 11, 22, 18, tzinfo=UTC)).due_on.isoformat() == "2026-12-02"


def test_holidays_are_no_working_days(settings):
    settings.HOLIDAYS = [datetime(2026, 11, 24).date()]
    assert factories.complaint(now=MONDAY).due_on.isoformat() == "2026-12-03"


@pytest.mark.parametrize(
    "written",
    [
        kk(),
        *(between.join(re.findall("....", kk())) for between in " .-"),
        "-".join([kk()[:6], kk()[6:12], kk()[12:]]),
        "/komitmen-saya/rahasia-x/",
    ],
)
def test_numbers_and_private_links_are_masked_before_they_are_stored(written):
    made = factories.complaint(f"KK saya {written} tidak dapat", figure=f"paket {written}")
    made.refresh_from_db()
    for stored in (made.text, made.figure):
        assert written not in stored
        assert "••••" in stored


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_a_text_is_neither_empty_nor_endless(text):
    with pytest.raises(Refused) as refusal:
        factories.complaint(text)
    assert refusal.value.field == "text"


def test_the_code_is_stored_as_a_hash_only():
    made = factories.complaint(contact="ibu@contoh.id")
    code = private_code("complaint", made.number)
    row = Complaint.objects.filter(pk=made.pk).values().get()
    assert not [name for name, value in row.items() if code in str(value) or "ibu@contoh.id" in str(value)]
    assert code in mails()[0][1]


def test_codes_are_long_and_different():
    codes = {private_code("complaint", complaints.new_number()) for _ in range(200)}
    assert len(codes) == 200
    assert {len(code.replace("-", "")) for code in codes} == {16}


# --- Once -------------------------------------------------------------------------------------------------------------
def again(number, **changes):
    content = {"category": "kurang", "text": "Kurang dua.", "subject": complaints.Subject(), "now": NOW}
    return complaints.submit(number=number, **{**content, **changes})


def test_sent_twice_is_one_complaint():
    first, second = again("ADU-2222-2222"), again("ADU-2222-2222")
    assert first == second
    assert Complaint.objects.count() == 1
    assert kinds(first) == ["complaint.submitted"]


@pytest.mark.parametrize("changes", [{"text": "Lain."}, {"category": "mutu"}, {"contact": "ibu@contoh.id"}])
def test_the_same_number_with_other_words_is_refused(changes):
    again("ADU-2222-2222")
    with pytest.raises(KeyReused):
        again("ADU-2222-2222", **changes)


@pytest.mark.django_db(transaction=True)
def test_however_fast_somebody_clicks():
    made = in_threads(lambda _: again("ADU-2222-2222").pk, range(16), threads=8)
    assert len(set(made)) == 1
    assert Complaint.objects.count() == 1


# --- Its way ----------------------------------------------------------------------------------------------------------
def test_taken_answered_reopened_answered_by_another_and_closed():
    made, first, second = factories.complaint(contact="ibu@contoh.id", now=MONDAY), factories.user(), factories.user()
    factories.answered(made, by=first, now=MONDAY + timedelta(days=2))
    assert (made.state, made.answer_days) == (ComplaintState.ANSWERED, 2)
    complaints.reopen(complaint=made, reason="Belum datang juga.", now=MONDAY + timedelta(days=7))
    assert (made.taken_by, made.due_on.isoformat()) == (None, "2026-12-09")
    factories.answered(made, by=second, text="Diantar hari ini.", now=MONDAY + timedelta(days=8))
    assert made.answer_days == 2
    assert complaints.close_due(MONDAY + timedelta(days=21)) == 0
    assert complaints.close_due(MONDAY + timedelta(days=23)) == 1
    made.refresh_from_db()
    assert made.state == ComplaintState.CLOSED
    assert kinds(made) == [
        f"complaint.{verb}" for verb in ("submitted", "taken", "answered", "reopened", "taken", "answered", "closed")
    ]
    assert [address for address, _body in mails()] == ["ibu@contoh.id"] * 3
    assert "Diantar hari ini." in mails()[-1][1]


def test_who_answered_does_not_answer_again_after_it_was_reopened():
    by = factories.user()
    made = factories.answered(by=by)
    complaints.reopen(complaint=made, reason="Belum.", now=NOW)
    complaints.take(complaint=made, now=NOW, by=by)
    with pytest.raises(NotPossible, match="orang lain"):
        complaints.answer(complaint=made, text="Sudah.", now=NOW, by=by)


@pytest.mark.parametrize("ended", [factories.answered, lambda *, by: close(factories.complaint(), by)])
def test_who_ended_it_once_does_not_end_it_again_after_it_was_reopened(ended):
    by = factories.user()
    made = ended(by=by)
    complaints.reopen(complaint=made, reason="Belum.", now=NOW)
    with pytest.raises(NotPossible, match="orang lain"):
        close(made, by)
    complaints.take(complaint=made, now=NOW, by=by)
    with pytest.raises(NotPossible, match="orang lain"):
        complaints.answer(complaint=made, text="Sudah.", now=NOW, by=by)


def close(complaint, by):
    complaints.close(complaint=complaint, reason="Terkirim dua kali.", now=NOW, by=by)
    return complaint


def test_who_reopens_it_with_two_taps_has_reopened_it():
    made = factories.answered(now=NOW)
    for _tap in range(2):
        complaints.reopen(complaint=made, reason="Belum beres.", now=NOW)
    assert kinds(made).count("complaint.reopened") == 1
    with pytest.raises(NotPossible):
        complaints.reopen(complaint=made, reason="Hal lain.", now=NOW)


def test_who_has_not_taken_it_does_not_answer():
    made = factories.complaint()
    complaints.take(complaint=made, now=NOW, by=factories.user())
    with pytest.raises(NotPossible, match="Ambil alih"):
        complaints.answer(complaint=made, text="Sudah.", now=NOW, by=factories.user())


def test_an_answer_can_be_refused_for_fourteen_days():
    made = factories.answered(now=NOW)
    with pytest.raises(NotPossible):
        complaints.reopen(complaint=made, reason="Belum.", now=NOW + timedelta(days=14))
    complaints.reopen(complaint=made, reason="Belum.", now=NOW + timedelta(days=13, hours=23))


def test_staff_close_with_a_reason_and_may_be_contradicted():
    made = factories.complaint(contact="ibu@contoh.id")
    complaints.close(complaint=made, reason="Sama dengan pengaduan kemarin.", now=NOW, by=factories.user())
    assert "Sama dengan pengaduan kemarin." in mails()[-1][1]
    assert made.answered_at is None
    complaints.reopen(complaint=made, reason="Tidak sama.", now=NOW)
    assert made.state == ComplaintState.REOPENED


def test_nothing_else_moves_it():
    made = factories.complaint()
    with pytest.raises(NotPossible):
        complaints.answer(complaint=made, text="Langsung.", now=NOW, by=factories.user())
    stale = Complaint.objects.get(pk=made.pk)
    complaints.take(complaint=made, now=NOW, by=factories.user())
    with pytest.raises(NotPossible):
        complaints.take(complaint=stale, now=NOW, by=factories.user())
    assert made.events.count() == 1


def test_every_state_is_reached_and_answered_ones_end():
    reached = {after for _before, after in COMPLAINT_TRANSITIONS.items()} | {ComplaintState.SUBMITTED}
    assert {ComplaintState(state) for state in reached} == set(ComplaintState)
    assert sorted([*OPEN, *DONE]) == sorted(ComplaintState)
    assert all((state, "close") in COMPLAINT_TRANSITIONS for state in (*OPEN, ComplaintState.ANSWERED))


def test_audit_entries_say_nothing_of_the_matter():
    place = factories.location()
    made = factories.complaint("Rahasia sekali", location=place, contact="ibu@contoh.id")
    entry = AuditEntry.objects.get(subject=made.number)
    assert entry.data == {"category": "tidak-menerima"}


# --- Nobody judges the own office -------------------------------------------------------------------------------------
@pytest.fixture
def officer():
    return factories.user(is_superuser=True)


def about_own_partner(officer):
    partner = factories.aggregator()
    partner.officers.add(officer)
    made = factories.accepted(factories.need(), 2, aggregator=partner)
    page = f"/kolaborator/{partner.collaborator.slug}/"
    return [{"commitment": made}, {"location": made.lines.get().need.location}, {"page": f"{page}?dari=2020-05-01"}]


def about_checked_place(officer):
    need = factories.need()
    need.location.verifications.create(level=VerificationLevel.VILLAGE, by=officer, at=NOW)
    village = {"page": f"/wilayah/{need.location.area_id}/"}
    return [{"location": need.location}, {"commitment": factories.accepted(need, 2)}, village]


def about_checked_district(officer):
    need = factories.need()
    need.location.verifications.create(level=VerificationLevel.DISTRICT, by=officer, at=NOW)
    codes = need.location.area_id, need.location.area.parent_id
    return [{"page": own_page(f"/wilayah/{spelt}/")[0]} for code in codes for spelt in (code, code.replace(".", ""))]


def about_proposed_place(officer):
    return [{"location": factories.location(created_by=officer)}]


@pytest.mark.parametrize(
    "situation", [about_own_partner, about_checked_place, about_checked_district, about_proposed_place]
)
def test_one_about_an_office_is_not_for_that_office(officer, situation):
    for about in situation(officer):
        made = factories.complaint(**about)
        assert not Complaint.objects.not_about(officer).filter(pk=made.pk).exists()
        assert Complaint.objects.not_about(factories.user()).filter(pk=made.pk).exists()
        for act in (complaints.take, complaints.contact_details):
            with pytest.raises(NotPossible, match="kantor Anda"):
                act(complaint=made, now=NOW, by=officer)


def test_others_are_for_everybody(officer):
    about_own_partner(officer), about_checked_place(officer)
    factories.complaint(commitment=factories.accepted(factories.need(), 2)), factories.complaint()
    checked = factories.location()
    checked.verifications.create(level=VerificationLevel.TASK_FORCE, by=officer, at=NOW)
    factories.complaint(location=checked)
    factories.complaint(page="/wilayah/31.74/"), factories.complaint(page="/transparansi/")
    assert Complaint.objects.not_about(officer).count() == 5


# --- What time does ---------------------------------------------------------------------------------------------------
def test_contacts_are_forgotten_ninety_days_after_the_end():
    made = factories.answered(contact="ibu@contoh.id", now=NOW - timedelta(days=110))
    complaints.close_due(NOW)
    assert complaints.forget_contacts(NOW - timedelta(days=10)) == 0
    assert complaints.forget_contacts(NOW) == 1
    made.refresh_from_db()
    assert (bytes(made.contact_cipher), made.contact_channel) == (b"", "")


def test_the_jobs_close_and_forget():
    names = {job.name for job in jobs.all_jobs()}
    assert "close_complaints" in names
    factories.answered(contact="ibu@contoh.id", now=NOW - timedelta(days=110))
    complaints.close_due(NOW)
    jobs.purge(NOW)
    assert Complaint.objects.get().contact_channel == ""


def test_a_stale_version_is_refused():
    made = factories.complaint()
    with pytest.raises(Stale):
        move(made, "take", COMPLAINT_TRANSITIONS, version=made.version + 1)
