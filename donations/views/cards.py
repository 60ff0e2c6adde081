"""One promise as the person in charge of a place sees it: what comes, from whom, and the answers she can give."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from donations.actions import commitments, messages
from donations.actions.deliveries import record_delivery
from donations.actions.givers import EMAIL
from donations.actions.ledger import wib_day
from donations.errors import NotEnoughLeft, NotPossible, Refused
from donations.forms.delivery import CountForm
from donations.forms.inputs import refuse
from donations.forms.reply import DateForm, ReasonForm
from donations.models import Commitment, CommitmentState, Party
from donations.models.commitment import ON_ITS_WAY
from ksbb.core.crypto import decrypt


@dataclass
class Card:
    """A commitment at one place, with a form for each answer; `errors` names the answer that was refused."""

    commitment: Commitment
    lines: list
    contact: object
    now: object
    forms: dict = field(default_factory=dict)
    errors: str = ""
    refusal: str = ""

    @property
    def waits_for_answer(self):
        return self.commitment.state == CommitmentState.REGISTERED and not self.commitment.needs_review

    @property
    def is_on_its_way(self):
        return self.commitment.state in ON_ITS_WAY

    @property
    def is_late(self):
        return self.commitment.is_late(wib_day(self.now))

    @property
    def is_here_only(self):
        """Whether all of the promise is for this place: else staff answer for all places together."""
        return not self.commitment.is_elsewhere_too

    @property
    def donor_asks(self):
        return self.commitment.proposed_on if self.commitment.proposed_by == Party.DONOR else None

    @property
    def place_asked(self):
        return self.commitment.proposed_on if self.commitment.proposed_by == Party.PLACE else None

    @property
    def donor(self):
        """How to reach the donor, known from a proved contact on: {"label", "url", "is_mail"}, or None."""
        if not self.commitment.registered_at or self.commitment.needs_review or not self.commitment.contact_cipher:
            return None
        is_mail = self.commitment.contact_channel == EMAIL
        label = decrypt(self.commitment.contact_cipher)
        url = messages.place_to_donor_url(self.commitment, self.contact, self.lines)
        return {"label": label if is_mail else f"+{label}", "url": url, "is_mail": is_mail}

    def form(self, act, data=None, files=None):
        """Return the form of an answer, filled in from `data` when that is what was sent."""
        prefix = f"{self.commitment.code}-{act}"
        return getattr(self, f"_{act}_form")(data, files, prefix)

    def _accept_form(self, data, files, prefix):
        today = wib_day(self.now)
        wished = self.donor_asks or self.commitment.window_start or today
        label = _("Terima untuk tanggal")
        return DateForm(data, prefix=prefix, today=today, label=label, initial={"date": max(wished, today)})

    def _propose_form(self, data, files, prefix):
        today = wib_day(self.now)
        label = _("Tanggal yang Anda minta")
        return DateForm(data, prefix=prefix, today=today, label=label, initial={"date": today + timedelta(days=2)})

    def _reject_form(self, data, files, prefix):
        return ReasonForm(data, prefix=prefix)

    def _count_form(self, data, files, prefix):
        return CountForm(
            data,
            files,
            prefix=prefix,
            lines=[line for line in self.lines if line.outstanding],
            commitment=self.commitment,
            now=self.now,
            receiver=self.contact.name,
        )

    def show_forms(self):
        """Lay out the forms that fit the state, beside the one that was refused."""
        fitting = ("accept", "propose", "reject") if self.waits_for_answer else ()
        fitting = ("count", "propose") if self.is_on_its_way else fitting
        self.forms = {act: self.form(act) for act in fitting} | self.forms
        return self

    # --- Answers ------------------------------------------------------------------------------------------------------
    def answer(self, act, data, files):
        """Do what was asked; tell whether it was done. A refusal stands in the form, or in `refusal`."""
        if not self.is_here_only and act != "count":
            raise NotPossible(_("Bantuan ini untuk beberapa tempat sekaligus; staf Pokja yang menjawabnya."))
        form = None if act == "agree" else self.form(act, data, files)
        if form is not None and not form.is_valid():
            return self._keep(act, form)
        try:
            getattr(self, f"_{act}")(form)
        except NotEnoughLeft as refusal:
            form.refuse_surplus(refusal.short)
            return self._keep(act, form)
        except Refused as refusal:
            return self._take(act, form, refusal)
        return True

    def _keep(self, act, form):
        self.errors, self.forms = act, {act: form}
        return False

    def _take(self, act, form, refusal):
        if form is None or isinstance(refusal, NotPossible) or not refusal.field:
            self.errors, self.refusal = act, refusal.message
            self.commitment.refresh_from_db()
            return False
        getattr(form, "refuse", lambda no: refuse(form, no))(refusal)
        return self._keep(act, form)

    def _accept(self, form):
        commitments.accept(commitment=self.commitment, date=form.cleaned_data["date"], now=self.now)

    def _propose(self, form):
        commitments.propose_date(commitment=self.commitment, date=form.cleaned_data["date"], now=self.now)

    def _agree(self, form):
        commitments.agree_date(commitment=self.commitment, now=self.now, party=Party.PLACE)

    def _reject(self, form):
        commitments.reject(commitment=self.commitment, reason=form.cleaned_data["reason"], now=self.now)

    def _count(self, form):
        data = form.cleaned_data
        record_delivery(
            commitment=self.commitment,
            location=self.contact.location,
            counts=form.counts(),
            delivered_at=form.delivered_at(),
            receiver=data["receiver"],
            receiver_role=self.contact.role,
            thanks=data["thanks"],
            photos=[data["photo"]] if data["photo"] else [],
            version=data["version"],
            now=self.now,
        )


ANSWERS = ("accept", "propose", "agree", "reject", "count")
