"""What a running instance leaves for other terminals: `run.json` with its addresses, and a lock."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.errors import LaunchError
from launcher.lock import held

LOCK = "run.lock"
ADDRESSES = "run.json"


@contextmanager
def only_instance(data: Path) -> Iterator[None]:
    """Hold the data folder; raises LaunchError, naming the other instance, when one is running."""
    with held(data / LOCK, lambda: _taken(data)):
        try:
            yield
        finally:
            (data / ADDRESSES).unlink(missing_ok=True)


def was_killed(data: Path) -> bool:
    """Whether the last instance left its addresses behind: its processes may still be ending."""
    return (data / ADDRESSES).exists()


def write_addresses(data: Path, addresses: dict[str, str]) -> None:
    """Write `run.json` (mode 0600, whole or not at all); `manage.py` in another terminal reads it."""
    making = data / (ADDRESSES + ".new")
    making.unlink(missing_ok=True)
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(addresses | {"pid": os.getpid()}, file, indent=1)
    making.replace(data / ADDRESSES)


def _taken(data: Path) -> LaunchError:
    try:
        other = json.loads((data / ADDRESSES).read_text())
        who = f" (process {other['pid']}) at {other['address']}"
    except (OSError, ValueError, KeyError):
        who = ""
    return LaunchError(
        f"Ombud is already running{who} with the data folder {data}.",
        "Use that one, or stop it with Ctrl-C in its terminal. A second one needs a folder and a port of "
        "its own: OMBUD_DATA=/another/folder make run PORT=8001",
    )
