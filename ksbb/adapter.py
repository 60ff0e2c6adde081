"""Staff accounts: made in the admin, never by signing up; guesses are counted in the database, exact across workers."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.forms import CharField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ksbb.core.throttle import client_address, hit, visitor_of

# Tries per hour: of one name from one address, of one name, from one address, and of second factors per account. Of one
# name many, so that it takes fifty addresses to lock its owner out; no password of twelve letters is guessed with them.
TRIES_PAIR, TRIES_NAME, TRIES_ADDRESS, TRIES_CODE = 20, 1_000, 100, 20


def tried_too_often(request, username):
    """Count one try to log in; tell whether the name, the address, or both together had too many in this hour."""
    now, address, name = timezone.now(), visitor_of(request), username.strip().lower()
    hits = [
        (hit("login.pair", f"{name}|{address}", now), TRIES_PAIR),
        (hit("login.name", name, now), TRIES_NAME),
        (hit("login.address", address, now), TRIES_ADDRESS),
    ]
    return any(count > most for count, most in hits)


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return client_address(request)

    def pre_authenticate(self, request, **credentials):
        """Refuse before the password is looked at; allauth's own limit counts per process only."""
        super().pre_authenticate(request, **credentials)
        if tried_too_often(request, credentials.get("username", "")):
            raise self.validation_error("too_many_login_attempts")


class CountedCode:
    """A second factor's form whose tries are counted per account."""

    def clean_code(self):
        if hit("login.code", str(self.user.pk), timezone.now()) > TRIES_CODE:
            raise mfa_adapter().validation_error("incorrect_code")
        return super().clean_code()


class StaffAuthenticateForm(CountedCode, AuthenticateForm):
    pass


class StaffReauthenticateForm(CountedCode, ReauthenticateForm):
    pass


class StaffAddKeyForm(AddWebAuthnForm):
    name = CharField(label=_("Nama kunci"), required=False)
