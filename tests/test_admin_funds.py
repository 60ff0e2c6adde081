"""Money, the landing page's counts and collaborators in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from donations.actions import staff
from donations.ledger_check import differences
from donations.models import Collaborator, Commitment, ContributionState
from ksbb.core.models import AuditEntry
from locations.models import Location
from tests import factories
from tests.desk import member, place, take, today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def pokja(client):
    return member(staff.TASK_FORCE, client)


def test_an_officer_receives_uses_and_gives_back(client, pokja):
    agent = factories.aggregator(cost={"umum": 500})
    officer = member(staff.OFFICER)
    agent.officers.add(officer)
    client.force_login(officer)
    gift = factories.pledged(20_000_000, to=agent)
    line = factories.accepted(factories.need(100), 40, aggregator=agent).lines.get()
    assert take(client, gift, "terima", {"amount": 20_000_000, "day": ""}).status_code == 302
    assert gift.state == ContributionState.RECEIVED
    too_much = take(client, gift, "pakai", {"line": line.pk, "amount": 20_000_001})
    assert "Saldo dana ini" in str(too_much.context["form"].errors["amount"])
    foreign = factories.accepted(factories.need(9), 2, aggregator=factories.aggregator()).lines.get()
    assert take(client, gift, "pakai", {"line": foreign.pk, "amount": 1}).context["form"].errors["line"]
    assert take(client, gift, "pakai", {"line": line.pk, "amount": 8_000_000}).status_code == 302
    assert take(client, gift, "biaya", {"amount": 1_000_001, "reason": "x"}).context["form"].errors["amount"]
    assert take(client, gift, "biaya", {"amount": 1_000_000, "reason": "Angkut"}).status_code == 302
    assert take(client, gift, "kembalikan", {"amount": 2_000_000, "reason": "Lebih"}).status_code == 302
    assert (gift.used, gift.cost, gift.refunded, gift.balance) == (8_000_000, 1_000_000, 2_000_000, 9_000_000)
    assert list(differences()) == []


def test_money_came_between_its_pledge_and_today(client, pokja):
    evening = timezone.localtime().replace(hour=20) - timedelta(days=9)
    gift = factories.pledged(now=evening)
    for day in evening.date() - timedelta(days=1), today() + timedelta(days=1):
        refused = take(client, gift, "terima", {"amount": 5, "day": day})
        assert refused.context["form"].errors["day"]
    assert gift.state == ContributionState.PLEDGED
    assert take(client, gift, "terima", {"amount": 5, "day": evening.date()}).status_code == 302
    assert gift.received_at == evening


def test_a_pledge_that_never_came_is_cancelled(client, pokja):
    gift = factories.pledged()
    assert take(client, gift, "batalkan", {"reason": "Tidak jadi"}).status_code == 302
    assert gift.state == ContributionState.CANCELLED
    assert client.get(place(gift, "terima")).status_code == 302


def test_no_licence_no_money(client, pokja):
    gift = factories.pledged()
    gift.aggregator.licences.update(revoked_on=today())
    answer = take(client, gift, "terima", {"amount": 5, "day": ""})
    assert "tidak punya izin" in answer.content.decode()


def counts(client):
    return {each["task"].slug: each["count"] for each in client.get(reverse("admin:index")).context["tasks"]}


def test_the_landing_page_counts_what_its_links_show(client, pokja):
    need = factories.need(90)
    factories.promise(need, 1, by=factories.giver("081234567891"))
    registered = factories.registered(need, 2)
    Commitment.objects.filter(pk=registered.pk).update(expires_at=timezone.now() + timedelta(hours=2))
    late = factories.accepted(need, 3)
    Commitment.objects.filter(pk=late.pk).update(scheduled_on=today() - timedelta(days=5))
    factories.pledged()
    Location.objects.filter(pk=need.location_id).update(verified_at=timezone.now() - timedelta(days=120))
    found = counts(client)
    expected = {"bukti": 1, "hampir-habis": 1, "terima": 1, "terlambat": 1, "dana": 1, "verifikasi": 1, "periksa": 0}
    assert expected.items() <= found.items()
    for each in client.get(reverse("admin:index")).context["tasks"]:
        assert client.get(each["url"]).context["cl"].result_count == each["count"], each["url"]


def test_officers_count_their_own(client, pokja):
    agent = factories.aggregator()
    officer = member(staff.OFFICER)
    agent.officers.add(officer)
    factories.pledged(to=agent)
    factories.pledged()
    client.force_login(officer)
    found = counts(client)
    assert found["dana"] == 1
    assert "verifikasi" not in found


def test_an_institution_is_entered_by_name(client, pokja):
    form = {"name": "PT Contoh Baru", "category": "lembaga-usaha", "about": "", "website": ""}
    assert client.post(reverse("admin:donations_collaborator_add"), form).status_code == 302
    made = Collaborator.objects.get(name="PT Contoh Baru")
    assert AuditEntry.objects.filter(kind="collaborator.added", subject=made.slug).count() == 1
    url = reverse("admin:donations_collaborator_change", args=[made.pk])
    assert client.post(url, {"about": "Usaha contoh", "website": "", "name": "Nama lain"}).status_code == 302
    made.refresh_from_db()
    assert (made.about, made.name) == ("Usaha contoh", "PT Contoh Baru")
