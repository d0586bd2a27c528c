"""What differs between two trees, file by file."""

from dataclasses import dataclass

import pygit2

# Every git knows this one, whether or not it is stored.
EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclass(frozen=True)
class Side:
    """A file as one of two trees has it."""

    oid: str
    mode: int

    @property
    def executable(self) -> bool:
        return bool(self.mode == pygit2.enums.FileMode.BLOB_EXECUTABLE)


def tree_of(git: pygit2.Repository, oid: str) -> pygit2.Tree:
    """The tree of commit `oid`, the empty one for "". Raises KeyError when there is no such commit."""
    return git[oid].peel(pygit2.Tree) if oid else git[EMPTY]


def changed_files(old: pygit2.Tree, new: pygit2.Tree) -> dict[str, tuple[Side | None, Side | None]]:
    """Every path at which the trees differ, with what each has there; None for nothing."""
    return {
        delta.new_file.path: (_side(delta.old_file), _side(delta.new_file)) for delta in old.diff_to_tree(new).deltas
    }


def _side(file: pygit2.DiffFile) -> Side | None:
    return Side(str(file.id), int(file.mode)) if file.mode else None
