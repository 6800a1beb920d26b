"""Every setting. Values that differ between installations are read once, here, from the environment."""

from importlib.util import find_spec
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF

from iro_service import logs
from onehost.places import var_folder
from onehost.secret import secret_key
from onehost.servers import choose

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# DEMONSTRATION: one machine, plain http, mail into a folder; what a checkout is until servers are named.
DEMONSTRATION = env.bool("DEMONSTRATION", "DATABASE_URL" not in env.ENVIRON)
DEBUG = env.bool("DEBUG", False)
VAR_DIR = var_folder()
PROXY_COUNT = env.int("PROXY_COUNT", 0)
SECURE = env.bool("SECURE_SSL", not (DEMONSTRATION or DEBUG))
SITE_URL = env.str("SITE_URL", "http://localhost:8000" if not SECURE else "https://localhost")

servers = choose(env.str("DATABASE_URL", ""), env.str("REDIS_URL", ""))
REDIS_URL = servers.redis_url

SECRET_KEY = env.str("SECRET_KEY") if SECURE or "SECRET_KEY" in env.ENVIRON else secret_key(VAR_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if SECURE else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "accounts",  # before Django's own, whose createsuperuser it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "guardian",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    # Checks of migrations, installed with the tests only.
    *(name for name in ("django_linear_migrations", "django_migration_linter") if find_spec(name)),
    "screens",
    "audit",
    "authorities",
    "children",
    "duties",
    "reviews",
    "escalations",
    "alerts",
    "dashboards",
    "returns",
]

MIDDLEWARE = [
    "iro_service.middleware.errors_for_machines",
    "iro_service.middleware.refuse_nul",
    "iro_service.middleware.refuse_other_methods",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.SessionTimeoutMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "iro_service.urls"
WSGI_APPLICATION = "iro_service.wsgi.application"
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
                "iro_service.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "screens.renderer.DesignSystemRenderer"

# Data. ATOMIC_REQUESTS: a page and the access event that tells of it stand or fall together.
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", 0)  # connections a web process keeps; 0: no pool
DATABASES = {
    "default": {"OPTIONS": {}}
    | env.db_url_config(servers.database_url)
    | {
        "ATOMIC_REQUESTS": True,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if DATABASE_POOL_SIZE else 60,
    }
}
DATABASE_OPTIONS = DATABASES["default"]["OPTIONS"]
# pgtrigger's triggers look at this setting for each row, and where nobody has set it each look is a caught error,
# which aborts a subtransaction (audit/history.py).
DATABASE_OPTIONS["options"] = f"{DATABASE_OPTIONS.get('options', '')} -c pgtrigger.ignore={{}}".strip()
if DATABASE_POOL_SIZE:
    DATABASE_OPTIONS["pool"] = {"max_size": DATABASE_POOL_SIZE, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# allauth remembers used codes and counts guesses in the default cache; signing in must not need Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cacheentry",
    },
    "redis": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "iro",
    },
}
MIGRATION_LINTER_OPTIONS = {
    "exclude_apps": ["guardian", "axes", "account", "mfa", "socialaccount", "usersessions"],
    # What they drop or make certain, the migration before has copied or filled, with its history.
    "ignore_name": [
        "0004_every_alert_has_its_duty",
        "0005_a_duty_of_each_is_certain",
        "0005_read_duties_alone",
        "0006_dates_stand_on_duties",
        # Its unique indexes ask less than those it drops, of tables that hold some dozens of rows.
        "0003_services_and_teams_close",
    ],
}

# People
AUTH_USER_MODEL = "accounts.User"
ANONYMOUS_USER_NAME = None  # guardian: nobody signed in is nobody
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # its back end would answer has_perm beside accounts.access
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that have no account
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
# Wrong passwords are counted by django-axes; these count second-step codes and reset mails.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key"}
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": env.json("OPENID_CONNECT_APPS", default=[])}}
# Security keys would need a script of the library's that our content security policy refuses.
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"] if env.bool("MFA", SECURE) else []
MFA_TOTP_ISSUER = "IRO service"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.ActivateForm",
}
AXES_CLIENT_IP_CALLABLE = "accounts.places.client_ip"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 45)
SESSION_ABSOLUTE_HOURS = env.int("SESSION_ABSOLUTE_HOURS", 12)
# Time-outs are ours. The session outlives them, so that a form sent too late is kept for its sender.
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds

# The browser
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "screens.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}

# Static files, built once by `make setup`
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "staticfiles" if SECURE else None  # in a demonstration the finders serve them
STATICFILES_DIRS = [("build", BASE_DIR / "static" / "build")]
WHITENOISE_USE_FINDERS = not SECURE
WHITENOISE_MANIFEST_STRICT = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SECURE
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Mail
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR}/mail" if not SECURE else "consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds; a slow mail server must not hold up the next person's mail
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "iro-service@localhost")

# Clock and language
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

# The clock's own work
CELERY_BROKER_URL = servers.redis_celery_url
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 1,
    "global_keyprefix": "iro:",
}
SWEEP_SECONDS = env.float("SWEEP_SECONDS", 60.0)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "alerts.tasks.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "deliver": {"task": "alerts.tasks.deliver", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "reconcile-access": {
        "task": "children.tasks.reconcile_access",
        "schedule": 600.0,
        "options": {"expires": 500},
    },
    "redate": {"task": "duties.tasks.redate", "schedule": 3600.0, "options": {"expires": 3000}},
    "tidy-sessions": {"task": "accounts.tasks.tidy", "schedule": 3600.0, "options": {"expires": 3000}},
}

# The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "machines.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["machines.api.MayUseApi"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["machines.api.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "machines.api.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["machines.api.FilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "machines.problems.problem",
    "DEFAULT_METADATA_CLASS": None,  # the schema tells all that OPTIONS would
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "IRO service",
    "DESCRIPTION": "Children, their reviews, escalations and alerts, with the same access as the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["machines.api.MayUseApi"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "machines.schema.refuse_unknown_fields",
    ],
}

# Logs: one JSON line an event, request and user id, no personal data.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        logs.without_query,
        logs.without_words,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_log_level,
                logs.without_words,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}},
}
