"""Taking files out of the whole history, so that nothing of them is left on the disk (C6).

First the history is written anew without them (`rewrite`): every commit stays, in its order, with its message, author
and time; those that had the files, and all that follow, get new ids, since an id is the hash of what a commit holds.
When the database names the new heads, what nothing refers to any more is destroyed (`destroy`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pygit2
from django.conf import settings

from repositories.git.changes import FOLDER
from repositories.git.durable import draft_folder, sync
from repositories.git.large import RECEIVED, large_file, reader_of_pointers
from repositories.git.opening import commit_at, entry_at, location, open_git
from repositories.git.pack import Packs
from repositories.git.storing import Incoming, incoming
from repositories.git.trees import EMPTY
from repositories.models import Repository

# The empty file is everybody's: it says nothing, and other files are it too.
EMPTY_FILE = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


@dataclass(frozen=True)
class Rewritten:
    """What became of a history: old commit to new one, and the ids of all objects that nothing refers to any more.

    `contents` are the ids of the files' contents among them.
    """

    commits: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)


def contents_at(repository: Repository, heads: Sequence[str], paths: Collection[str]) -> dict[str, tuple[str, str]]:
    """Every content that ever lay at `paths` in the history of `heads`: by its id a path and a commit."""
    found: dict[str, tuple[str, str]] = {}
    for commit in _walk(open_git(repository), heads):
        for path in paths:
            if isinstance(entry := entry_at(commit.tree, path), pygit2.Blob):
                found.setdefault(str(entry.id), (path, str(commit.id)))
    return found


def rewrite(repository: Repository, heads: Sequence[str], paths: Collection[str]) -> Rewritten:
    """Write the history of `heads` without the files that ever lay at `paths`, wherever else these contents lie.

    The same again gives the same ids. Nobody sees the new commits before the caller stores the new heads.
    """
    with incoming(repository) as box:
        commits = _walk(box.git, heads)
        contents = _contents(commits, paths)
        if not contents:
            return Rewritten()
        pen = _Pen(box, contents)
        mapped = {str(one.id): new for one in commits if (new := pen.write(one))}
        kept = _trees(box.git, {pen.tree(one.tree) for one in commits})
        old = _trees(box.git, {str(one.tree_id) for one in commits})
    return Rewritten(mapped, {*mapped, *(old - kept), *contents}, contents)


def destroy(repository: Repository, gone: Collection[str], heads: Sequence[str]) -> None:
    """Take these objects off the disk: large contents, single objects, and those in packs, which are written anew.

    What the history of `heads` needs stays: the same bytes committed again are the same objects. Twice changes nothing
    more. A large content stays where another repository received it too.
    """
    gone = set(gone) - _reachable(open_git(repository), heads)
    for sha256 in _large(repository, gone):
        (location(repository) / RECEIVED / sha256).unlink(missing_ok=True)
        others = Path(settings.REPOSITORY_ROOT).glob(f"*/*.git/{RECEIVED}/{sha256}")
        if next(others, None) is None:
            large_file(sha256).unlink(missing_ok=True)
    objects = location(repository) / "objects"
    for oid in gone:
        (objects / oid[:2] / oid[2:]).unlink(missing_ok=True)
    for index in sorted((objects / "pack").glob("*.idx")):
        _repack(repository, objects / "pack", index, gone)


def _large(repository: Repository, oids: Collection[str]) -> set[str]:
    """The hashes of large contents to which those of `oids` point that are still there."""
    git = open_git(repository)
    points_to = reader_of_pointers(repository, git)
    found = set()
    for oid in oids:
        if oid in git.odb:
            kind, size = git.odb.read_header(oid)
            if kind == pygit2.enums.ObjectType.BLOB and (large := points_to(oid, size)):
                found.add(large[0])
    return found


def _walk(git: pygit2.Repository, heads: Sequence[str]) -> list[pygit2.Commit]:
    """Every commit reachable from `heads`, parents first."""
    walker = git.walk(None, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE)
    for head in heads:
        if commit_at(git, head) is not None:
            walker.push(head)
    return list(walker)


def _reachable(git: pygit2.Repository, heads: Sequence[str]) -> set[str]:
    """The ids of every commit, tree and content in the history of `heads`."""
    commits = _walk(git, heads)
    trees = _trees(git, {str(one.tree_id) for one in commits})
    return {str(one.id) for one in commits} | trees | {str(entry.id) for tree in trees for entry in git[tree]}


def _contents(commits: Sequence[pygit2.Commit], paths: Collection[str]) -> set[str]:
    found = {
        str(entry.id)
        for commit in commits
        for path in paths
        if isinstance(entry := entry_at(commit.tree, path), pygit2.Blob)
    }
    return found - {EMPTY_FILE}


class _Pen:
    """Writes trees and commits anew; knows which it wrote."""

    def __init__(self, box: Incoming, contents: set[str]) -> None:
        self._box, self._contents = box, contents
        self._trees: dict[str, str] = {}
        self._commits: dict[str, str] = {}

    def write(self, old: pygit2.Commit) -> str:
        """The id of the commit in the place of `old`; "" where that one can stay."""
        tree = self.tree(old.tree) or EMPTY
        parents = [self._commits.get(str(one), str(one)) for one in old.parent_ids]
        if tree == str(old.tree_id) and parents == [str(one) for one in old.parent_ids]:
            return ""
        if tree == EMPTY:
            self._box.made(self._box.git.TreeBuilder().write())
        new = self._box.made(self._box.git.create_commit(None, old.author, old.committer, old.message, tree, parents))
        self._commits[str(old.id)] = new
        return new

    def tree(self, old: pygit2.Tree) -> str:
        """The id of `old` without the contents; "" where nothing is left in it."""
        oid = str(old.id)
        if oid not in self._trees:
            self._trees[oid] = self._write_tree(old)
        return self._trees[oid]

    def _write_tree(self, old: pygit2.Tree) -> str:
        builder = self._box.git.TreeBuilder(old)
        for entry in old:
            if entry.filemode == FOLDER:
                below = self.tree(entry)
                if not below:
                    builder.remove(entry.name)
                elif below != str(entry.id):
                    builder.insert(entry.name, below, FOLDER)
            elif str(entry.id) in self._contents:
                builder.remove(entry.name)
        return self._box.made(builder.write()) if len(builder) else ""


def _trees(git: pygit2.Repository, oids: Iterable[str]) -> set[str]:
    """`oids` and every tree below them."""
    found: set[str] = set()
    pending = [oid for oid in oids if oid]
    while pending:
        oid = pending.pop()
        if oid not in found:
            found.add(oid)
            pending += [str(entry.id) for entry in git[oid] if entry.filemode == FOLDER]
    return found


def _repack(repository: Repository, folder: Path, index: Path, doomed: Collection[str]) -> None:
    """Write the pack of `index` anew without the `doomed`, then delete it; nothing where it has none of them."""
    oids = _packed(index.read_bytes())
    left = [oid for oid in oids if oid not in doomed]
    if len(left) == len(oids):
        return
    odb = open_git(repository).odb
    with draft_folder(Path(settings.REPOSITORY_ROOT)) as drafts:
        packs = Packs(drafts)
        for oid in left:
            kind, content = odb.read(oid)
            packs.add(pygit2.enums.ObjectType(kind), oid, content)
        for path in packs.close():
            path.rename(folder / path.name)
    sync(folder)
    for path in (index, index.with_suffix(".pack")):
        path.unlink(missing_ok=True)
    sync(folder)


def _packed(index: bytes) -> list[str]:
    """The ids that an index of version 2 lists (gitformat-pack)."""
    count = int.from_bytes(index[8 + 255 * 4 : 8 + 256 * 4])
    start = 8 + 256 * 4
    return [index[at : at + 20].hex() for at in range(start, start + 20 * count, 20)]
