"""What a commit changes, and whether that may be: checked against the tree it is made for, before anything is written.

Everything refused here would be accepted by git itself, and break for whoever checks it out on another system.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

import pygit2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from repositories.names import clean_path, fold, show_path

FOLDER = pygit2.enums.FileMode.TREE


@dataclass(frozen=True)
class Put:
    """A file at `path` with the content `oid`, new or in place of another."""

    path: str
    oid: str
    executable: bool = False


@dataclass(frozen=True)
class Delete:
    path: str


@dataclass(frozen=True)
class DeleteFolder:
    path: str


Change = Put | Delete | DeleteFolder


class BadChange(ValidationError):  # noqa: N818 - it is an answer to a person, not a fault
    """A change that cannot be made, with a sentence saying why; `path` is where."""

    def __init__(self, message: Any, path: str, *, code: str, **params: str) -> None:
        super().__init__(message, code=code, params={"path": show_path(path), **params})
        self.path = path


def no_content(path: str) -> BadChange:
    """What is said of a file at `path` whose content is not there."""
    message = _("We do not have the content of “%(path)s”. Please send it again.")
    return BadChange(message, path, code="no_content")


@dataclass
class Plan:
    """What changes in one folder and below it. Deletions come first: what is put may take the place of what goes."""

    puts: dict[str, Put] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    deleted_folders: set[str] = field(default_factory=set)
    folders: dict[str, "Plan"] = field(default_factory=dict)


def plan(changes: Iterable[Change], tree: pygit2.Tree | None) -> Plan:
    """`changes` by folder. Raises ValidationError when they cannot be made to `tree` (None: nothing is there yet)."""
    top = Plan()
    for change in changes:
        _sort_in(top, change)
    _check(top, tree, "", gone=False)
    return top


def _sort_in(top: Plan, change: Change) -> None:
    path = clean_path(change.path) if isinstance(change, Put) else change.path.rstrip("/")
    *above, name = path.split("/")
    folder = top
    for part in above:
        folder = folder.folders.setdefault(part, Plan())
    if isinstance(change, Delete):
        folder.deleted.add(name)
    elif isinstance(change, DeleteFolder):
        folder.deleted_folders.add(name)
    elif name in folder.puts:
        raise BadChange(_("“%(path)s” comes twice in this commit."), path, code="twice")
    else:
        folder.puts[name] = change


def _check(folder: Plan, tree: pygit2.Tree | None, above: str, *, gone: bool) -> bool:
    """Raise for what cannot be done in one folder and below it; `gone` is one that this commit deletes.

    Returns whether anything will lie there.
    """
    old = {entry.name: entry.filemode for entry in tree} if tree is not None else {}
    for name in folder.deleted:
        if old.get(name, FOLDER) == FOLDER:
            raise BadChange(_("There is no file “%(path)s” to delete."), above + name, code="missing")
    for name in folder.deleted_folders:
        if old.get(name) != FOLDER:
            raise BadChange(_("There is no folder “%(path)s” to delete."), above + name, code="missing")
    left = set() if gone else old.keys() - folder.deleted - folder.deleted_folders
    for name, below in folder.folders.items():
        is_folder = tree is not None and old.get(name) == FOLDER
        subtree = tree[name] if tree is not None and is_folder else None
        stays = _check(below, subtree, f"{above}{name}/", gone=gone or name not in left)
        if stays and name in left and not is_folder:
            raise BadChange(_("“%(path)s” is a file, so nothing can lie below it."), above + name, code="is_file")
        left = left | {name} if stays else left - {name}
    for name in folder.puts.keys() & left:
        if name in folder.folders or old[name] == FOLDER:
            raise BadChange(_("“%(path)s” is a folder, so no file can have its name."), above + name, code="is_folder")
    _check_collisions(left | folder.puts.keys(), old.keys(), above)
    return bool(left or folder.puts)


def _check_collisions(names: Set[str], old: Set[str], above: str) -> None:
    """Raise when a new one of `names` and another would be the same file on a system that knows no case."""
    if not (new := names - old):
        return
    taken = {fold(name): name for name in names & old}
    for name in sorted(new):
        other = taken.setdefault(fold(name), name)
        if other != name:
            message = _("“%(path)s” and “%(other)s” would be one file on Windows and macOS. Give one another name.")
            raise BadChange(message, above + name, code="collision", other=show_path(above + other))
