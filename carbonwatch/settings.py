"""All settings, read from the environment. What is missing or unsafe fails at start.

`CARBONWATCH_ENV` is `development` (default) or `production`. Production refuses a default key,
DEBUG, a `*` host and demo accounts.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from carbonwatch.runtime.locations import (
    celery_broker_url,
    embedded_database_url,
    embedded_redis_url,
    var_dir,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("CARBONWATCH_ENV", default="development")
PRODUCTION = ENVIRONMENT == "production"
DEFAULT_KEY = "development-only-key-never-used-in-production"

SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else DEFAULT_KEY)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ALLOW_DEMO_ACCOUNTS = env.bool("ALLOW_DEMO_ACCOUNTS", default=not PRODUCTION)

if PRODUCTION:
    unsafe = [
        name
        for name, bad in {
            "SECRET_KEY must be set to a long random value": SECRET_KEY in ("", DEFAULT_KEY)
            or len(SECRET_KEY) < 40,
            "DEBUG must be off": DEBUG,
            "ALLOWED_HOSTS must name the hosts, not '*'": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
            "ALLOW_DEMO_ACCOUNTS must be off": ALLOW_DEMO_ACCOUNTS,
        }.items()
        if bad
    ]
    if unsafe:
        raise ImproperlyConfigured("Unsafe for production: " + "; ".join(unsafe))

VAR_DIR = var_dir()
MEDIA_ROOT = Path(
    env.str("CARBONWATCH_FILES", default=str(VAR_DIR / "files"))
)  # never under the web root
LEDGER_ANCHOR = Path(env.str("LEDGER_ANCHOR", default=str(VAR_DIR / "ledger" / "head.jsonl")))

DATABASE = env.db_url("DATABASE_URL", default=embedded_database_url())
DATABASES = {
    "default": {
        **DATABASE,
        "HOST": unquote(DATABASE["HOST"]),  # libpq's form of a socket: its folder, quoted
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env.str("REDIS_URL", default=embedded_redis_url())
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "knox",
    "rest_framework",
    "drf_spectacular",
    "health_check",
    "carbonwatch",
    "emitters",
    "verification",
    "inspections",
    "enforcement",
]

MIDDLEWARE = [
    "carbonwatch.web.middleware.DatabaseDown",
    "carbonwatch.web.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "carbonwatch.web.middleware.RequestLog",
    "carbonwatch.accounts.middleware.ActorMiddleware",
    "carbonwatch.accounts.gate.PasswordGate",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "carbonwatch.urls"
WSGI_APPLICATION = "carbonwatch.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "carbonwatch.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "carbonwatch.web.forms.Renderer"
FILTERS_EMPTY_CHOICE_LABEL = _("全部")
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# People
AUTH_USER_MODEL = "carbonwatch.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = env.list(
    "PASSWORD_HASHERS", default=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "carbonwatch.web.errors.csrf_failed"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "carbonwatch.accounts.views.locked_out"
SIGN_IN_LIMIT = env.int(
    "SIGN_IN_LIMIT", default=30
)  # tries a minute from one address, before any hashing
TIP_LIMIT = env.int("TIP_LIMIT", default=10)  # tips an hour from one address
TIP_LOOK_LIMIT = env.int("TIP_LOOK_LIMIT", default=20)  # looks at a tip's state in ten minutes
# What seals the names of people who give tips (newest first, older ones still open): texts of any
# length. Set them apart from SECRET_KEY, or a new one there makes sealed names unreadable.
SEAL_KEYS = env.list("SEAL_KEYS", default=[SECRET_KEY])
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
IDLE_WARNING_MINUTES = 5
SESSION_COOKIE_AGE = IDLE_MINUTES * 60
SESSION_SAVE_EVERY_REQUEST = False  # the actor middleware touches the session once a minute
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = env.bool(
    "HTTPS_ONLY", default=PRODUCTION
)
SECURE_HSTS_SECONDS = 31536000 if SESSION_COOKIE_SECURE else 0
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without the proxy
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preload is the domain owner's decision

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Languages: source texts are Chinese, the official wording; English is a translation.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    if PRODUCTION
    else {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION

UPLOAD_LIMIT_MB = env.int("UPLOAD_LIMIT_MB", default=20)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "carbonwatch.web.rest.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["carbonwatch.web.rest.NamedPermission"],
    "DEFAULT_PAGINATION_CLASS": "carbonwatch.web.rest.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "carbonwatch.web.api.problem_details",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CarbonWatch API",
    "DESCRIPTION": "碳排放数据监管系统接口 · Supervision of carbon emission data",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [
        "rest_framework.permissions.AllowAny"
    ],  # the form of the interface is no secret
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTH_HEADER_PREFIX": "Bearer"}

# Work in the background: the job row is the truth, the broker only a bell (see carbonwatch.jobs).
CELERY_BROKER_URL = celery_broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "carbonwatch.sweep_jobs", "schedule": 10.0},
    "end-waivers": {"task": "emitters.end_waivers", "schedule": 600.0},
    "suggest-retirements": {"task": "emitters.suggest_retirements", "schedule": 86400.0},
    "recheck-changed": {"task": "emitters.recheck_changed", "schedule": crontab(hour=2, minute=10)},
    "watch-deadlines": {"task": "carbonwatch.watch_deadlines", "schedule": 300.0},
    "climb-ladder": {"task": "inspections.climb_ladder", "schedule": 1800.0},
}

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="carbonwatch@localhost")

LEDGER_HASH = env.str("LEDGER_HASH", default="sm3")  # or sha256
REMIND_DAYS = env.int("REMIND_DAYS", default=3)  # days before a deadline that people are reminded
CLAMD_SOCKET = env.str("CLAMD_SOCKET", default="")  # path of clamd's socket; empty: no virus scan

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "carbonwatch.runtime.logs.Formatter", "json": PRODUCTION}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # One line a task is enough: the one that says how it ended.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
