"""Where the git data of a repository lies, and opening it."""

import re
from pathlib import Path

import pygit2
from django.conf import settings

from repositories.git.durable import draft_folder, make_folder, sync, sync_all
from repositories.models import Repository

OID = re.compile(r"[0-9a-f]{40}")
# Exactly this folder: by default libgit2 would look for a repository in those above it, too.
OPEN = pygit2.enums.RepositoryOpenFlag.NO_SEARCH | pygit2.enums.RepositoryOpenFlag.BARE


def location(repository: Repository) -> Path:
    """Where the bare repository lies: by id, so that renaming moves nothing."""
    name = repository.public_id.hex
    return Path(settings.REPOSITORY_ROOT) / name[:2] / f"{name}.git"


def open_git(repository: Repository) -> pygit2.Repository:
    """The repository for reading; an empty one in memory where nobody has written yet, or where the disk is away."""
    path = location(repository)
    if path.exists():
        return pygit2.Repository(str(path), OPEN)
    git = pygit2.Repository()
    git.set_odb(pygit2.Odb())
    return git


def open_to_write(repository: Repository) -> pygit2.Repository:
    """The repository, made when nobody has written to it yet."""
    path = location(repository)
    if not path.exists():
        _make(path)
    return pygit2.Repository(str(path), OPEN)


def commit_at(git: pygit2.Repository, oid: str) -> pygit2.Commit | None:
    """The commit `oid` (40 hex digits), None when there is none of this id."""
    found = object_at(git, oid)
    return found if isinstance(found, pygit2.Commit) else None


def object_at(git: pygit2.Repository, oid: str) -> pygit2.Object | None:
    """Whatever has this id (40 hex digits): libgit2 would take the first few for the whole."""
    return git.get(oid) if OID.fullmatch(oid) else None


def entry_at(tree: pygit2.Tree, path: str) -> pygit2.Object | None:
    """The file or folder `path` of `tree`; "" is the tree itself, None when it is not there."""
    if not path:
        return tree
    try:
        return tree[path]
    except (KeyError, ValueError, TypeError):  # the last for what is no text in UTF-8
        return None


def _make(path: Path) -> None:
    """Made whole beside, then renamed: a crash leaves no half repository, and of two at once one wins."""
    with draft_folder(Path(settings.REPOSITORY_ROOT)) as drafts:
        draft = drafts / path.name
        git = pygit2.init_repository(str(draft), bare=True, initial_head="main")
        # Refs are an export that may lag behind: an operator's `git gc` must throw away nothing.
        git.config["gc.pruneExpire"] = "never"
        sync_all(draft)
        make_folder(path.parent)
        try:
            draft.rename(path)
        except OSError:
            if not path.exists():
                raise
        sync(path.parent)
