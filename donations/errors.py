"""What a rule may refuse. Each refusal carries a sentence for the person who asked, and where it belongs."""

from math import ceil

from django.utils.translation import gettext as _


class Refused(Exception):
    """A rule says no; nothing was changed. `field` names the input it is about, if any."""

    def __init__(self, message, *, field=None):
        super().__init__(message)
        self.message = message
        self.field = field


class NotEnoughLeft(Refused):
    """Somebody was quicker: `short` lists (need, wanted, left) for every line that no longer fits."""

    def __init__(self, short):
        super().__init__(_("Sebagian kebutuhan sudah dijanjikan orang lain."))
        self.short = short


class CounterRefused(Refused):
    """A guarded counter of a need, a line or a contribution would leave its bounds."""

    def __init__(self):
        super().__init__(_("Jumlah ini melampaui batas yang tersisa."))


class NotPossible(Refused):
    """The commitment's state does not allow this step (or somebody else was quicker)."""


class Stale(Refused):
    """The row was changed by somebody else since it was read."""


class KeyReused(Refused):
    """An idempotency key came again with another payload (answered with 422)."""


class TooOften(Refused):
    """So much came from an address, or in the name of a `contact`, that the next waits `until` a moment (429)."""

    def __init__(self, until, *, contact=False):
        by_contact, by_address = _("Sudah banyak janji dengan kontak ini"), _("Sudah banyak janji dari jaringan ini")
        super().__init__(by_contact if contact else by_address, field="contact" if contact else None)
        self.until = until

    def seconds(self, now):
        """Return the whole seconds until then (for Retry-After)."""
        return ceil((self.until - now).total_seconds())
