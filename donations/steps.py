"""The way of a promise, as the steps of a timeline: what is done, what comes now, what follows."""

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from donations.models import CommitmentState
from donations.models.commitment import ARRIVED, ENDED, ON_ITS_WAY

S = CommitmentState


def steps_of(commitment):
    """Return the steps (label, state, at, note) of a commitment; an ended one stops where it ended."""
    states = [S.SUBMITTED, S.REGISTERED, S.CONFIRMED, S.SENT, S.RECEIVED, S.COMPLETED]
    done = [_reached(commitment, state) for state in states]
    steps = [
        {"label": _label(commitment, state), "state": "done" if is_done else "todo", "at": at, "note": ""}
        for state, (is_done, at) in zip(states, done, strict=True)
    ]
    if commitment.state in ENDED:
        end = {"label": commitment.get_state_display(), "state": "failed", "at": None, "note": ""}
        return [step for step in steps if step["state"] == "done"] + [end]
    _mark_current(steps)
    if commitment.scheduled_on and commitment.state in ON_ITS_WAY:
        steps[2]["note"] = _("untuk %s") % format_date(commitment.scheduled_on, "l, j F Y")
    return steps


def _mark_current(steps):
    following = next((step for step in steps if step["state"] == "todo"), None)
    if following:
        following["state"] = "current"


def _reached(commitment, state):
    """Return (whether the commitment has come this far, when)."""
    here = commitment.state
    return {
        S.SUBMITTED: (True, commitment.submitted_at),
        S.REGISTERED: (bool(commitment.registered_at), commitment.registered_at),
        S.CONFIRMED: (bool(commitment.confirmed_at), commitment.confirmed_at),
        S.SENT: (here == S.SENT or here in ARRIVED, None),
        S.RECEIVED: (here in ARRIVED, None),
        S.COMPLETED: (here == S.COMPLETED, commitment.completed_at),
    }[state]


def _label(commitment, state):
    if state == S.RECEIVED and commitment.state == S.PARTLY_RECEIVED:
        return S.PARTLY_RECEIVED.label
    return {
        S.SUBMITTED: _("Diajukan"),
        S.REGISTERED: _("Kontak terbukti, janji terdaftar"),
        S.CONFIRMED: _("Diterima tempatnya dengan tanggal"),
        S.SENT: _("Dikirim"),
        S.RECEIVED: _("Tiba dan dihitung"),
        S.COMPLETED: _("Laporan selesai"),
    }[state]
