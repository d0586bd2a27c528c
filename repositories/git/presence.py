"""Whether what a commit reuses is still there: an erasure may destroy it between writing the commit and storing it."""

from collections.abc import Collection

import pygit2

from repositories.git.changes import FOLDER
from repositories.git.large import has_large, large_of
from repositories.git.opening import commit_at, open_git
from repositories.models import Repository


def brought_by(repository: Repository, oid: str, parent: str) -> set[str]:
    """The ids of every folder and content that commit `oid` has and commit `parent` ("": none) has not at its place.

    Below a folder that is not there nothing is named.
    """
    git = open_git(repository)
    commit, before = commit_at(git, oid), commit_at(git, parent) if parent else None
    if commit is None:
        return {oid}
    found: set[str] = set()
    pending = [(str(commit.tree_id), str(before.tree_id) if before else "")]
    while pending:
        new, old = pending.pop()
        if new == old:
            continue
        found.add(new)
        if new not in git.odb:
            continue
        known = {entry.name: str(entry.id) for entry in git[old]} if old and old in git.odb else {}
        for entry in git[new]:
            here, there = str(entry.id), known.get(entry.name, "")
            if entry.filemode == FOLDER:
                pending.append((here, there if there and isinstance(git[there], pygit2.Tree) else ""))
            elif here != there:
                found.add(here)
    return found


def missing(repository: Repository, oids: Collection[str]) -> set[str]:
    """Those of `oids` that are not there, or point to a large content that is not there."""
    git = open_git(repository)
    gone = {oid for oid in oids if oid not in git.odb}
    pointers = {oid: large_of(git, oid) for oid in set(oids) - gone}
    return gone | {oid for oid, sha256 in pointers.items() if sha256 and not has_large(repository, sha256)}
