"""One file of settings, read from the environment by env.py; empty values mean the embedded default."""

from pathlib import Path

from csp.constants import NONE, SELF
from dotenv import load_dotenv

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")

# ── what kind of start this is ──────────────────────────────────────────────
MODE = env.choice("MODE", "production", ("production", "demo", "test"))
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"
DEBUG = False
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, least=1, most=65535)
WEB_PROCESSES = env.integer("WEB_PROCESSES", 1, least=1, most=64)
WORKER_PROCESSES = env.integer("WORKER_PROCESSES", 2, least=1, most=64)
SECRET_KEY = env.secret("SECRET_KEY", data_dir=DATA_DIR, must_be_given=PRODUCTION)
DATA_KEY = env.secret("DATA_KEY", data_dir=DATA_DIR, must_be_given=PRODUCTION)
SITE_URL = env.text("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
HOTLINE = env.text("HOTLINE", "028-0000-0417")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# ── rooms ───────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "config",
    "cms",
    "records",
    "proposals",
    "deliberation",
    "voting",
    "notifications",
    "search",
    "people",
    "areas",
    "ledger",
    "channels",
    "django_htmx",
    "bootstrap",
    "lucide",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.assets.StaticFiles",
    "config.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.display.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "people.access.AccessMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
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
                "config.display.context",
                "notifications.badge.context",
            ],
            "builtins": ["config.templatetags.yuanyi"],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── database, cache, broker ─────────────────────────────────────────────────
REDIS_URL = env.redis("REDIS_URL")
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'yuanyi.sqlite3'}")}
_database = DATABASES["default"]
_database.setdefault("OPTIONS", {})
if "sqlite" in _database["ENGINE"]:
    _database["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": env.integer("DATABASE_POOL", 8, least=1, most=200)}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CHANNEL_LAYERS: dict[str, dict[str, str]] = {}
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# ── people at the door ──────────────────────────────────────────────────────
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "cms.editors.EditorBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
MFA_ADAPTER = "people.adapters.MFAAdapter"
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "60/m/ip,10/h/key",
    "check_login_code": "30/h/key",
    "text_receipt": "5/h/user",
    "login_failed": "30/m/ip,5/15m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.flag("BEHIND_PROXY", False))
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {"reset_password": "people.forms.ForgotForm", "reset_password_from_key": "people.forms.NewPasswordForm"}
MFA_FORMS = {
    "authenticate": "people.forms.SecondFactorForm",
    "reauthenticate": "people.forms.SecondFactorAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
SESSION_COOKIE_NAME = f"yuanyi_{PORT}_session"
CSRF_COOKIE_NAME = f"yuanyi_{PORT}_csrf"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# ── the web door ────────────────────────────────────────────────────────────
SECURE_SSL_REDIRECT = PRODUCTION and HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION and HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
CMS_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

# ── language and time ───────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = f"yuanyi_{PORT}_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ── files ───────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", DATA_DIR / "built"]
STATIC_ROOT = DATA_DIR / "static"
for _folder in (DATA_DIR / "built", STATIC_ROOT):
    _folder.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "gz", "br", "woff", "woff2", "map"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "records": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "records", "base_url": ""},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

# ── ways out ────────────────────────────────────────────────────────────────
EMAIL_BACKEND = "adapters.mail.FileBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
locals().update({name: value for name, value in env.email("EMAIL_URL").items() if name.startswith("EMAIL_")})
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "院议 <yuanyi@localhost>")
SMS_BACKEND = env.text("SMS_BACKEND", "adapters.sms.FileBackend")
SMS_FILE_PATH = DATA_DIR / "sms"

# ── the law ─────────────────────────────────────────────────────────────────
STATUTES_DIR = env.folder("STATUTES_DIR", DATA_DIR / "statutes")

# ── search, pages ───────────────────────────────────────────────────────────
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "search.whoosh.backend",
        "PATH": DATA_DIR / "index",
        "AUTO_UPDATE": False,
    }
}
WAGTAIL_SITE_NAME = "院议"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
TAGGIT_CASE_INSENSITIVE = True

LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # SAMEORIGIN: Wagtail shows an editor's preview in a frame
