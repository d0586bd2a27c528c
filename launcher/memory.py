"""A folder in memory for what a test run writes: making and removing folders on a disk is a third of its time."""

import os
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the folders made in it have random names
ROOM = 6_000_000_000  # bytes: a whole run leaves less than half of it behind at any moment


def memory_folder() -> Path | None:
    """Linux's shared memory, where this user may write, run programs, and has room enough; else None.

    Containers often have 64 MB of it, or forbid running what lies there.
    """
    try:
        room = os.statvfs(SHARED_MEMORY)
    except OSError:
        return None
    usable = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK | os.X_OK, effective_ids=True)
    enough = min(room.f_bavail * room.f_frsize, _free_memory()) >= ROOM
    return SHARED_MEMORY if usable and enough and not room.f_flag & os.ST_NOEXEC else None


def _free_memory() -> int:
    """Bytes that programs may still take; 0 where the kernel does not say."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    told = dict(line.split(":", 1) for line in lines)
    return int(told.get("MemAvailable", "0 kB").split()[0]) * 1024
