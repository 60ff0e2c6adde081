"""What would follow a promise and by when, told before it is made: by the very rules of the actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from donations.actions.commitments import REPLY_TIME
from donations.actions.givers import EMAIL, normalise_contact
from donations.actions.promise_rules import SHORT_HOLD, hold_time, review_reason, worth
from donations.models.commitment import ReviewReason

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Outlook:
    """What happens to a promise sent now: how long it is held, who looks at it, how long the two have to agree."""

    packages: int
    rupiah: int
    places: int
    held_until: datetime
    held_hours: int
    is_short_hold: bool
    is_email: bool
    review_reason: ReviewReason | None
    reply_days: int


def outlook(needs, lines, *, contact, now):
    """Return the Outlook of promising `lines` (need pk → packages) of `needs` at `now` with this contact.

    Raises Refused when the contact is neither an e-mail address nor a mobile number.
    """
    promised = [need for need in needs if need.pk in lines]
    held = hold_time(promised, lines)
    return Outlook(
        packages=sum(lines.values()),
        rupiah=worth(promised, lines),
        places=len({need.location_id for need in promised}),
        held_until=now + held,
        held_hours=held // HOUR,
        is_short_hold=held == SHORT_HOLD,
        is_email=normalise_contact(contact)[0] == EMAIL,
        review_reason=review_reason(promised, lines),
        reply_days=REPLY_TIME // DAY,
    )
