"""Settings of Ombud: one file, everything that differs between installations comes from the environment."""

import os
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.environment import BASE_DIR, DATA_DIR, PRODUCTION, address, origin_of, secret

env = environ.Env()

DEBUG = env.bool("OMBUD_DEBUG", False)
SECRET_KEY = secret("OMBUD_SECRET_KEY")
# The key of the audit chain lives outside the database, so that a rewritten chain is noticed (J6).
EVENT_KEY = secret("OMBUD_EVENT_KEY")
SIGN_INS_FILE = DATA_DIR / "sign-ins.txt"
CHECKPOINT_FILE = env.path("OMBUD_CHECKPOINTS", str(DATA_DIR / "checkpoints.jsonl"))
REPOSITORY_ROOT = env.path("OMBUD_REPOSITORIES", str(DATA_DIR / "repositories"))
LARGE_FILE_ROOT = env.path("OMBUD_LARGE_FILES", str(DATA_DIR / "large-files"))
# What reporters send as evidence, encrypted; the keys are in the database (C1).
EVIDENCE_ROOT = env.path("OMBUD_EVIDENCE", str(DATA_DIR / "evidence"))
LARGEST_FILE = env.int("OMBUD_LARGEST_FILE", 50 * 1024**3)  # bytes

# Where nginx serves LARGE_FILE_ROOT to itself only ("/files/"): it then sends the large files (docs/large-files.md).
ACCEL_PREFIX = env.str("OMBUD_ACCEL", "")

ALLOWED_HOSTS = env.list("OMBUD_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("OMBUD_SITE_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if PRODUCTION else []
# Where pages of the team hear what happens: behind a proxy an address of the same site (docs/events.md).
EVENTS_URL = env.str("OMBUD_EVENTS_URL", "/events")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "demo",
    "moderation.transparency",
    "moderation.automation",
    "moderation.intake",
    "moderation.appeals",
    "moderation.cases",
    "moderation.reports",
    "moderation.scoring",
    "moderation.sanctions",
    "moderation.subjects",
    "moderation.policy",
    "hub",
    "community",
    "repositories",
    "accounts",
    "classifiers",
    "foundation.apps.EmbeddedBrokerConfig",
    "foundation",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "heroicons",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_filters",
    "knox",
    "allauth",
    "allauth.account",
    "csp",
    "dramatiq_crontab",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.programs.programs",
    "config.middleware.clean_cookies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.DatabaseRestarts",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.personal.personal",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.RefuseNul",
    "config.middleware.Refusals",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["template_partials.templatetags.partials", "foundation.templatetags.foundation"],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]

# Without an address there is no database to fall back to; config.checks says so in a sentence.
DATABASE_URL = address("DATABASE_URL") or "postgres://localhost/ombud"
_database = env.db_url_config(DATABASE_URL)
# A statement that a connection runs for the fifth time is prepared on the server, which then plans it no more: planning
# was most of what the database did. Behind a pooler that hands connections around in between, set 0.
PREPARE_AFTER = env.int("OMBUD_PREPARE_AFTER", 5)
DATABASES = {
    "default": {
        **_database,
        # The folder of a unix socket comes percent-encoded, and django-environ leaves it so.
        "HOST": unquote(_database["HOST"]),
        "ENGINE": "foundation.postgres",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": PREPARE_AFTER} if PREPARE_AFTER else {},
    }
}
BROKER_URL = address("BROKER_URL") or DATABASE_URL.replace("postgres://", "postgresql://", 1)
# Proxies of ours before the application: from that many at the end, X-Forwarded-For says who asks.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("OMBUD_PROXIES", 0)
# What may be forgotten, such as rate limits: in each process for itself, or for all of them in Redis.
CACHES = {"default": env.cache_url("CACHE_URL", "locmemcache://?max_entries=20000")}
# Several installations may share a broker: each rings in a queue of its own.
BELL_QUEUE = env.str("OMBUD_QUEUE", "ombud")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["fields.W342"]

AUTH_USER_MODEL = "accounts.User"
KNOX_TOKEN_MODEL = "accounts.Token"  # noqa: S105 - a model's name
# Our own token model replaces knox's: the table of the replaced one must not come to be.
MIGRATION_MODULES = {"knox": None}
AUTHENTICATION_BACKENDS = [
    "accounts.backends.PermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "accounts.entrance_forms.LoginForm",
    "signup": "accounts.entrance_forms.SignupForm",
    "add_email": "accounts.entrance_forms.AddEmailForm",
    "change_password": "accounts.entrance_forms.ChangePasswordForm",
    "set_password": "accounts.entrance_forms.SetPasswordForm",
    "reset_password": "accounts.entrance_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.entrance_forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PRODUCTION else "optional"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("th", _("Thai"))]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF, *filter(None, [origin_of(EVENTS_URL)])],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
HTTPS = urlsplit(SITE_URL).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = PRODUCTION and HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
CSRF_FAILURE_VIEW = "config.views.form_expired"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Pages that take files say so (repositories/receiving.py); files sent to any other are read and dropped.
FILE_UPLOAD_HANDLERS: list[str] = []
DATA_UPLOAD_MAX_NUMBER_FILES = 10_000
LARGEST_UPLOAD = env.int("OMBUD_LARGEST_UPLOAD", 5 * 1024**3)  # bytes of all files of one form

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# In seconds: a mail server that hangs must not hold a worker and its transaction.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("OMBUD_FROM_EMAIL", "Ombud <ombud@localhost>")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.HasScope",
    ],
    "DEFAULT_SCHEMA_CLASS": "config.schema.Described",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "foundation.negotiation.Negotiation",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.parsers.BoundedJSONParser"],
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "config.api_errors.ApiErrors",
    # Refusals have codes of their own under every status: one shape describes them all.
    "ALLOWED_ERROR_STATUS_CODES": ["400", "401", "403", "404", "405", "406", "413", "415", "429", "500"],
    "ERROR_SCHEMAS": dict.fromkeys(
        ("400", "401", "403", "404", "405", "406", "413", "415", "429", "500"), "foundation.api.ErrorOutput"
    ),
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=365), "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "omb_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ombud API",
    "DESCRIPTION": "Reports, cases and decisions of a machine-learning hub.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["config.docs.only_ours"],
    "POSTPROCESSING_HOOKS": ["drf_standardized_errors.openapi_hooks.postprocess_schema_enums"],
    "ENUM_NAME_OVERRIDES": {
        "SubjectKind": "moderation.subjects.models.TARGETS",
        "MeasureKind": "moderation.sanctions.models.Measure.Kind",
        "ConditionCode": "repositories.models.Condition",
        "ConditionState": "moderation.sanctions.api.CONDITION_STATES",
        "RequestKind": "moderation.cases.api.requests.ASKED",
        "CaseKind": "moderation.cases.models.Case.Kind",
        "CaseState": "moderation.cases.models.Case.State",
        "ReportState": "moderation.reports.models.Report.State",
        "ReportChannel": "moderation.reports.models.Report.Channel",
        "EnteredChannel": "moderation.intake.api_entry.ENTERED",
        "AppealState": "moderation.appeals.models.Appeal.State",
        "AppealAnswer": "moderation.appeals.api.ANSWERED",
        "AppealSide": "moderation.appeals.models.Appeal.Side",
        "MeasureState": "moderation.appeals.api.STATES",
        "ClockState": "moderation.cases.api.weighing.STATES",
        "ConfirmationState": "moderation.cases.models.Confirmation.State",
        "PartyRole": "moderation.cases.models.Party.Role",
        "InvitedRole": "moderation.cases.api.threads.INVITED",
        "ValidationErrorType": "drf_standardized_errors.openapi_serializers.ValidationErrorEnum",
        "ClientErrorType": "drf_standardized_errors.openapi_serializers.ClientErrorEnum",
        "ServerErrorType": "drf_standardized_errors.openapi_serializers.ServerErrorEnum",
    },
}

# Reports one person may file in an hour through a form or the API (C1); scripts of operators are not limited.
REPORTS_PER_HOUR = env.int("OMBUD_REPORTS_PER_HOUR", 20)
# What somebody who kept reporting in bad faith after a notice may file in a day, and for how long (C4).
REPORTING_LIMIT_PER_DAY = env.int("OMBUD_REPORTING_LIMIT_PER_DAY", 3)
REPORTING_LIMIT_DAYS = env.int("OMBUD_REPORTING_LIMIT_DAYS", 30)
# Decisions one person may contest in a day; and in a day, for how long, whoever kept doing so in bad faith (G2).
APPEALS_PER_DAY = env.int("OMBUD_APPEALS_PER_DAY", 10)
APPEAL_LIMIT_PER_DAY = env.int("OMBUD_APPEAL_LIMIT_PER_DAY", 1)
APPEAL_LIMIT_DAYS = env.int("OMBUD_APPEAL_LIMIT_DAYS", 30)
# How long the owner, and everybody else whom we ask, has to answer (D2).
ANSWER_WITHIN = timedelta(hours=env.int("OMBUD_ANSWER_WITHIN_HOURS", 72))
# A second moderator confirms a guarded measure within this time; then the case climbs to the top of the queue.
SECOND_WITHIN = timedelta(hours=env.int("OMBUD_SECOND_WITHIN_HOURS", 12))
# For how long what is locked away is preserved, and then destroyed, unless the law keeps it (C9).
QUARANTINE_FOR = timedelta(days=env.int("OMBUD_QUARANTINE_DAYS", 365))
# Where a person at risk finds help, by language, in Markdown: what our letter of support names (C10).
SUPPORT_HELP = {
    "en": env.str("OMBUD_HELP_EN", "Find a helpline in your country: https://findahelpline.com"),
    "th": env.str("OMBUD_HELP_TH", "สายด่วนสุขภาพจิต 1323 (ตลอด 24 ชั่วโมง) · https://findahelpline.com/th"),
}
# Whether people without an account may report: they confirm their address by mail (C1).
GUEST_REPORTS = env.bool("OMBUD_GUEST_REPORTS", True)
# Whether a file that runs harmful code when it is loaded is reported by the system, as one on a list of known files is.
REPORT_UNSAFE_FILES = env.bool("OMBUD_REPORT_UNSAFE_FILES", False)
# What one person may post in community tabs in ten minutes, and in an hour while the account is new (F5).
POSTS_PER_WINDOW = env.int("OMBUD_POSTS_PER_WINDOW", 120)
NEW_ACCOUNT_DAYS = env.int("OMBUD_NEW_ACCOUNT_DAYS", 7)
NEW_ACCOUNT_POSTS_PER_HOUR = env.int("OMBUD_NEW_ACCOUNT_POSTS_PER_HOUR", 20)
# Requests of the hub's protocol that one person, or one address, may send in five minutes; ten times as many downloads.
HUB_REQUESTS_PER_WINDOW = env.int("OMBUD_HUB_REQUESTS_PER_WINDOW", 3_000)

# What scores: a list of entries, or the path of a JSON file with one (moderation/scoring/declared.py); what the
# administration adds comes on top.
CLASSIFIERS = env.str("OMBUD_CLASSIFIERS", "") or [
    # Only where it is in use: there the version after it begins on trial, beside it.
    {"name": "text", "kind": "text", "engine": "encoder-head", "state": "former"},
    {"name": "text", "version": 2, "kind": "text", "engine": "encoder-head", "options": {"head": "adapted"}},
]
# Who scores: the workers beside their other work, or a service of its own, `manage.py score`.
SCORER = env.str("OMBUD_SCORER", "worker")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("OMBUD_LOG_LEVEL", "INFO")},
    "loggers": {"apscheduler": {"level": "WARNING"}, "pika": {"level": "ERROR"}},
}
