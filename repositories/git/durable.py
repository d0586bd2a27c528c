"""Writing so that a crash, or a power cut, leaves the old state or the new one."""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

# Where drafts lie: under the same root as what they become, so that one rename publishes them.
DRAFTS = "incoming"


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(folder: Path) -> None:
    """Bring everything below `folder` to the disk, then its own names."""
    for path in folder.iterdir():
        if path.is_dir():
            sync_all(path)
        else:
            sync(path)
    sync(folder)


def make_folder(folder: Path) -> None:
    """Make `folder`, and those above it that are missing, to stay."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


@contextmanager
def draft_folder(root: Path) -> Iterator[Path]:
    """A folder of one's own under `root`, gone afterwards. Its lock tells the sweep that somebody works in it."""
    make_folder(root / DRAFTS)
    folder = root / DRAFTS / secrets.token_hex(16)
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def sweep_leftovers(older_than: timedelta) -> int:
    """Delete drafts whose process died, when they are older than `older_than`; returns how many.

    A lock ends with its process, so an upload that takes days is left alone.
    """
    swept = 0
    for root in {Path(settings.REPOSITORY_ROOT), Path(settings.LARGE_FILE_ROOT)}:
        for folder in (root / DRAFTS).glob("*"):
            with suppress(FileNotFoundError):
                old = time.time() - folder.stat().st_mtime > older_than.total_seconds()
                swept += old and _sweep(folder)
    return swept


def _sweep(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    finally:
        os.close(descriptor)
