"""All settings, from the environment only. `docs/operations.md` lists the variables."""

import sys
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from massline.env import Env, acts_as_owner
from massline.log import configure as configure_log

BASE_DIR = Path(__file__).resolve().parent.parent
AS_OWNER = acts_as_owner(sys.argv)
env = Env.here(BASE_DIR, AS_OWNER)
HOME = Path(env.text("MASSLINE_HOME", str(BASE_DIR / "var"))).resolve()

# --- Which installation this is -----------------------------------------------------------------------------------
# production: real people. demo: made-up people, by `make up`. test: nothing needs to be set.
ENVIRONMENT = env.choice("MASSLINE_ENV", ("production", "demo", "test"), "production")
PRODUCTION = ENVIRONMENT == "production"
DEMO = ENVIRONMENT == "demo"
TESTING = ENVIRONMENT == "test"
NOT_SECRET = "not-secret-and-only-for-tests-0123456789" if TESTING else None
HOST = env.text("HOST", "127.0.0.1")
LOOPBACK = HOST in {"127.0.0.1", "localhost", "::1"}

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.secret("MASSLINE_SECRET_KEY", NOT_SECRET)
MASTER_KEY = env.secret("MASSLINE_MASTER_KEY", NOT_SECRET)
DEMO_PASSWORD = env.text("MASSLINE_DEMO_PASSWORD", "")  # of every demo account
SECURE_COOKIES = env.flag("MASSLINE_SECURE_COOKIES", PRODUCTION or not LOOPBACK)

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is refused in production (MASSLINE_ENV).")
    if not SECURE_COOKIES:
        raise ImproperlyConfigured("MASSLINE_SECURE_COOKIES=0 is refused in production: sign-ins need HTTPS.")
    if SECRET_KEY == MASTER_KEY:
        raise ImproperlyConfigured("MASSLINE_SECRET_KEY and MASSLINE_MASTER_KEY must differ.")
    if DEMO_PASSWORD:
        raise ImproperlyConfigured("MASSLINE_DEMO_PASSWORD is refused in production: there are no demo accounts.")
    for _name, _value in (("MASSLINE_SECRET_KEY", SECRET_KEY), ("MASSLINE_MASTER_KEY", MASTER_KEY)):
        if _value.startswith(("demo-", "not-secret", "django-insecure")) or len(set(_value)) < 10:
            raise ImproperlyConfigured(f"{_name} is a demo secret: give at least 32 random characters.")

ALLOWED_HOSTS = env.names("MASSLINE_HOSTS") or ["localhost", "127.0.0.1", "[::1]", HOST] + ["testserver"] * TESTING
CSRF_TRUSTED_ORIGINS = env.names("MASSLINE_ORIGINS")

# --- What it is made of -------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",  # before Django's, whose commands createsuperuser and changepassword it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "massline",
    "audit",
    "responsibility",
    "records",
    "citizens",
    "petitions",
    "inspection",
    "institutions",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "massline.methods.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "massline.request_size.BodySizeLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "massline.log.RequestLog",
    "audit.middleware.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.sessions.IdleLimit",
    "accounts.passwords.RequirePasswordChange",
    "accounts.separation.SeparationOfDuties",
    "massline.drafts.middleware.Drafts",
    "massline.methods.MethodNotAllowed",
    "citizens.tracking.being_checked.BeingCheckedPage",
]
ROOT_URLCONF = "massline.urls"
WSGI_APPLICATION = "massline.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.menu.navigation",
                "petitions.public.receiving_office.contact",
            ],
        },
    },
]

FORM_RENDERER = "massline.widgets.Renderer"

# --- Where things are kept ----------------------------------------------------------------------------------------
# Two roles on one database: the application may not touch the log; the owner migrates, and is not there for who serves.
_NOWHERE = "postgresql://massline@/massline" if TESTING else None
DATABASES = {"default": env.database("DATABASE_URL", _NOWHERE)}
if AS_OWNER or TESTING:
    DATABASES["owner"] = env.database("DATABASE_OWNER_URL", _NOWHERE)
for _database in DATABASES.values():
    _database |= {"CONN_MAX_AGE": 0 if TESTING else 600, "CONN_HEALTH_CHECKS": True}
    _database["DISABLE_SERVER_SIDE_CURSORS"] = True  # so that a transaction pooler may stand between
DATABASE_KEEPS_PLANS = env.flag("DATABASE_KEEPS_PLANS", True)
"""Not behind a transaction pooler, which hands the plans of one connection to the next."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.broker("REDIS_URL", "redis://127.0.0.1:1/0" if TESTING else None)
_VALKEY: dict[str, object] = {
    "LOCATION": REDIS_URL,
    "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 1)},
}
CACHES: dict[str, dict[str, object]] = {
    "default": _VALKEY | {"BACKEND": "massline.cache.ForgivingCache", "KEY_PREFIX": "c"},
    # This one says when Valkey is away: limits are then counted elsewhere (massline/counters.py).
    "counters": _VALKEY | {"BACKEND": "django.core.cache.backends.redis.RedisCache", "KEY_PREFIX": "n"},
}
if TESTING:
    CACHES = {
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
        for name in ("default", "counters")
    }

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
# Attachments, imports and exports: under random names, outside of everything that is served as it lies.
_PRIVATE = {"location": HOME / "private", "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": _PRIVATE},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG or TESTING else _STATIC
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = "massline.formats"

# --- Who comes in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")  # quick, nothing to protect
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "accounts.validators.LongEnough", "OPTIONS": {"min_length": 10}}]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"

# How many proxies of our own stand in front; without any, X-Forwarded-For is not believed (massline/client_address.py).
PROXIES = env.number("MASSLINE_PROXIES", 0, 0, 5)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Filings without a proof of work, for each address and hour; and how much work the proof is (average half of it).
FILING_LIMIT = env.number("MASSLINE_FILING_LIMIT", 60, 1, 10**9)
ALTCHA_MAX_NUMBER = env.number("MASSLINE_ALTCHA_MAX_NUMBER", 100_000, 1_000, 10_000_000)

# With __Host- a browser takes a cookie from this host over HTTPS alone, for the whole site: no neighbour can set it.
COOKIE_PREFIX = "__Host-" if SECURE_COOKIES else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_STORAGE = "massline.cookies.Messages"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 8 * 3600  # a working day
IDLE_SECONDS = env.number("MASSLINE_IDLE_MINUTES", 30, 5, 480) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "massline.web.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# --- Ways out -------------------------------------------------------------------------------------------------------
# Without a mail server or a gateway nothing leaves, and the pages say so.
EMAIL_HOST = env.text("MASSLINE_SMTP_HOST", "")
EMAIL_PORT = env.number("MASSLINE_SMTP_PORT", 587, 1, 65535)
EMAIL_HOST_USER = env.text("MASSLINE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("MASSLINE_SMTP_PASSWORD", "")
_SMTP_TLS = env.choice("MASSLINE_SMTP_TLS", ("starttls", "tls", "none"), "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_TLS == "starttls", _SMTP_TLS == "tls"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("MASSLINE_MAIL_FROM", "massline@localhost")
SITE = env.text("MASSLINE_SITE", f"http://{HOST}:{env.number('PORT', 8000, 1, 65535)}").rstrip("/")
NOTIFY_URL = env.text("MASSLINE_NOTIFY_URL", "")  # of apprise, with {to} for the telephone number
if EMAIL_HOST and DEFAULT_FROM_EMAIL.endswith("@localhost"):
    raise ImproperlyConfigured("MASSLINE_MAIL_FROM is not set: mail needs an address that answers for it.")
if EMAIL_HOST_PASSWORD and _SMTP_TLS == "none" and PRODUCTION:
    raise ImproperlyConfigured("MASSLINE_SMTP_TLS=none would send the password of the mail server in clear.")
if not SITE.startswith(("http://", "https://")):
    raise ImproperlyConfigured("MASSLINE_SITE must begin with https:// (or http://).")
if PRODUCTION and (EMAIL_HOST or NOTIFY_URL) and not env.text("MASSLINE_SITE", ""):
    raise ImproperlyConfigured("MASSLINE_SITE is not set: messages need the address at which the site is reached.")
if NOTIFY_URL and "{to}" not in NOTIFY_URL:
    raise ImproperlyConfigured("MASSLINE_NOTIFY_URL needs {to} where the telephone number goes.")

# Whom to tell of a weakness (/.well-known/security.txt), and the last day on which somebody reads it.
SECURITY_CONTACT = env.text("MASSLINE_SECURITY_CONTACT", "")
SECURITY_EXPIRES = env.day("MASSLINE_SECURITY_EXPIRES")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
    raise ImproperlyConfigured("MASSLINE_SECURITY_CONTACT must begin with mailto:, https:// or tel:.")
if SECURITY_CONTACT and SECURITY_EXPIRES is None:
    raise ImproperlyConfigured("MASSLINE_SECURITY_EXPIRES is not set: a contact needs its last day (RFC 9116).")

# --- What browsers are told ---------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Files do not count towards the megabyte above: what is handed in with petitions, and ledgers to import.
ATTACHMENT_MAX_BYTES = env.number("MASSLINE_ATTACHMENT_MAX_MB", 10, 1, 100) * 1024 * 1024
ATTACHMENT_MAX_COUNT = env.number("MASSLINE_ATTACHMENT_MAX_COUNT", 10, 1, 100)
ATTACHMENT_MAX_TOTAL = env.number("MASSLINE_ATTACHMENT_MAX_TOTAL_MB", 50, 1, 1000) * 1024 * 1024
UPLOAD_LIMIT = env.number("MASSLINE_UPLOAD_LIMIT", 100, 1, 10**9)  # for each address (officials: account) and hour
# The operator decides whether files are scanned: in production there is no default, and no file is accepted before.
CLAMD = env.text("MASSLINE_CLAMD", "")  # the scanner's socket: a path, or host:port
_SCANNER = "" if PRODUCTION else "clamd" if CLAMD else "none"
SCANNER = env.choice("MASSLINE_SCANNER", ("clamd", "none"), _SCANNER) if env.text("MASSLINE_SCANNER", _SCANNER) else ""
if SCANNER == "clamd" and not (CLAMD.startswith("/") or CLAMD.rpartition(":")[2].isdecimal()):
    raise ImproperlyConfigured("MASSLINE_SCANNER=clamd needs MASSLINE_CLAMD: its socket's path, or host:port.")
if SCANNER == "none" and CLAMD:
    raise ImproperlyConfigured("MASSLINE_SCANNER=none and MASSLINE_CLAMD contradict each other: unset one of them.")
IMPORT_MAX_BYTES = env.number("MASSLINE_IMPORT_MAX_MB", 50, 1, 2000) * 1024 * 1024
IMPORT_MAX_ROWS = env.number("MASSLINE_IMPORT_MAX_ROWS", 200_000, 1, 10_000_000)

# --- REST ---------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.tokens.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.separation.ReadsRecords"],
    "DEFAULT_RENDERER_CLASSES": ["massline.rest.JSON"],
    "DEFAULT_PARSER_CLASSES": ["massline.rest.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "massline.rest.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "massline.rest.problem_handler",
    "URL_FORMAT_OVERRIDE": None,
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": timedelta(hours=8), "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "massline",
    "DESCRIPTION": "Holds public bodies to account for what citizens tell them. Errors are problem details (RFC 9457).",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "massline.rest_acts.any_of",
        "massline.rest_endpoint.says_422",
    ],
    "ENUM_NAME_OVERRIDES": {},  # each app's own: massline/apps.py
}

# --- Logs ---------------------------------------------------------------------------------------------------------
LOGGING = configure_log(level=env.choice("MASSLINE_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
