"""Steps of tests that write to git without the database, and what the real git says of it."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from repositories import git
from repositories.models import Repository

AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def write(repository: Repository, changes, *, parent=None, message="Change", **more) -> str:
    """A commit of `changes` on top of the head, or of `parent`, which becomes the head in memory."""
    parent = repository.head if parent is None else parent
    repository.head = git.write_commit(repository, changes, parent=parent, author="nok", message=message, at=AT, **more)
    return repository.head


def puts(repository: Repository, files: dict[str, bytes]) -> list[git.Put]:
    with git.incoming(repository) as box:
        return [git.Put(path, box.add_bytes(content).oid) for path, content in files.items()]


def add(repository: Repository, files: dict[str, bytes], **more) -> str:
    return write(repository, puts(repository, files), **more)


def run_git(*arguments: str | Path, folder: Path | None = None) -> str:
    """What the real git says; it reads no settings of this machine."""
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout.strip()


def check(repository: Repository) -> None:
    """git finds no fault in anything that lies there; what nothing refers to is no fault."""
    assert run_git("-C", git.location(repository), "fsck", "--full", "--strict", "--no-dangling") == ""
