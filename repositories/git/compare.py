"""What differs between two commits, bounded so that nobody's files can make a page slow or endless."""

from dataclasses import dataclass, field, replace
from typing import Literal

import pygit2

from foundation.words import Words
from repositories.git.files import File, Reader, is_text
from repositories.git.hunks import Hunk, mark_words, read_hunks
from repositories.git.trees import tree_of
from repositories.models import Repository

# Bytes of one file, and of all in a comparison; what is more is compared by size and hash only. Text made to be hard
# takes 0.6 s for a file, so 3 s for all.
LONGEST_COMPARED, MOST_COMPARED = 250_000, 2_000_000
# Moved files are looked for among so many pairs; by content that changed too, among fewer, and so many bytes.
EQUAL_PAIRS, SIMILAR_PAIRS, SIMILAR_BYTES = 1_000_000, 2_500, 5_000_000

Status = Literal["added", "deleted", "modified", "renamed"]
_STATUS: dict[str, Status] = {"A": "added", "D": "deleted", "R": "renamed"}


@dataclass(frozen=True)
class FileDiff:
    """What happened to one file. `old` and `new` are the file before and after, None where there is none.

    Hunks are empty for what is no text, for what is too long to be compared (`cut`), and for a mere move.
    """

    path: str
    old_path: str
    status: Status
    old: File | None
    new: File | None
    additions: int = 0
    deletions: int = 0
    binary: bool = False
    cut: bool = False
    hunks: list[Hunk] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """Files by path; `left_out` is how many more differ."""

    files: list[FileDiff]
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many files differ, those left out too."""
        return len(self.files) + self.left_out

    @property
    def additions(self) -> int:
        return sum(file.additions for file in self.files)

    @property
    def deletions(self) -> int:
        return sum(file.deletions for file in self.files)


def diff(
    repository: Repository, old: str, new: str, *, path: str = "", most_files: int = 300, most_lines: int = 5_000
) -> Comparison:
    """What commit `new` has differently from commit `old` ("": no files); lines of at most `most_lines`.

    With a `path` only in the file that is there now.
    """
    reader = Reader(repository)
    found = tree_of(reader.git, old).diff_to_tree(tree_of(reader.git, new))
    _find_moved(reader, found)
    deltas = [one for one in found.deltas if path in ("", one.new_file.path)]
    pen = _Pen(reader, most_lines)
    return Comparison([pen.describe(delta) for delta in deltas[:most_files]], max(0, len(deltas) - most_files))


def _find_moved(reader: Reader, found: pygit2.Diff) -> None:
    sides = {status: [one for one in found.deltas if one.status_char() == status] for status in "AD"}
    pairs = len(sides["A"]) * len(sides["D"])
    if pairs <= SIMILAR_PAIRS:
        oids = [one.new_file.id for one in sides["A"]] + [one.old_file.id for one in sides["D"]]
        if sum(reader.measure(str(oid))[0] for oid in oids) <= SIMILAR_BYTES:
            found.find_similar(pygit2.enums.DiffFind.FIND_RENAMES)
            return
    if pairs <= EQUAL_PAIRS:
        found.find_similar(pygit2.enums.DiffFind.FIND_RENAMES | pygit2.enums.DiffFind.FIND_EXACT_MATCH_ONLY)


class _Pen:
    """Describes file after file until the room for lines and bytes is used up."""

    def __init__(self, reader: Reader, most_lines: int) -> None:
        self.reader, self.lines, self.bytes, self.words = reader, most_lines, MOST_COMPARED, Words()

    def describe(self, delta: pygit2.DiffDelta) -> FileDiff:
        status = _STATUS.get(delta.status_char(), "modified")
        old = self._file(delta.old_file) if status != "added" else None
        new = self._file(delta.new_file) if status != "deleted" else None
        found = FileDiff(delta.new_file.path, delta.old_file.path, status, old, new)
        sides = [one for one in (old, new) if one is not None]
        if any(one.sha256 for one in sides):
            return replace(found, binary=True)
        if old is not None and new is not None and old.oid == new.oid:
            return found
        size = sum(one.size for one in sides)
        if max(one.size for one in sides) > LONGEST_COMPARED or size > self.bytes:
            return replace(found, cut=True)
        self.bytes -= size
        contents = [self.reader.git[one.oid].data if one is not None else b"" for one in (old, new)]
        return self._compare(found, *contents)

    def _compare(self, found: FileDiff, old: bytes, new: bytes) -> FileDiff:
        if not is_text(old) or not is_text(new):
            return replace(found, binary=True)
        patch = pygit2.Patch.create_from(old, new)
        context, additions, deletions = patch.line_stats
        hunks = [mark_words(hunk, self.words) for hunk in read_hunks(patch.data.decode(), self.lines)]
        shown = sum(len(hunk.lines) for hunk in hunks)
        self.lines -= shown
        cut = shown < context + additions + deletions
        return replace(found, additions=additions, deletions=deletions, cut=cut, hunks=hunks)

    def _file(self, side: pygit2.DiffFile) -> File:
        return self.reader.file(side.path, str(side.id), side.mode)
