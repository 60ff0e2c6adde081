"""Real threads on real connections: capacity is never exceeded, nothing is lost, nothing is double."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from donations import summaries
from donations.actions import commitments, ledger, promise_rules
from donations.actions.ledger import Fact, wib_day
from donations.errors import NotEnoughLeft, Refused
from donations.ledger_check import differences
from donations.models import Commitment, CommitmentLine, EntryKind
from donations.models.commitment import HOLDING
from ksbb.core import version
from locations.models import Need
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
STORM_SECONDS = 10


def in_threads(work, arguments, threads=64):
    """Run `work` once for each argument, in threads with connections of their own; return the results in order."""

    def run(argument):
        try:
            return work(argument)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, arguments))


def promised_or_none(need, quantity, **more):
    try:
        return factories.promise(need, quantity, **more)
    except NotEnoughLeft:
        return None


def assert_proved():
    version.forget()
    assert [str(difference) for difference in differences()] == []


def test_64_clients_on_one_need_never_promise_more_than_is_left():
    need = factories.need(1000)
    wanted = [random.Random(seed).randint(1, 5) for seed in range(448)]
    made = in_threads(lambda quantity: promised_or_none(need, quantity), wanted)
    need.refresh_from_db()
    granted = sum(quantity for quantity, commitment in zip(wanted, made, strict=True) if commitment)
    assert need.reserved == granted <= 1000
    assert need.remaining < 5
    assert_proved()


def test_many_lines_in_any_order_never_deadlock():
    needs = [factories.need(60, at=place) for place in (factories.location() for _ in range(6))]

    orders = [random.Random(seed).sample(needs, 4) for seed in range(96)]

    def promise_all(order):
        try:
            return factories.promise(dict.fromkeys(order, 2))
        except NotEnoughLeft:
            return None

    made = in_threads(promise_all, orders, threads=32)
    assert all(need.reserved <= need.quantity for need in Need.objects.all())
    full = set(Need.objects.filter(reserved=60).values_list("pk", flat=True))
    assert full
    for order, commitment in zip(orders, made, strict=True):
        assert commitment or full & {need.pk for need in order}  # refused only for what is full
    assert_proved()


def test_one_key_makes_one_commitment_however_often_it_comes():
    need = factories.need(100)
    by = factories.giver("tekan-dua-kali@contoh.id")
    made = in_threads(lambda _: factories.promise(need, 3, by=by, key="kunci-yang-sama"), range(32), threads=32)
    assert len({commitment.code for commitment in made}) == 1
    assert Need.objects.get().reserved == 3
    assert_proved()


def test_a_contact_holds_at_most_three_open_promises_however_fast_she_clicks():
    need = factories.need(100)
    by = factories.giver("cepat@contoh.id")

    def attempt(_):
        try:
            return factories.promise(need, 1, by=by)
        except Refused:
            return None

    in_threads(attempt, range(16), threads=16)
    assert Commitment.objects.filter(state__in=HOLDING).count() == promise_rules.MOST_OPEN_PROMISES
    assert_proved()


class Storm:
    """Clients that promise, accept, deliver and cancel at once, for a while, on a few needs."""

    def __init__(self, seconds, needs=20, clients=16):
        self.needs = [factories.need(40) for _ in range(needs)]
        self.seconds, self.clients = seconds, clients
        self.stop = threading.Event()

    def run(self):
        timer = threading.Timer(self.seconds, self.stop.set)
        timer.start()
        steps = in_threads(self.client, range(self.clients), threads=self.clients)
        timer.join()
        return sum(steps)

    def client(self, seed):
        chance, steps = random.Random(seed), 0
        while not self.stop.is_set():
            step = chance.choice([self.promise, self.promise, self.accept, self.deliver, self.cancel, self.fold])
            try:
                step(chance)
            except Refused:
                pass
            finally:
                connections.close_all()  # as at a request's end: the pool is smaller than the number of clients
            steps += 1
        return steps

    def promise(self, chance):
        factories.registered(dict.fromkeys(chance.sample(self.needs, 3), chance.randint(1, 5)))

    def one(self, chance, *states):
        found = list(Commitment.objects.filter(state__in=states).order_by("pk")[:30])
        if not found:
            raise Refused("")
        return chance.choice(found)

    def accept(self, chance):
        now = timezone.now()
        commitments.accept(commitment=self.one(chance, "terdaftar"), date=wib_day(now), now=now)

    def deliver(self, chance):
        factories.deliver(self.one(chance, "terkonfirmasi", "dikirim"), damaged=chance.randint(0, 1))

    def cancel(self, chance):
        reason = "Berubah rencana"
        commitments.cancel(commitment=self.one(chance, "terdaftar", "dikirim"), reason=reason, now=timezone.now())

    def fold(self, chance):
        summaries.fold()


def test_a_double_click_at_once_makes_one_pledge():
    partner, giver = factories.aggregator(), factories.giver("dana@contoh.id")
    pledge = partial(factories.pledged, to=partner, by=giver, reference="DANA-2222-2222")
    assert len({made.pk for made in in_threads(lambda _click: pledge(), range(8))}) == 1


def test_a_storm_of_everything_leaves_every_number_provable():
    storm = Storm(STORM_SECONDS)
    assert storm.run() > 100
    assert_proved()
    summaries.fold()
    assert_proved()


def test_the_checker_sees_what_an_unguarded_variant_loses():
    """Both look at the counter before either writes, so the second write swallows the first."""
    need = factories.need(1000)
    first, second = (factories.promise(need, 1).lines.select_related("need", "commitment").get() for _ in range(2))
    both_looked = threading.Barrier(2)

    def unguarded_write(line):
        fact = Fact(EntryKind.PROMISED, 1, line=commitments.lines_of(line.commitment)[0])
        seen = Need.objects.get(pk=line.need_id).reserved
        both_looked.wait()
        Need.objects.filter(pk=line.need_id).update(reserved=seen + 1)
        CommitmentLine.objects.filter(pk=line.pk).update(quantity=2, reserved=2)
        ledger.LedgerEntry.objects.bulk_create([ledger.entry_of(fact, now=timezone.now())])

    in_threads(unguarded_write, [first, second], threads=2)
    version.forget()
    assert any("counters of need" in str(difference) for difference in differences())
