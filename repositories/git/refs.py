"""Refs: an export, so that `git clone` of the folder works for operators and their backups. Never the truth."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from repositories.git.durable import draft_folder, sync
from repositories.git.opening import OID, location, open_to_write
from repositories.models import Repository

MAIN = "refs/heads/main"
_NAME = re.compile(r"refs/(?:heads|pr)/[A-Za-z0-9_-]+")
# Seconds after which a lock is one that a killed program left; git holds them for moments.
STALE = 600


def pull_request_ref(number: int) -> str:
    return f"refs/pr/{number}"


def export_refs(repository: Repository, heads: Mapping[str, str]) -> None:
    """Let the refs of `repository` be exactly `heads`: names (`MAIN`, `pull_request_ref`) to commits, "" for none.

    Call it after the commit, with heads freshly read from the database. All refs are one file, replaced at once, so
    that it needs no lock and whoever reads sees one moment.
    """
    lines = ["# pack-refs with: peeled fully-peeled sorted "]
    for name, oid in sorted(heads.items()):
        if oid:
            if not _NAME.fullmatch(name) or not OID.fullmatch(oid):
                raise ValueError(f"{name!r} at {oid!r} is no ref of ours")
            lines.append(f"{oid} {name}")
    open_to_write(repository)  # made, if nobody has written to it yet
    home = location(repository)
    _remove_stale_locks(home)
    with draft_folder(Path(settings.REPOSITORY_ROOT)) as drafts:
        draft = drafts / "packed-refs"
        draft.write_text("\n".join(lines) + "\n")
        sync(draft)
        draft.rename(home / "packed-refs")
    for path in (home / "refs").rglob("*"):  # a single file would count more than the one with all
        if path.is_file() and path.suffix != ".lock":
            path.unlink(missing_ok=True)
    sync(home)


def _remove_stale_locks(home: Path) -> None:
    for path in [*home.glob("*.lock"), *(home / "refs").rglob("*.lock")]:
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > STALE:
                path.unlink()
