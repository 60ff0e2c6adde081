"""How staff come in: a password, a second factor off the demo, few tries, no signing up, no reset by mail."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from donations.actions import staff
from ksbb import adapter
from ksbb.core.models import Throttle
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "rahasia-sekali"


def log_in(client, name, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": name, "password": password}, **more)


def confirm(client):
    """Say the password once more, as every change of an account's security asks."""
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_the_admin_sends_people_to_the_log_in_page(client, settings):
    settings.DEMO = True
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == f"{reverse('account_login')}?next=/admin/"
    user = factories.user(is_superuser=True)
    answer = client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD, "next": "/admin/"})
    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get("/admin/").status_code == 302


def test_people_without_a_staff_account_are_turned_away(client, settings):
    settings.DEMO = True
    client.force_login(factories.user(is_staff=False))
    assert client.get("/admin/", follow=True).status_code == 403


def test_off_the_demo_a_second_factor_comes_first(client, monkeypatch):
    user = factories.user(is_superuser=True)
    log_in(client, user.username)
    for path in ("/admin/", "/admin/donations/commitment/", "/admin/jsi18n/", "/admin/locations/location/add/"):
        assert client.get(path).url == reverse("mfa_index"), path
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    now = next(totp.yield_hotp_counters_from_time())
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([now]))  # its half minute does not end
    code = totp.format_hotp_value(totp.hotp_value(secret, now))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_with_a_second_factor_the_password_is_not_enough(client):
    user = factories.user(is_superuser=True)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert log_in(client, user.username).url == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert answer.status_code == 200
    assert client.get("/admin/").status_code == 302


def test_codes_are_counted_per_account(client, monkeypatch):
    user = factories.user()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    log_in(client, user.username)
    monkeypatch.setattr(adapter, "TRIES_CODE", 0)
    answer = client.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert answer.context["form"].errors["code"]
    assert Authenticator.objects.get().last_used_at is None


def test_tries_are_counted_in_the_database(client, monkeypatch):
    """allauth's own limit lives in one process; ours holds for a fresh client and an empty cache too."""
    from django.core.cache import cache

    monkeypatch.setattr(adapter, "TRIES_PAIR", 3)
    user = factories.user()
    for _ in range(3):
        cache.clear()
        assert log_in(Client(), user.username, "salah").status_code == 200
    cache.clear()
    answer = log_in(client, user.username)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    cache.clear()
    assert log_in(client, user.username, REMOTE_ADDR="10.9.8.7").status_code == 302
    assert Throttle.objects.exists()


def test_nobody_locks_staff_out_by_guessing_from_elsewhere(client):
    user = factories.user()
    for host in range(1, 31):
        assert log_in(Client(), user.username, "salah", REMOTE_ADDR=f"10.9.8.{host}").status_code == 200
    assert log_in(client, user.username).status_code == 302


def test_a_wrong_name_and_a_wrong_password_look_alike(client):
    user = factories.user()
    texts = [str(log_in(client, name, "salah").context["form"].errors) for name in (user.username, "tidak-ada")]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "login/code/confirm/", "daftar/"])
def test_there_is_no_signing_up_and_no_reset_by_mail(path, client, settings):
    settings.DEMO = True
    client.force_login(factories.user(is_superuser=True))
    assert client.get(f"/admin/akun/{path}").status_code == 404


def test_sessions_end():
    assert django_settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert django_settings.SESSION_COOKIE_AGE <= 8 * 3600


@pytest.mark.parametrize(
    ("since", "seen", "status"),
    [(0, 0, 200), (7 * 3600, 50 * 60, 200), (61 * 60, 61 * 60, 302), (9 * 3600, 60, 302)],
)
def test_a_session_ends_after_an_hours_rest_and_after_eight_hours_work(client, settings, since, seen, status):
    settings.DEMO = True
    log_in(client, factories.user(is_superuser=True).username)
    assert client.get("/admin/").status_code == 200
    session = client.session
    session["since"] -= since
    session["seen"] -= seen
    session.save()
    assert client.get("/admin/").status_code == status
    assert client.get("/admin/").status_code == status
    assert ("_auth_user_id" in client.session) == (status == 200)


def test_a_public_page_neither_asks_nor_notes_who_is_logged_in(client, settings):
    settings.DEMO = True
    log_in(client, factories.user(is_superuser=True).username)
    client.get("/admin/")
    answer = client.get("/tentang/")
    assert not answer.cookies
    assert "cookie" not in answer.get("Vary", "").lower()


PAGES = (
    "account_change_password mfa_index mfa_activate_totp mfa_list_webauthn mfa_add_webauthn account_reauthenticate "
    "account_logout"
).split()


@pytest.mark.parametrize("name", PAGES)
def test_account_pages_open_in_indonesian(name, client, settings):
    settings.DEMO = True
    user = factories.user()
    log_in(client, user.username)
    confirm(client)
    html = client.get(reverse(name)).content.decode()
    assert '<html lang="id"' in html
    assert "KSBB" in html
    for english in ("Sign In", "Password:", "Two-Factor", "Authenticator App", "Security Key", "Submit"):
        assert english not in html


def test_recovery_codes_after_the_second_factor(client, settings):
    settings.DEMO = True
    user = factories.user()
    log_in(client, user.username)
    confirm(client)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    assert "Tersisa 10 dari 10" in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_laying_the_groups_again_changes_nothing():
    from django.contrib.auth.models import Group

    def laid():
        return {group.name: group.permissions.count() for group in Group.objects.all()}

    staff.lay_groups()
    first = laid()
    staff.lay_groups()
    assert laid() == first
    assert set(first) == {"Pokja", "Verifikator", "Petugas agregator", "Auditor"}
    assert first["Petugas agregator"] == len(staff.OFFICER_MAY)
    assert first["Verifikator"] == len(staff.VERIFIER_MAY)
