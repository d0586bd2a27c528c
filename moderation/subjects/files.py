"""A single file of a repository at a revision, as what is reported (B4).

Its snapshot keeps the path as the title, the blob as the revision, and what can be read of it; a part of its own says
which file it is, so that two files of the same content are two.
"""

import hashlib

from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from moderation.subjects.content import Content
from moderation.subjects.models import Snapshot
from repositories import git
from repositories.access import Viewer, require_files
from repositories.holding import require_card_shown
from repositories.models import Repository

FILE = "file"
# Bytes of a text that are read: as many as a snapshot keeps characters, at most four bytes each.
MOST_READ = 800_000
LONGEST_TITLE = 200


def part_of(path: str) -> str:
    """The part of a snapshot of this file."""
    return f"{FILE}:{hashlib.sha256(path.encode()).hexdigest()[:32]}"


def is_file(snapshot: Snapshot) -> bool:
    """Whether it shows a single file."""
    return snapshot.part.startswith(f"{FILE}:")


def file_seen(repository: Repository, path: str, at: str, viewer: Viewer) -> Content:
    """The file `path` at commit `at` ("": the head), for a `viewer` who may read it.

    Raises Forbidden where the files are not for them, Refused (404) where there is no such file.
    """
    require_card_shown(path, require_files(repository, viewer))
    known = not at or git.in_history(repository, at)
    found = content_of_file(repository, path, at) if known else None
    if found is None:
        raise Refused(_("There is no such file in this repository."), code="not_found", status=404)
    return found


def content_of_file(repository: Repository, path: str, at: str = "") -> Content | None:
    """The same without asking who wants it; None where there is no such file.

    Of what is no text, or is too large, its size and hash stand in place of the words.
    """
    file = git.find_file(repository, path, at)
    if file is None:
        return None
    text = ""
    if file.sha256 is None:
        with git.open_file(repository, file) as stream:
            content = stream.read(MOST_READ)
        text = content.decode(errors="ignore") if git.is_text(content) or len(content) == MOST_READ else ""
    if not text or "\x00" in text:
        text = f"{file.size} bytes, SHA-256 {file.sha256}" if file.sha256 else f"{file.size} bytes, {file.oid}"
    return Content(part_of(path), _title(path), text, file.oid)


def file_now(repository: Repository, snapshot: Snapshot) -> Content:
    """The file of `snapshot` as it is at the head; empty where it is gone."""
    return content_of_file(repository, path_of(repository, snapshot)) or Content(snapshot.part, "", "", "")


def path_of(repository: Repository, snapshot: Snapshot) -> str:
    """Where the file of `snapshot` lies: its title, or what lies at the head where that is the end of one."""
    path = snapshot.title
    if part_of(path) != snapshot.part:
        names = (file.path for file in git.list_files(repository, sizes=False))
        path = next((name for name in names if part_of(name) == snapshot.part), path)
    return path


def _title(path: str) -> str:
    return path if len(path) <= LONGEST_TITLE else f"…{path[1 - LONGEST_TITLE :]}"
