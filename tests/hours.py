"""What is counted by the hour, and must not be cut in two by its end."""

from django.utils import timezone


def within_an_hour(act):
    """Return what `act` returned when all of it was done in one hour; it is done again when an hour ended in it."""
    while True:
        hour = timezone.now().hour
        outcome = act()
        if timezone.now().hour == hour:
            return outcome
