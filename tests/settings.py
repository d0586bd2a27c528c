"""Settings of the test run: the real ones, with a broker in memory, mail kept, and folders of its own."""

import os
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="ombud-test-", dir=os.environ.get("OMBUD_TEST_FOLDER")))
(_folder / "static").mkdir()  # WhiteNoise warns when its folder is missing
os.environ["OMBUD_DATA"] = str(_folder)
os.environ.setdefault("DATABASE_URL", "postgres://localhost/ombud")

from config.settings import *  # noqa: E402, F403

BROKER_URL = "memory://"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
