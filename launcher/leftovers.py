"""Processes that a killed launcher or server left behind in a database folder."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path


def processes_in(folder: Path) -> list[int]:
    """The ids of the processes that work in `folder`: those of a PostgreSQL whose data it is."""
    folder = folder.resolve()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if (entry / "cwd").readlink() == folder:
                    found.append(int(entry.name))
    return found


def end_leftovers(folder: Path) -> None:
    """End every process of the database in `folder`: politely (10 s), at once (3 s), by force.

    Call it only while holding the lock of that database. A stale `postmaster.pid` is removed afterwards: it
    may name a process id that now belongs to somebody else, and PostgreSQL would then refuse to start.
    """
    for number, patience in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
        remaining = processes_in(folder)
        for pid in remaining:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        give_up = time.monotonic() + patience
        while remaining and time.monotonic() < give_up:
            time.sleep(0.05)
            remaining = processes_in(folder)
        if not remaining:
            break
    (folder / "postmaster.pid").unlink(missing_ok=True)
