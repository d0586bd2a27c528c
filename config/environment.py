"""Where settings come from: the environment, then what the launcher wrote, then generated secrets (L1)."""

import json
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("OMBUD_DATA", BASE_DIR / "var"))
ENV = os.environ.get("OMBUD_ENV", "demo")
PRODUCTION = ENV == "production"


def running_instance() -> dict[str, str]:
    """Addresses of the instance that `make run` started, {} when none did; raises nothing."""
    try:
        content = json.loads((DATA_DIR / "run.json").read_text())
    except (OSError, ValueError):
        return {}
    alive = Path(f"/proc/{content.get('pid')}").exists() or not Path("/proc/self").exists()
    return {key: str(value) for key, value in content.items()} if alive else {}


def address(name: str) -> str:
    """The address called `name` (such as DATABASE_URL) from the environment or the running instance, else ""."""
    return os.environ.get(name) or running_instance().get(name, "")


def origin_of(url: str) -> str:
    """Scheme, host and port of `url`; "" of an address of the same site, such as "/events"."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def secret(name: str) -> str:
    """The secret `name` from the environment; outside production one generated once, mode 0600, in the data folder.

    Raises ImproperlyConfigured in production when the variable is missing: no default is safe there.
    """
    if value := os.environ.get(name):
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"Set {name} in the environment: production takes no generated secret.")
    path = DATA_DIR / "secrets" / name.lower()
    if not path.exists():
        _keep(path, secrets.token_urlsafe(48))
    return path.read_text()


def _keep(path: Path, value: str) -> None:
    """Write `path` whole or not at all; where two processes are first at once, one value wins for both."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
    with suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
