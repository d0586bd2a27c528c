"""A lock on a folder that ends with its holder, whatever ended it."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def try_lock(path: Path) -> int | None:
    """Lock the file `path` (made when missing): the open descriptor, or None when a living process holds it.

    The file itself means nothing: one that a killed process left behind is simply taken.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def held(path: Path, refusal: Callable[[], Exception]) -> Iterator[None]:
    """Hold the lock on `path`; raises what `refusal` returns when somebody else has it."""
    descriptor = try_lock(path)
    if descriptor is None:
        raise refusal()
    try:
        yield
    finally:
        os.close(descriptor)
