"""The product's settings with values that no `.env` of the developer can change."""

import os
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="runboard-tests-"))
os.environ.update(
    COMFYDEPLOY_API_KEY="test-key",
    COMFYDEPLOY_API_URL="http://127.0.0.1:9/api",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_folder}/runboard.sqlite3",
    SECRET_KEY="only-for-tests",
    HOST="127.0.0.1",
    PORT="8000",
    PUBLIC_URL="http://testserver",
    ALLOWED_HOSTS="localhost,127.0.0.1,[::1]",
    ACCESS="login",
    TRUST_PROXY="off",
    WATCH="on",
    KEEP_OUTPUTS="none",
    FILES_FOLDER=str(_folder / "files"),
    DEBUG="off",
)
for _name in ("RUNBOARD_DEMO", "RUNBOARD_STATIC", "RUNBOARD_PARENT_PID"):
    os.environ.pop(_name, None)

from dashboard.settings import *  # noqa: E402, F403
from dashboard.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that threads of a live server share it in WAL as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
# The next Django asks for mailers by name; this one passes over the setting.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
