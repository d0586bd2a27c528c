from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from repositories import git
from repositories.access import require_edit
from repositories.actions.content import commit_changes
from repositories.models import Repository
from repositories.names import show_path

NAMED = 10


def put_files(
    repository: Repository,
    files: Mapping[str, git.Readable],
    *,
    actor: User,
    message: str,
    parent: str,
    replace: bool = False,
) -> str:
    """Commit `files` (path to content) on top of `parent`, all or none; returns the commit id (A1).

    Raises Forbidden unless `actor` edits the repository, ValidationError for a path or a content that cannot be
    committed, Refused when somebody committed since `parent` ("stale") or, without `replace`, when there is a file
    already at one of the paths ("exists").
    """
    require_edit(repository, actor)
    if not replace and (taken := _taken(repository, files, parent)):
        text = _("These files are there already: %(paths)s. Give yours other names, or say that they replace them.")
        raise Refused(text % {"paths": taken}, code="exists")
    with git.incoming(repository) as box:
        changes = [git.Put(path, box.add(content).oid) for path, content in files.items()]
    return commit_changes(repository, changes, actor=actor, message=message, parent=parent)


def delete_path(repository: Repository, path: str, *, actor: User, message: str, parent: str) -> str:
    """Commit that there is no file, or folder, `path` any more; returns the commit id. The history keeps it (A1).

    Raises what `put_files` raises, and Refused (404) when nothing lies there.
    """
    require_edit(repository, actor)
    change: git.Change = git.Delete(path)
    if git.find_file(repository, path, parent) is None:
        change = git.DeleteFolder(path)
    return commit_changes(repository, [change], actor=actor, message=message, parent=parent)


def _taken(repository: Repository, files: Mapping[str, git.Readable], parent: str) -> str:
    """The first of `files` that are there already, for people to read; "" when none is."""
    if not parent:
        return ""
    folders = {path.rpartition("/")[0] for path in files}
    there = {
        entry.path
        for folder in folders
        for entry in git.list_folder(repository, folder, parent, sizes=False) or []
        if not entry.is_folder
    }
    taken = [show_path(path) for path in files if path in there]
    return ", ".join(taken[:NAMED]) + (" …" if len(taken) > NAMED else "")
