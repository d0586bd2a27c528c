"""Reading files and folders, at the head of a repository or at an earlier commit."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import pygit2
from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories.git.changes import FOLDER
from repositories.git.large import large_file, reader_of_pointers
from repositories.git.opening import commit_at, entry_at, object_at, open_git
from repositories.models import Repository

FILES = (pygit2.enums.FileMode.BLOB, pygit2.enums.FileMode.BLOB_EXECUTABLE)


@dataclass(frozen=True)
class File:
    """A file: its real size in bytes, the id of the blob in the tree, for a large file the SHA-256 of its content."""

    path: str
    size: int
    oid: str
    sha256: str | None = None
    executable: bool = False


@dataclass(frozen=True)
class Entry(File):
    """A file or a folder; a folder's size is 0."""

    is_folder: bool = False


class Reader:
    """One repository open for reading; knows which blobs stand for large files."""

    def __init__(self, repository: Repository) -> None:
        self.git = open_git(repository)
        self._odb = self.git.odb
        self._points_to = reader_of_pointers(repository, self.git)

    def measure(self, oid: str) -> tuple[int, str | None]:
        """Size, and SHA-256 when it is large, of the content that a blob stands for."""
        size = self._odb.read_header(oid)[1]
        sha256, size = self._points_to(oid, size) or (None, size)
        return size, sha256

    def file(self, path: str, oid: str, mode: int = FILES[0]) -> File:
        size, sha256 = self.measure(oid)
        return File(path, size, oid, sha256, mode == FILES[1])

    def entries(self, tree: pygit2.Tree, above: str, *, deep: bool, sizes: bool) -> Iterator[Entry]:
        """What lies in `tree`, which itself lies in `above` ("" or with a slash at the end), in no order."""
        pending = [(above, tree)]
        while pending:
            prefix, current = pending.pop()
            for one in current:
                path, oid, mode = f"{prefix}{one.name}", str(one.id), one.filemode
                if mode == FOLDER:
                    yield Entry(path, 0, oid, is_folder=True)
                    if deep:
                        pending.append((f"{path}/", one))
                elif mode in FILES:
                    size, sha256 = self.measure(oid) if sizes else (0, None)
                    yield Entry(path, size, oid, sha256, mode == FILES[1])


def find_file(repository: Repository, path: str, oid: str = "") -> File | None:
    """The file `path` at commit `oid` (default: the head) without its content; None when it is not there."""
    if (found := _open(repository, oid)) is None:
        return None
    reader, top = found
    entry = entry_at(top, path)
    return reader.file(path, str(entry.id), entry.filemode) if entry is not None and entry.filemode in FILES else None


def find_content(repository: Repository, oid: str) -> File | None:
    """The file, without a path, that the blob `oid` stands for in this repository; None when there is no such blob."""
    reader = Reader(repository)
    found = object_at(reader.git, oid)
    return reader.file("", oid) if isinstance(found, pygit2.Blob) else None


def open_file(repository: Repository, file: File) -> BinaryIO:
    """The content of `file`: what lies on the disk for a large one, else a stream in memory. The caller closes it."""
    if file.sha256 is not None:
        return large_file(file.sha256).open("rb")
    return BytesIO(open_git(repository)[file.oid].data)


def read_file(repository: Repository, path: str, oid: str = "", *, limit: int | None = None) -> bytes | None:
    """Content of `path` at commit `oid` (default: the head), its first `limit` bytes; None when it is not there.

    Raises Refused for the whole of a large file: that is for `open_file`.
    """
    if (file := find_file(repository, path, oid)) is None:
        return None
    if limit is None and file.sha256 is not None:
        raise Refused(_("This file is too large to be shown. Download it."), code="too_large", status=413)
    with open_file(repository, file) as stream:
        return stream.read(-1 if limit is None else limit)


def list_files(repository: Repository, oid: str = "", *, sizes: bool = True) -> list[File]:
    """Every file at commit `oid` (default: the head), by path. Without `sizes` sizes are 0 and no hash is told."""
    entries = list_folder(repository, "", oid, deep=True, sizes=sizes) or []
    return [entry for entry in entries if not entry.is_folder]


def list_folder(
    repository: Repository, folder: str = "", oid: str = "", *, deep: bool = False, sizes: bool = True
) -> list[Entry] | None:
    """What lies in `folder` ("" is the top) at commit `oid` (default: the head), by path; with `deep` all below it too.

    None when there is no such folder. Without `sizes` sizes are 0 and no hash is told.
    """
    if (found := _open(repository, oid)) is None:
        return None
    reader, top = found
    tree = entry_at(top, folder)
    if not isinstance(tree, pygit2.Tree):
        return None
    entries = reader.entries(tree, f"{folder}/" if folder else "", deep=deep, sizes=sizes)
    return sorted(entries, key=lambda entry: entry.path)


def is_text(content: bytes) -> bool:
    """Whether this can be shown and compared as text: UTF-8 without NUL."""
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def _open(repository: Repository, oid: str) -> tuple[Reader, pygit2.Tree] | None:
    if not (oid := oid or repository.head):
        return None
    reader = Reader(repository)
    commit = commit_at(reader.git, oid)
    return (reader, commit.tree) if commit is not None else None
