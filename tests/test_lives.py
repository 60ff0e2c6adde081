"""Whole lives of promises, drawn by chance, against a model of a few lines."""

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from donations import figures, summaries
from donations.actions import commitments, deliveries, needs
from donations.actions.ledger import wib_day
from donations.errors import NotEnoughLeft, NotPossible, Refused
from donations.ledger_check import differences
from ksbb.core import version
from tests import factories

SMALL = st.integers(1, 12)


@dataclass
class Life:
    """The model of one promise with one line: what it holds, in plain numbers."""

    commitment: object
    quantity: int
    state: str = "diajukan"
    submitted: int = 0
    committed: int = 0
    delivered: int = 0

    @property
    def outstanding(self):
        return self.committed - self.delivered


class Lives(RuleBasedStateMachine):
    """Every rule does one action and the same to the model; the invariant compares all numbers."""

    promises = Bundle("promises")

    def __init__(self):
        super().__init__()
        cache.clear()  # a rolled-back example leaves figures of a version that comes again
        self.example = transaction.atomic()
        self.example.__enter__()
        self.now, self.lives = timezone.now(), []
        self.need = factories.need(20)
        self.quantity = 20

    def teardown(self):
        try:
            version.forget()
            assert [str(difference) for difference in differences()] == []
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @property
    def reserved(self):
        return sum(life.submitted + life.committed for life in self.lives)

    @rule(target=promises, quantity=SMALL)
    def promise(self, quantity):
        if quantity > self.quantity - self.reserved:
            with pytest.raises(NotEnoughLeft):
                factories.promise(self.need, quantity)
            return multiple()
        life = Life(factories.promise(self.need, quantity), quantity, submitted=quantity)
        self.lives.append(life)
        return life

    def attempt(self, life, allowed, act, **arguments):
        """Do an action that must succeed exactly when the model's state is one of `allowed`."""
        life.commitment.refresh_from_db()
        if life.state in allowed.split():
            act(commitment=life.commitment, now=self.now, **arguments)
            return True
        with pytest.raises(NotPossible), transaction.atomic():
            act(commitment=life.commitment, now=self.now, **arguments)
        return False

    @rule(life=promises)
    def register(self, life):
        if self.attempt(life, "diajukan", commitments.register):
            life.state = "terdaftar"

    @rule(life=promises)
    def accept(self, life):
        if self.attempt(life, "terdaftar", commitments.accept, date=wib_day(self.now)):
            life.state, life.committed, life.submitted = "terkonfirmasi", life.submitted, 0

    @rule(life=promises)
    def send(self, life):
        if self.attempt(life, "terkonfirmasi", commitments.send):
            life.state = "dikirim"

    @rule(life=promises)
    def reject(self, life):
        if self.attempt(life, "diajukan terdaftar", commitments.reject, reason="Sudah cukup"):
            life.state, life.submitted = "ditolak", 0

    @rule(life=promises)
    def cancel(self, life):
        if self.attempt(life, "diajukan terdaftar terkonfirmasi dikirim", commitments.cancel, reason="Batal"):
            self.ends(life, "dibatalkan")

    @rule(life=promises)
    def expire(self, life):
        if self.attempt(life, "diajukan terdaftar terkonfirmasi dikirim", commitments.expire):
            self.ends(life, "kedaluwarsa")

    def ends(self, life, state):
        life.state = "diterima-sebagian" if life.delivered else state
        life.submitted, life.committed = 0, life.delivered

    @rule(life=promises, ok=st.integers(0, 12), damaged=st.integers(0, 3), short=st.integers(0, 3))
    def deliver(self, life, ok, damaged, short):
        life.commitment.refresh_from_db()
        on_its_way = life.state in ("terkonfirmasi", "dikirim")
        surplus = max(0, ok - life.outstanding)
        possible = on_its_way and ok + damaged + short > 0 and damaged + short <= max(0, life.outstanding - ok)
        if not possible or surplus > self.quantity - self.reserved + damaged + short:
            with pytest.raises(Refused), transaction.atomic():
                factories.deliver(life.commitment, ok=ok, damaged=damaged, short=short, now=self.now)
            return
        factories.deliver(life.commitment, ok=ok, damaged=damaged, short=short, now=self.now)
        self.arrives(life, ok, damaged + short, surplus)

    def arrives(self, life, ok, missing, surplus):
        life.committed += surplus - missing
        life.delivered += ok
        if life.outstanding:
            life.state = "dikirim"
        else:
            life.state = "diterima" if life.delivered >= life.quantity else "diterima-sebagian"

    @rule(life=promises, quantity=SMALL)
    def give_back(self, life, quantity):
        life.commitment.refresh_from_db()
        line = life.commitment.lines.order_by("pk").first()
        arguments = {"line": line, "quantity": quantity, "reason": "Kembali", "now": self.now, "by": None}
        if quantity > line.delivered or life.state not in ("diterima", "diterima-sebagian", "selesai"):
            with pytest.raises(Refused), transaction.atomic():
                deliveries.give_back(**arguments)
            return
        deliveries.give_back(**arguments)
        life.delivered -= quantity
        life.committed -= quantity
        life.state = "selesai" if life.state == "selesai" else "diterima-sebagian"

    @rule(life=promises)
    def complete(self, life):
        if self.attempt(life, "diterima diterima-sebagian", commitments.complete, by=factories.user()):
            life.state = "selesai"

    @rule(quantity=st.integers(1, 40))
    def change_need(self, quantity):
        arguments = {"need": self.need, "quantity": quantity, "reason": "Dihitung ulang", "now": self.now}
        self.need.refresh_from_db()
        if quantity < self.reserved:
            with pytest.raises(Refused):
                needs.change_need(**arguments)
            return
        needs.change_need(**arguments)
        self.quantity = quantity

    @rule()
    def fold(self):
        summaries.fold()

    @invariant()
    def numbers_agree(self):
        self.need.refresh_from_db()
        committed = sum(life.committed for life in self.lives)
        delivered = sum(life.delivered for life in self.lives)
        counters = (self.need.quantity, self.need.reserved, self.need.committed, self.need.delivered)
        assert counters == (self.quantity, self.reserved, committed, delivered)
        version.forget()
        shown = figures.totals()
        assert (shown.committed.total, shown.delivered.total) == (committed, delivered)
        assert shown.submitted.total == self.reserved - committed
        for life in self.lives:
            life.commitment.refresh_from_db()
            assert life.commitment.state == life.state


@pytest.mark.django_db
def test_every_life_follows_the_model():
    run_state_machine_as_test(
        Lives,
        settings=settings(max_examples=40, stateful_step_count=30, suppress_health_check=list(HealthCheck)),
    )
