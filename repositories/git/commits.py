"""Writing commits."""

from collections.abc import Iterable
from datetime import datetime

import pygit2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories.git.changes import FOLDER, Change, Plan, Put, no_content, plan
from repositories.git.opening import commit_at
from repositories.git.storing import Incoming, incoming
from repositories.models import Repository

MOST_FILES = 100_000
LONGEST_MESSAGE = 65_536  # characters


def write_commit(
    repository: Repository,
    changes: Iterable[Change],
    *,
    parent: str,
    author: str,
    message: str,
    at: datetime,
    second_parent: str = "",
) -> str:
    """Write a commit that makes `changes` to commit `parent` ("": the first one); returns its id.

    `author` is the username; addresses of people never go into the history. It is nobody's head until the caller
    stores it as one. Raises ValidationError for changes that cannot be made, Refused for more than MOST_FILES files.
    """
    changes = list(changes)
    with incoming(repository) as box:
        tree = _tree(box.git, parent)
        planned = plan(changes, tree)
        oid = _write(box, planned, tree, "", gone=False) or box.made(box.git.TreeBuilder().write())
        if any(isinstance(change, Put) for change in changes):
            _check_number(box.git[oid])
        name = pygit2.Signature(author, f"{author}@users.ombud.invalid", int(at.timestamp()), 0)
        parents = [one for one in (parent, second_parent) if one]
        return box.made(box.git.create_commit(None, name, name, _clean(message), oid, parents))


def _tree(git: pygit2.Repository, parent: str) -> pygit2.Tree | None:
    if not parent:
        return None
    if (commit := commit_at(git, parent)) is None:
        raise Refused(_("There is no such commit in this repository."), code="not_found", status=404)
    return commit.tree


def _write(box: Incoming, folder: Plan, tree: pygit2.Tree | None, above: str, *, gone: bool) -> str:
    """Write one changed folder and what changes below it; returns its tree's id, "" when nothing is left in it."""
    builder = box.git.TreeBuilder(tree) if tree is not None and not gone else box.git.TreeBuilder()
    for name in folder.deleted | folder.deleted_folders:
        if not gone:
            builder.remove(name)
    for name, below in folder.folders.items():
        old = builder.get(name)
        subtree = old if old is not None and old.filemode == FOLDER else None
        if oid := _write(box, below, subtree, f"{above}{name}/", gone=subtree is None):
            builder.insert(name, oid, FOLDER)
        elif subtree is not None:
            builder.remove(name)
    for name, put in folder.puts.items():
        mode = pygit2.enums.FileMode.BLOB_EXECUTABLE if put.executable else pygit2.enums.FileMode.BLOB
        try:
            builder.insert(name, put.oid, mode)
        except (pygit2.GitError, ValueError):
            raise no_content(above + name) from None
    return box.made(builder.write()) if len(builder) else ""


def _check_number(tree: pygit2.Tree) -> None:
    index = pygit2.Index()
    index.read_tree(tree)
    if len(index) > MOST_FILES:
        message = _("A repository holds at most %(most)s files; with these it would have %(number)s.")
        raise Refused(message % {"most": MOST_FILES, "number": len(index)}, code="too_many_files", status=400)


def _clean(message: str) -> str:
    if len(message) > LONGEST_MESSAGE:
        raise ValidationError(
            _("This message has %(length)s characters; please shorten it to at most %(longest)s."),
            code="too_long",
            params={"length": len(message), "longest": LONGEST_MESSAGE},
        )
    return message.replace("\x00", "").encode(errors="replace").decode()
