"""Django's settings; what a deployment may change is read in `config.py`."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from dashboard import config
from dashboard.config import BASE_DIR, VAR
from dashboard.domain.text.byte_sizes import read_size

DEBUG = config.flag("DEBUG", "off")
HOST = config.text("HOST", "127.0.0.1")
PORT = config.whole("PORT", "8000", 1, 65535)
PUBLIC_URL = config.public_url(HOST, PORT)
_public = urlsplit(PUBLIC_URL)
TRUST_PROXY = config.flag("TRUST_PROXY", "off")
ALLOWED_HOSTS = config.hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ACCESS = config.choice("ACCESS", "login", ("login", "open"))
if ACCESS == "open":
    config.check_open_access(HOST, ALLOWED_HOSTS, PUBLIC_URL)
_public_host = f"[{_public.hostname}]" if ":" in (_public.hostname or "") else _public.hostname
if _public_host and _public_host not in ALLOWED_HOSTS:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, _public_host]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
SECURE_COOKIES = _public.scheme == "https"
LOOPBACK = config.is_loopback(_public.hostname or "")

DATABASES = {"default": config.database()}
SECRET_KEY = config.secret_key(config.database_url())

COMFYDEPLOY_API_KEY = config.text("COMFYDEPLOY_API_KEY")
COMFYDEPLOY_API_URL = config.upstream_url()
_upstream = urlsplit(COMFYDEPLOY_API_URL)
# The simulator on this computer serves its files over plain http.
LOCAL_FILES_ORIGIN = (
    f"{_upstream.scheme}://{_upstream.netloc}" if _upstream.scheme == "http" else ""
)
WATCH = config.flag("WATCH", "on")
WATCH_CONCURRENCY = config.whole("WATCH_CONCURRENCY", "16", 1, 256)
KEEP_DAYS = config.limit("KEEP_DAYS", "a number of days", float)
_runs = config.limit("KEEP_RUNS", "a number of runs", int)
KEEP_RUNS = None if _runs is None else int(_runs)
_bytes = config.limit("KEEP_BYTES", "an amount such as 500M or 20G", read_size)
KEEP_BYTES = None if _bytes is None else int(_bytes)
KEEP_OUTPUTS = config.choice("KEEP_OUTPUTS", "all", ("none", "thumbnails", "all"))
KEEP_FILE_BYTES = config.size("KEEP_FILE_BYTES", "200M")
KEEP_RUN_BYTES = config.size("KEEP_RUN_BYTES", "2G")
KEEP_FILES_BYTES = config.size("KEEP_FILES_BYTES", "20G")
KEEP_FREE_PERCENT = config.number("KEEP_FREE_PERCENT", "10", 0, 99)
FILES_FOLDER = config.folder("FILES_FOLDER", "var/files")
FILES_BUCKET = config.text("FILES_BUCKET")
FILES_BUCKET_URL = config.web_url("FILES_BUCKET_URL", "") if config.text("FILES_BUCKET_URL") else ""
HOOK_SECRET = config.hook_secret(SECRET_KEY)
HOOK_TRACKS = config.flag("HOOK_TRACKS", "off")
UPSTREAM_RATE = config.number("UPSTREAM_RATE", "10", 0.1, 1000)
FOLLOW = config.choice("FOLLOW", "all", ("all", "chosen"))
FOLLOW_IS_SET = bool(os.environ.get("FOLLOW", "").strip())
BACKFILL_DAYS = config.whole("BACKFILL_DAYS", "7", 0, 90)
KEEP_BACKFILL = config.choice("KEEP_BACKFILL", "thumbnails", ("none", "thumbnails", "all"))
PEOPLE = config.flag("PEOPLE", "on")
PRICES = config.prices("PRICES")
COLD_START_SECONDS = config.number("COLD_START_SECONDS", "5", 0, 3600)
MARK = (
    "Demo data. Set COMFYDEPLOY_API_KEY to see your runs."
    if os.environ.get("RUNBOARD_DEMO")
    else ""
)

ADMIN_PATH = config.path_part("ADMIN_PATH", "django-admin")

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "dashboard",
]
MIDDLEWARE = [
    "dashboard.headers.SharedPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashboard.headers.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "dashboard.headers.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.access.OpenAccessMiddleware"
    if ACCESS == "open"
    else "dashboard.access.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.views.database_errors.StorageMiddleware",
]
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
TEMPLATE_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.views.context.page",
            ],
            "builtins": ["django.templatetags.static", "dashboard.templatetags.runboard"],
            "loaders": TEMPLATE_LOADERS
            if DEBUG
            else [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
        },
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

AUTHENTICATION_BACKENDS = ["dashboard.access.RoleBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "run_list"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_ENGINE = "dashboard.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Only a trusted proxy says which requests came by TLS: without one, redirects would never end.
SECURE_SSL_REDIRECT = SECURE_COOKIES and TRUST_PROXY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
# HSTS for subdomains, and preloading, would affect hosts that are not Runboard's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
# Browsers ignore it on untrustworthy origins, with a warning in the console.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if SECURE_COOKIES or LOOPBACK else None
X_FRAME_OPTIONS = "DENY"

_files = ["https:", "data:", "blob:", *([LOCAL_FILES_ORIGIN] if LOCAL_FILES_ORIGIN else [])]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, *_files],
        "media-src": [SELF, *_files],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "dashboard.static_bundles.Finder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = VAR / "static"
JOINED_STATIC = VAR / "joined"
# `serve` collects the files; without it (runserver, tests) they are served from their sources.
COLLECTED = os.environ.get("RUNBOARD_STATIC") == "collected"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED
WHITENOISE_MAX_AGE = 60
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "kept": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": FILES_FOLDER,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
_bucket_key = config.text("FILES_BUCKET_KEY") or None
_bucket_secret = config.text("FILES_BUCKET_SECRET") or None
if FILES_BUCKET:
    _bucket, _, _folder = FILES_BUCKET.partition("/")
    STORAGES["kept"] = {
        "BACKEND": "dashboard.services.files.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "location": _folder,
            "endpoint_url": FILES_BUCKET_URL or None,
            "access_key": _bucket_key,
            "secret_key": _bucket_secret,
            "default_acl": None,
            "file_overwrite": False,
        },
    }
if COLLECTED:
    Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)

DEFAULT_EXCEPTION_REPORTER = "dashboard.log_masking.SafeReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "dashboard.log_masking.SafeFilter"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "dashboard.log_masking.MaskingFilter"}},
    "formatters": {
        "line": {
            "()": "dashboard.log_masking.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "terminal": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["mask"],
        }
    },
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "dashboard": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # A wrong Host header is the client's mistake: django.request logs it without a traceback.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.server": {"handlers": ["terminal"], "level": "INFO", "propagate": False},
    },
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
