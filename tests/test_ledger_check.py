"""`verify_ledger` is silent on what the actions wrote, and names whatever was changed behind their back."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from donations import summaries
from donations.actions import funds
from donations.ledger_check import differences
from donations.models import Contribution
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lived(only_writer):
    """A little of everything: promised, accepted, delivered short, cancelled, money used; half of it folded."""
    need = factories.need(50)
    factories.promise(need, 2)
    summaries.fold()
    arrived = factories.accepted(need, 10)
    factories.deliver(arrived, ok=7, damaged=2, short=1)
    money = factories.received(5_000_000)
    funds.refund(contribution=money, amount=1_000_000, reason="Kelebihan", now=timezone.now(), by=factories.user())
    return need


def test_silent_when_everything_follows(lived):
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == ""


TAMPERED = [
    ("UPDATE locations_need SET reserved = reserved + 1", "counters of need"),
    ("UPDATE locations_need SET quantity = quantity + 1", "counters of need"),
    ("UPDATE donations_commitmentline SET reserved = reserved - 1 WHERE delivered = 0", "counters of line"),
    ("UPDATE donations_commitmentline SET quantity = quantity + 1", "quantity of line"),
    ("UPDATE donations_contribution SET used = 5", "rupiah of contribution"),
    ("UPDATE donations_deliveryline SET ok = ok - 1, short = short + 1", "outcomes of delivery"),
    ("UPDATE donations_commitment SET state = 'kedaluwarsa' WHERE state = 'diajukan'", "holds nothing"),
    ("UPDATE donations_commitment SET state = 'terkonfirmasi' WHERE state = 'diajukan'", "all accepted"),
    ("UPDATE donations_dailytotal SET reserved = reserved + 1", "donations_dailytotal"),
    ("DELETE FROM donations_dailyline", "donations_dailyline"),
    ("UPDATE donations_watermark SET entries = entries + 1000000", "donations_daily"),
    ("UPDATE locations_need SET location_id = location_id + 0, package_id = {other_package}", "dimensions of entry"),
]


@pytest.mark.parametrize(("sql", "named"), TAMPERED, ids=[named + str(i) for i, (_, named) in enumerate(TAMPERED)])
def test_tampering_is_named(lived, sql, named):
    with connection.cursor() as cursor:
        cursor.execute(sql.format(other_package=factories.package("lebaran").pk))
    assert any(named in str(difference) for difference in differences())


def test_the_command_fails_with_the_first_difference(lived):
    Contribution.objects.update(refunded=0)
    with pytest.raises(CommandError, match="rupiah of contribution"):
        call_command("verify_ledger")
