"""Reading commits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import pygit2

from repositories.git.opening import commit_at, entry_at, open_git
from repositories.models import Repository


@dataclass(frozen=True)
class Commit:
    """A commit; `author` is the username it was made under, `email` no address but made from it."""

    oid: str
    message: str
    author: str
    at: datetime
    parents: tuple[str, ...]
    email: str


def find_commit(repository: Repository, oid: str) -> Commit | None:
    """Commit `oid`, whether or not it is in the history of the head; None when there is none."""
    found = commit_at(open_git(repository), oid)
    return _describe(found) if found is not None else None


def history(
    repository: Repository, limit: int = 100, start: str = "", *, skip: int = 0, path: str = "", most: int = 10_000
) -> list[Commit]:
    """Commits reachable from `start` (default: the head), newest first, without the first `skip`.

    With `path` only those that changed this file or folder: that differ there from each of their parents. Looks at
    `most` commits at the most.
    """
    if not (oid := start or repository.head):
        return []
    git = open_git(repository)
    if commit_at(git, oid) is None:
        return []
    # Unsorted is by time, and the only order in which libgit2 does not walk the whole history first.
    walked: Iterator[pygit2.Commit] = islice(git.walk(oid, pygit2.enums.SortMode.NONE), most)
    if path:
        walked = (one for one in walked if _changes(one, path))
    return [_describe(one) for one in islice(walked, skip, skip + limit)]


def last_commits(
    repository: Repository, folder: str, oid: str, names: list[str], *, most: int = 1_000
) -> dict[str, Commit]:
    """For each of `names` in `folder` ("" is the top) at commit `oid` the commit that changed it last.

    Goes back along first parents, so that what a pull request changed counts as its merge, for `most` commits: what
    did not change since then is left out.
    """
    found: dict[str, Commit] = {}
    newer = commit_at(open_git(repository), oid)
    now = _folder(newer, folder)
    wanted = {name for name in names if now is not None and name in now}
    for _step in range(most):
        if newer is None or now is None or not wanted:
            break
        older = newer.parents[0] if newer.parent_ids else None
        before = _folder(older, folder)
        if changed := wanted & _changed_names(now, before):
            found |= dict.fromkeys(changed, _describe(newer))
        wanted, newer, now = wanted - changed, older, before
    return found


def commits_beyond(repository: Repository, head: str, base: str, most: int) -> list[Commit]:
    """Commits reachable from `head` and not from `base` ("": all), newest first, at most `most`."""
    git = open_git(repository)
    if commit_at(git, head) is None:
        return []
    walker = git.walk(head, pygit2.enums.SortMode.TOPOLOGICAL)
    if base:
        walker.hide(base)
    return [_describe(one) for one in islice(walker, most)]


def in_history(repository: Repository, oid: str, start: str = "") -> bool:
    """Whether commit `oid` (40 hex digits) is reachable from `start` (default: the head).

    Other objects are nobody's to read.
    """
    start = start or repository.head
    if len(oid) != 40 or not start:
        return False
    try:
        return oid == start or open_git(repository).descendant_of(start, oid)
    except (ValueError, pygit2.GitError):
        return False


def _describe(one: pygit2.Commit) -> Commit:
    return Commit(
        oid=str(one.id),
        message=one.message,
        author=one.author.name,
        at=datetime.fromtimestamp(one.commit_time, UTC),
        parents=tuple(str(parent) for parent in one.parent_ids),
        email=one.author.email,
    )


def _changes(commit: pygit2.Commit, path: str) -> bool:
    now = _what_lies_at(commit, path)
    before = [_what_lies_at(parent, path) for parent in commit.parents]
    return now not in before if before else now is not None


def _what_lies_at(commit: pygit2.Commit, path: str) -> tuple[str, int] | None:
    entry = entry_at(commit.tree, path)
    return (str(entry.id), entry.filemode) if entry is not None else None


def _folder(commit: pygit2.Commit | None, folder: str) -> pygit2.Tree | None:
    entry = entry_at(commit.tree, folder) if commit is not None else None
    return entry if isinstance(entry, pygit2.Tree) else None


def _changed_names(now: pygit2.Tree, before: pygit2.Tree | None) -> set[str]:
    if before is None:
        return {entry.name for entry in now}
    if now.id == before.id:
        return set()
    return {delta.new_file.path.partition("/")[0] for delta in now.diff_to_tree(before).deltas}
