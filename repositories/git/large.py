"""Large files (architecture): the content is a file named by its SHA-256, the tree holds a git-LFS pointer.

Of all repositories together a content lies on the disk once. So its hash alone must open nothing: who knows the hash of
somebody else's private weights could upload the few bytes of a pointer to them. A pointer counts only in a repository
that itself received the whole content, and that is recorded as an empty file named by the hash in the folder RECEIVED
of the repository. Making an empty file either happened or did not, so the record has no half state; it needs no common
file system, no lock and no database row that could disagree with the disk after a crash. It is made before the content
is renamed into place, so that no content exists that is nobody's; a record whose content never came means nothing.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pygit2
from django.conf import settings

from repositories.git.durable import draft_folder, make_folder, sync
from repositories.git.opening import location
from repositories.models import Repository

# Bytes; what is larger is kept outside git.
LARGE = 10 * 1024 * 1024
RECEIVED = "ombud-large"
SHA256 = re.compile(r"[0-9a-f]{64}")
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize ([1-9][0-9]{0,17})\n"
)
_POINTER_SIZES = range(100, 200)


def pointer(sha256: str, size: int) -> bytes:
    """What the tree holds in place of a large content: a pointer as git-LFS writes it (its specification, v1)."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


def large_file(sha256: str) -> Path:
    """Where the large content lies, if we have it. Its hash must be 64 hex digits."""
    return Path(settings.LARGE_FILE_ROOT) / sha256[:2] / sha256[2:4] / sha256


def has_large(repository: Repository, sha256: str) -> bool:
    """Whether `repository` itself received this large content, and we have it."""
    return bool(SHA256.fullmatch(sha256)) and _record(repository, sha256).exists() and large_file(sha256).exists()


def keep_large(repository: Repository, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write a large content to stay, as received by `repository`; returns its SHA-256 and its size in bytes."""
    hashed, size = hashlib.sha256(), 0
    with draft_folder(Path(settings.LARGE_FILE_ROOT)) as drafts:
        draft = drafts / "content"
        with draft.open("wb") as file:
            for chunk in chunks:
                hashed.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        sha256 = hashed.hexdigest()
        record, target = _record(repository, sha256), large_file(sha256)
        make_folder(record.parent)
        record.touch()
        sync(record.parent)
        if not target.exists():
            draft.chmod(0o444)
            make_folder(target.parent)
            draft.rename(target)
        sync(target.parent)
    return sha256, size


def reader_of_pointers(repository: Repository, git: pygit2.Repository) -> Callable[[str, int], tuple[str, int] | None]:
    """A function that says for a blob (id, size) to which large content of `repository` it points: hash and size.

    None for whatever is no pointer, and for a pointer to what this repository never received.
    """
    if not (location(repository) / RECEIVED).is_dir():
        return lambda _oid, _size: None

    def read(oid: str, size: int) -> tuple[str, int] | None:
        found = _POINTER.fullmatch(git[oid].data) if size in _POINTER_SIZES else None
        if found is None:
            return None
        sha256, real = found[1].decode(), int(found[2])
        known = has_large(repository, sha256) and large_file(sha256).stat().st_size == real
        return (sha256, real) if known else None

    return read


def large_of(git: pygit2.Repository, oid: str) -> str:
    """The SHA-256 in the pointer that object `oid`, which is there, is, whether or not we have its content; or ""."""
    kind, size = git.odb.read_header(oid)
    if kind != pygit2.enums.ObjectType.BLOB or size not in _POINTER_SIZES:
        return ""
    found = _POINTER.fullmatch(git[oid].data)
    return found[1].decode() if found else ""


def _record(repository: Repository, sha256: str) -> Path:
    return location(repository) / RECEIVED / sha256
