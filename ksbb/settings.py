"""All settings, from the environment only (`VAR/env` is read as if it stood there)."""

import os
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ksbb.core import logs
from ksbb.databases import databases

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
VAR = Path(env.str("VAR", default=str(BASE_DIR / "var"))).resolve()
env.read_env(VAR / "env", overwrite=False)


def secret(name, least=32):
    """Return a secret of at least `least` characters; refuse to start without it, or with one that nobody drew."""
    value = env.str(name, default="")
    if len(value) < least or len(set(value)) < 10 or value.startswith("django-insecure"):
        raise ImproperlyConfigured(
            f"{name} must be a random string of at least {least} characters (`make run` creates one in {VAR}/env)."
        )
    return value


def newest_last(name):
    """Return the secrets NAME, NAME_2, NAME_3 … as far as there are any: a rotation adds one and drops none."""
    secrets = [secret(name)]
    while env.str(added := f"{name}_{len(secrets) + 1}", default=""):
        secrets.append(secret(added))
    return secrets


DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
SECURE = SITE_URL.startswith("https://")
DEMO = env.bool("DEMO", default=not env.str("DATABASE_URL", default=""))

# --- Secrets: one key per purpose, none of them in the database -----------------------------------------------------
SECRET_KEY = secret("SECRET_KEY", 50)
KK_KEYS = newest_last("KK_KEY")
CONTACT_KEY = secret("CONTACT_KEY")
LINK_KEY = secret("LINK_KEY")
if len({SECRET_KEY, *KK_KEYS, CONTACT_KEY, LINK_KEY}) < 3 + len(KK_KEYS):
    raise ImproperlyConfigured("SECRET_KEY, KK_KEY, CONTACT_KEY and LINK_KEY must differ: each serves one purpose.")
if DEBUG and SECURE:
    raise ImproperlyConfigured("DEBUG=1 shows its inside to every visitor and is refused when SITE_URL is https.")

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "ksbb.admin_config.KsbbAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "leaflet",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "ksbb",
    "ksbb.core",
    "programs",
    "locations",
    "donations",
]

MIDDLEWARE = [
    "ksbb.core.request_id.RequestIdMiddleware",
    "ksbb.core.middleware.HandBackMiddleware",
    "ksbb.core.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ksbb.core.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ksbb.core.middleware.SharedLinkMiddleware",
    "ksbb.core.language.LanguageMiddleware",
    "ksbb.core.replica.ReplicaMiddleware",
    "ksbb.core.middleware.ReadOnlyGetMiddleware",
    "ksbb.core.middleware.CleanInputMiddleware",
    "ksbb.core.demo.DemoVisitorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ksbb.middleware.StaffSessionMiddleware",
    "ksbb.middleware.StaffSecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "ksbb.urls"
WSGI_APPLICATION = "ksbb.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ksbb.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "ksbb.templatetags.ksbb"],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=16)
DATABASES = databases(env, VAR, DATABASE_POOL_SIZE)
DATABASE_ROUTERS = ["ksbb.core.source.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "ksbb.core.language.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
    # Finished pages, packed. Apart, so that a crawler who asks for every filter pushes out no figure.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
    # The last finished map and dashboard: shared by the workers, and there when the database is not.
    "last": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "terakhir",
        "TIMEOUT": None,
    },
}

# --- Staff ------------------------------------------------------------------------------------------------------------
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "ksbb.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# By address alone: five wrong passwords for a name would let anybody lock its owner out (ksbb/adapter.py counts names).
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = SECURE or urlsplit(SITE_URL).hostname == "localhost"
MFA_TOTP_ISSUER = "KSBB"
MFA_FORMS = {
    "authenticate": "ksbb.adapter.StaffAuthenticateForm",
    "reauthenticate": "ksbb.adapter.StaffReauthenticateForm",
    "add_webauthn": "ksbb.adapter.StaffAddKeyForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "ksbb.storage.StaticStorage"
    },
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
PHOTO_MAX_BYTES = 8 * 1024 * 1024
PHOTO_MAX_PIXELS = 40_000_000

# --- HTTP security ----------------------------------------------------------------------------------------------------
ALLOWED_HOSTS = sorted(
    {urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1", env.str("HOST", default="127.0.0.1")}
    | set(env.list("ALLOWED_HOSTS", default=[]))
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_COOKIE_PREFIX = "__Host-" if SECURE else ""  # a cookie that no other host can set
SESSION_COOKIE_NAME = f"{SECURE_COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{SECURE_COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ksbb.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from the machine itself, past the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

TILE_URL = env.str("TILE_URL", default="https://tile.openstreetmap.org/{z}/{x}/{y}.png")
TILE_ATTRIBUTION = env.str("TILE_ATTRIBUTION", default="© OpenStreetMap")
_tile_parts = urlsplit(TILE_URL)
TILE_ORIGIN = f"{_tile_parts.scheme}://{_tile_parts.netloc}" if _tile_parts.netloc else ""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([TILE_ORIGIN] if TILE_ORIGIN else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if SECURE else {}),
    }
}

# --- Libraries --------------------------------------------------------------------------------------------------------
LEAFLET_CONFIG = {"NO_GLOBALS": False, "RESET_VIEW": False}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "ksbb.core.schema.ApiSchema",
    "EXCEPTION_HANDLER": "ksbb.core.api.exception_handler",
    "URL_FORMAT_OVERRIDE": "format",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "KSBB API",
    "DESCRIPTION": "Kebutuhan, komitmen, dan penyaluran bantuan. Hanya baca, tanpa kunci.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- Mail (sent by `run_jobs` through the outbox) ---------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="KSBB <kolaborasi@ksbb.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
WHATSAPP_NUMBER = env.str("WHATSAPP_NUMBER", default="6281100000000")

# --- Rules that an operator may set (their meaning: docs/operations.md) -----------------------------------------------
CITY_NAME = env.str("CITY_NAME", default="Jakarta")
REVIEW_PACKAGES = env.int("REVIEW_PACKAGES", default=50)
REVIEW_RUPIAH = env.int("REVIEW_RUPIAH", default=10_000_000)
KK_LIMIT = env.int("KK_LIMIT", default=10)
KK_MISSES_AN_HOUR = env.int("KK_MISSES_AN_HOUR", default=2_000)
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
STAFF_EMAIL = env.list("STAFF_EMAIL", default=[])
HOLIDAYS = [date.fromisoformat(day) for day in env.list("HOLIDAYS", default=[])]
TRUSTED_PROXY = env.str("TRUSTED_PROXY", default="")
# Promises made from one address in an hour: generous, since an office or a whole mobile network may share one.
PROMISE_LIMIT = env.int("PROMISE_LIMIT", default=600)
if KK_LIMIT == 0 and SECURE:
    raise ImproperlyConfigured("KK_LIMIT=0 lifts the throttle for measuring and is refused when SITE_URL is https.")

# --- Logs and figures -------------------------------------------------------------------------------------------------
if METRICS_TOKEN := secret("METRICS_TOKEN") if env.str("METRICS_TOKEN", default="") else "":
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(VAR / "metrics")  # where its library looks for it
LOGGING = logs.configuration(env.str("LOG_FORMAT", default="line"))
DEFAULT_EXCEPTION_REPORTER = "ksbb.core.error_report.MaskedReporter"
