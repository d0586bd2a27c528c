"""The files of a repository and their history, in a real bare git repository (A1).

Objects are written first and flushed to disk, then the caller stores the new head in the locked database row; heads
are read from the database only. A crash in between leaves unreachable objects and nothing anybody can see.
"""

import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pygit2
from django.conf import settings

from repositories.models import Repository


@dataclass(frozen=True)
class File:
    path: str
    size: int
    oid: str


@dataclass(frozen=True)
class Entry(File):
    """A file or a folder; a folder's size is 0."""

    is_folder: bool


@dataclass(frozen=True)
class Commit:
    oid: str
    message: str
    author: str
    at: datetime


def location(repository: Repository) -> Path:
    """Where the bare repository lies: by id, so that renaming moves nothing."""
    name = repository.public_id.hex
    return Path(settings.REPOSITORY_ROOT) / name[:2] / f"{name}.git"


def _open(repository: Repository) -> pygit2.Repository:
    pygit2.option(pygit2.enums.Option.ENABLE_FSYNC_GITDIR, True)
    path = location(repository)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return pygit2.init_repository(str(path), bare=True, initial_head="main")
    return pygit2.Repository(str(path))


def write_commit(
    repository: Repository, files: dict[str, bytes | None], *, author: str, message: str, at: datetime
) -> str:
    """Write objects for a commit on top of the row's head: new contents, or None to delete. Returns its id.

    `author` is the username; addresses of people never go into the history. The caller stores the head.
    """
    git = _open(repository)
    parent = git[repository.head] if repository.head else None
    index = pygit2.Index()
    if parent:
        index.read_tree(parent.tree)
    for path, content in files.items():
        if content is None:
            index.remove(path)
        else:
            index.add(pygit2.IndexEntry(path, git.create_blob(content), pygit2.enums.FileMode.BLOB))
    tree = index.write_tree(git)
    signature = pygit2.Signature(author, f"{author}@users.ombud.invalid", int(at.timestamp()), 0)
    parents = [parent.id] if parent else []
    return str(git.create_commit(None, signature, signature, message, tree, parents))


def read_file(repository: Repository, path: str, oid: str = "") -> bytes | None:
    """Content of `path` at commit `oid` (default: the head); None when it is not there."""
    blob = _blob(repository, path, oid)
    return blob.data if blob is not None else None


def find_file(repository: Repository, path: str, oid: str = "") -> File | None:
    """The file `path` at commit `oid` (default: the head) without its content; None when it is not there."""
    blob = _blob(repository, path, oid)
    return File(path, blob.size, str(blob.id)) if blob is not None else None


def list_files(repository: Repository, oid: str = "") -> list[File]:
    """Every file at commit `oid` (default: the head), by path."""
    tree = _tree(repository, oid)
    found: list[File] = []
    pending = [("", tree)] if tree is not None else []
    while pending:
        prefix, current = pending.pop()
        for entry in current:
            path = f"{prefix}{entry.name}"
            if stat.S_ISDIR(entry.filemode):
                pending.append((f"{path}/", entry))
            elif isinstance(entry, pygit2.Blob):
                found.append(File(path, entry.size, str(entry.id)))
    return sorted(found, key=lambda file: file.path)


def list_folder(repository: Repository, folder: str = "", oid: str = "", *, deep: bool = False) -> list[Entry] | None:
    """What lies in `folder` ("" is the top) at commit `oid` (default: the head), by path; with `deep` all below it too.

    None when there is no such folder.
    """
    top = _tree(repository, oid)
    try:
        start = top[folder] if top is not None and folder else top
    except (KeyError, ValueError):
        return None
    if not isinstance(start, pygit2.Tree):
        return None
    found: list[Entry] = []
    pending = [(f"{folder}/" if folder else "", start)]
    while pending:
        prefix, current = pending.pop()
        for one in current:
            path = f"{prefix}{one.name}"
            if isinstance(one, pygit2.Tree):
                found.append(Entry(path, 0, str(one.id), is_folder=True))
                pending += [(f"{path}/", one)] if deep else []
            elif isinstance(one, pygit2.Blob):
                found.append(Entry(path, one.size, str(one.id), is_folder=False))
    return sorted(found, key=lambda entry: entry.path)


def history(repository: Repository, limit: int = 100, start: str = "") -> list[Commit]:
    """Commits reachable from `start` (default: the head), newest first."""
    if not (oid := start or repository.head):
        return []
    walker = _open(repository).walk(oid, pygit2.enums.SortMode.TOPOLOGICAL)
    return [
        Commit(str(one.id), one.message, one.author.name, datetime.fromtimestamp(one.commit_time, UTC))
        for one, _number in zip(walker, range(limit), strict=False)
    ]


def in_history(repository: Repository, oid: str) -> bool:
    """Whether commit `oid` (40 hex digits) is reachable from the head: other objects are nobody's to read."""
    if len(oid) != 40 or not repository.head:
        return False
    try:
        return oid == repository.head or _open(repository).descendant_of(repository.head, oid)
    except (ValueError, pygit2.GitError):
        return False


def _blob(repository: Repository, path: str, oid: str) -> "pygit2.Blob | None":
    tree = _tree(repository, oid)
    try:
        entry = tree[path] if tree is not None else None
    except (KeyError, ValueError):
        return None
    return entry if isinstance(entry, pygit2.Blob) else None


def _tree(repository: Repository, oid: str) -> "pygit2.Tree | None":
    oid = oid or repository.head
    if not oid:
        return None
    try:
        commit = _open(repository).get(oid)
    except ValueError:
        return None
    return commit.tree if isinstance(commit, pygit2.Commit) else None
