"""Merging: three trees file by file, in memory; nothing is written until somebody merges.

A file that both sides changed is merged line by line when it is short text. Renames are not followed: a file that one
side moved and the other changed is a conflict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pygit2
from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories.git.changes import BadChange, Change, Delete, Put, plan
from repositories.git.commits import write_commit
from repositories.git.files import FILES, Reader, is_text
from repositories.git.opening import open_git
from repositories.git.storing import incoming
from repositories.git.trees import Side, changed_files, tree_of
from repositories.models import Repository

# Bytes of one text, and of all together: what is more is not merged line by line, as in a comparison.
LONGEST_MERGED, MOST_MERGED = 250_000, 2_000_000


@dataclass(frozen=True)
class Merge:
    """What has to change in ours, or where both sides did.

    `merged` holds the contents of files that were brought together line by line; the rest is stored already.
    """

    changes: list[Change] = field(default_factory=list)
    merged: dict[str, bytes] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)


def merge_base(repository: Repository, one: str, other: str) -> str:
    """The newest commit that both have in their history; "" when there is none."""
    found = open_git(repository).merge_base(one, other) if one and other else None
    return str(found) if found else ""


def try_merge(repository: Repository, ours: str, theirs: str) -> Merge:
    """What merging commit `theirs` into commit `ours` ("": nothing yet) would do; writes nothing."""
    reader, merge = Reader(repository), Merge()
    base = tree_of(reader.git, merge_base(repository, ours, theirs))
    tree = tree_of(reader.git, ours)
    ours_changed = changed_files(base, tree)
    for path, (old, new) in changed_files(base, tree_of(reader.git, theirs)).items():
        mine = ours_changed[path][1] if path in ours_changed else old
        if mine == old:
            merge.changes.append(Put(path, new.oid, new.executable) if new is not None else Delete(path))
        elif mine != new and not _merge_file(merge, reader, path, old, mine, new):
            merge.conflicts.append(path)
    try:
        plan(merge.changes, tree)
    except BadChange as problem:
        merge.conflicts.append(problem.path)
    return merge


def write_merge(
    repository: Repository,
    ours: str,
    theirs: str,
    *,
    author: str,
    message: str,
    at: datetime,
    resolved: Sequence[Put] = (),
) -> str:
    """Write a commit of two parents that brings `theirs` into `ours`, also where ours had not moved; returns its id.

    `resolved` are files that somebody brought together: they stand as they are. Raises Refused with the files in
    conflict besides, and whatever `write_commit` raises.
    """
    merge = try_merge(repository, ours, theirs)
    paths = {put.path for put in resolved}
    if left := [path for path in merge.conflicts if path not in paths]:
        message = _("Both sides changed these files: %(paths)s.") % {"paths": ", ".join(left[:10])}
        raise Refused(message, code="conflict")
    with incoming(repository) as box:
        stored = {path: box.add_bytes(content).oid for path, content in merge.merged.items()}
    changes = [
        replace(one, oid=stored[one.path]) if isinstance(one, Put) and one.path in stored else one
        for one in merge.changes
        if one.path not in paths
    ]
    changes += resolved
    return write_commit(repository, changes, parent=ours, second_parent=theirs, author=author, message=message, at=at)


def _merge_file(merge: Merge, reader: Reader, path: str, old: Side | None, mine: Side | None, new: Side | None) -> bool:
    """Bring one file together that both sides changed, in different ways; False when that cannot be done."""
    if old is None or mine is None or new is None:
        return False
    mode = new.mode if mine.mode == old.mode else mine.mode
    if new.oid in (old.oid, mine.oid) or mine.oid == old.oid:
        oid = mine.oid if new.oid == old.oid else new.oid
    elif (content := _merge_texts(merge, reader, path, old, mine, new)) is not None:
        oid, merge.merged[path] = mine.oid, content
    else:
        return False
    merge.changes.append(Put(path, oid, executable=Side(oid, mode).executable))
    return True


def _merge_texts(merge: Merge, reader: Reader, path: str, *sides: Side) -> bytes | None:
    """The lines of the base, ours and theirs brought together; None when they overlap or are no short texts."""
    measured = [reader.measure(side.oid) for side in sides]
    room = MOST_MERGED - sum(len(content) for content in merge.merged.values())
    if any(sha256 is not None or size > min(LONGEST_MERGED, room) for size, sha256 in measured):
        return None
    if not all(is_text(reader.git[side.oid].data) for side in sides):
        return None
    entries = [pygit2.IndexEntry(path, pygit2.Oid(hex=side.oid), FILES[0]) for side in sides]
    result = reader.git.merge_file_from_index(*entries)
    return result.contents.encode() if result.automergeable else None
