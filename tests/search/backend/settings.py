"""Settings of the second process: modelsearch's own test models on our backend."""

import os
from pathlib import Path

from modelsearch.test.settings import *  # noqa: F403

ROOT = Path(os.environ["CONTRACT_ROOT"])
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": "search.whoosh.backend", "PATH": ROOT / "index", "STRICT": True},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
