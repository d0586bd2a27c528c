"""What of the machine's memory we take: pages of the embedded database, and a folder for what a test run writes."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the folders made in it have random names
ROOM = 6_000_000_000  # bytes: a whole run leaves less than half of it behind at any moment
LEAST_PAGES, MOST_PAGES, PAGES_SHARE = 128, 1024, 16  # MB, MB, the part of the memory
OWN_GROUPS, GROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def megabytes_of_pages() -> int:
    """MB of its pages that an embedded database keeps at hand (PostgreSQL's shared_buffers).

    A sixteenth of the memory, because models lie beside it: PostgreSQL's own 128 are too few for the pages that a
    hundred thousand open cases are decided on, and each one that is not there is read and another one written.
    """
    return max(LEAST_PAGES, min(MOST_PAGES, _memory() // 2**20 // PAGES_SHARE))


def memory_folder() -> Path | None:
    """Linux's shared memory, where this user may write, run programs, and has room enough; else None.

    For tests: making and removing folders on a disk is a third of their time. Containers often have 64 MB of it, or
    forbid running what lies there.
    """
    try:
        room = os.statvfs(SHARED_MEMORY)
    except OSError:
        return None
    usable = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK | os.X_OK, effective_ids=True)
    enough = min(room.f_bavail * room.f_frsize, _free_memory()) >= ROOM
    return SHARED_MEMORY if usable and enough and not room.f_flag & os.ST_NOEXEC else None


def _memory() -> int:
    """Bytes of memory that the machine has, or that the container or service we are in may take; 0 if nobody says."""
    return min([_told("MemTotal"), *_limits()])


def _limits() -> Iterator[int]:
    """What our control group may take, and each one around it: groups of the second version, and of the first."""
    with suppress(OSError):
        for line in OWN_GROUPS.read_text().splitlines():
            number, controllers, path = line.split(":", 2)
            if number == "0":
                top, name = GROUPS, "memory.max"
            elif "memory" in controllers.split(","):
                top, name = GROUPS / "memory", "memory.limit_in_bytes"
            else:
                continue
            own = top / path.strip("/")
            for folder in (own, *own.parents):
                if folder.is_relative_to(top):
                    with suppress(OSError, ValueError):  # not seen from in here; "max"
                        yield int((folder / name).read_text())


def _free_memory() -> int:
    """Bytes that programs may still take; 0 where the kernel does not say."""
    return _told("MemAvailable")


def _told(name: str) -> int:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    told = dict(line.split(":", 1) for line in lines)
    return int(told.get(name, "0 kB").split()[0]) * 1024
