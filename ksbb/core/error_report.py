"""What Django tells of an exception; imported while logging is set up, before any model."""

from django.views.debug import ExceptionReporter

from .privacy import mask


class MaskedReporter(ExceptionReporter):
    """Masks what Django tells of an exception in a mail to the administrators (or on its page while DEBUG is on)."""

    def get_traceback_text(self):
        return mask(super().get_traceback_text())

    def get_traceback_html(self):
        return mask(super().get_traceback_html())
