"""Bringing new objects into a repository: first into a folder of their own, at the end to where they stay.

Until then nothing of them is in the repository, so a crash leaves a folder for the sweep. Objects are moved in the
order in which they were made, each after what it refers to: never does one refer to something that is not there.
"""

import errno
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pygit2
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories.git.durable import draft_folder, make_folder, sync
from repositories.git.large import LARGE, has_large, keep_large, large_file, pointer
from repositories.git.opening import location, open_to_write
from repositories.git.pack import Packs
from repositories.git.streams import Readable, chunks, rest, too_large
from repositories.models import Repository

BLOB = pygit2.enums.ObjectType.BLOB
# From so many objects on they become packs: an fsync for each costs a millisecond here and ten on a slow disk. Fewer
# stay single files, so that a long history of small commits does not become thousands of packs.
PACK_FROM = 100
# Bytes; a larger content is a file of its own at once, where writing costs more than the fsync.
PACKED = 64 * 1024


@dataclass(frozen=True)
class Stored:
    """A content that we keep: the id of the blob in the tree, its real size, and for a large one its SHA-256."""

    oid: str
    size: int
    sha256: str | None = None


class Incoming:
    """Where new objects are made: contents with `add`, trees and commits by writing to `git`, told with `made`."""

    def __init__(self, repository: Repository, drafts: Path) -> None:
        self.repository = repository
        self._objects = drafts / "objects"
        self._objects.mkdir()
        self.git = open_to_write(repository)
        # A backend of high priority takes what is written; no fsync, since all are brought to the disk at the end.
        self.git.odb.add_backend(pygit2.OdbBackendLoose(str(self._objects), 1, False), 100)
        self._made: list[str] = []
        self._small: dict[str, bytes] = {}
        self._packs = Packs(drafts)

    def add(self, stream: Readable, *, limit: int | None = None) -> Stored:
        """Read `stream` to its end and keep it, with flat memory; above LARGE outside git.

        Raises ValidationError when it has more than `limit` bytes (default: the setting LARGEST_FILE).
        """
        limit = settings.LARGEST_FILE if limit is None else limit
        start = b"".join(chunks(stream, at_most=min(limit, LARGE) + 1))
        if len(start) > limit:
            raise too_large(limit)
        if len(start) <= LARGE:
            return self.add_bytes(start)
        sha256, size = keep_large(self.repository, rest(start, stream, limit))
        return Stored(self.add_bytes(pointer(sha256, size)).oid, size, sha256)

    def add_bytes(self, content: bytes) -> Stored:
        """Keep a content of at most LARGE bytes."""
        oid = str(pygit2.hash(content))
        if oid not in self._small and oid not in self._packs and oid not in self.git.odb:
            self._add_new(oid, content)
        return Stored(oid, len(content))

    def made(self, oid: pygit2.Oid) -> str:
        """Remember an object that was written to `git`, after those it refers to; returns its id."""
        self._made.append(str(oid))
        return self._made[-1]

    def keep(self) -> None:
        """Bring what is new to the disk and into the repository."""
        if self._packs:
            self._pack_small()
        for oid, content in self._small.items():
            self._write_blob(oid, content)
        made = {oid: self._kind(oid) for oid in dict.fromkeys(self._made) if self._draft(oid).exists()}
        others = [oid for oid, kind in made.items() if kind != BLOB]
        self._publish_packs()
        self._move([oid for oid, kind in made.items() if kind == BLOB])
        if len(others) < PACK_FROM:
            self._move(others)
            return
        for oid in others:
            self._packs.add(made[oid], oid, self.git[oid].read_raw())
        self._publish_packs()

    def _add_new(self, oid: str, content: bytes) -> None:
        if len(content) > PACKED:
            self._write_blob(oid, content)
            return
        self._small[oid] = content
        if len(self._small) == PACK_FROM:
            self._pack_small()

    def _write_blob(self, oid: str, content: bytes) -> None:
        """As git keeps a single object. libgit2 would not say when the disk is full."""
        path = self._draft(oid)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(b"blob %d\x00" % len(content) + content, 1))
        path.chmod(0o444)
        self._made.append(oid)

    def _pack_small(self) -> None:
        for oid, content in self._small.items():
            self._packs.add(BLOB, oid, content)
        self._small.clear()

    def _publish_packs(self) -> None:
        if not (paths := self._packs.close()):
            return
        home = location(self.repository) / "objects" / "pack"
        for path in paths:
            path.rename(home / path.name)
        sync(home)

    def _move(self, oids: list[str]) -> None:
        home = location(self.repository) / "objects"
        folders = {home / oid[:2] for oid in oids}
        for folder in folders:
            make_folder(folder)
        for oid in oids:
            sync(self._draft(oid))
            self._draft(oid).rename(home / oid[:2] / oid[2:])
        for folder in folders:
            sync(folder)

    def _draft(self, oid: str) -> Path:
        return self._objects / oid[:2] / oid[2:]

    def _kind(self, oid: str) -> pygit2.enums.ObjectType:
        return self.git.odb.read_header(oid)[0]


@contextmanager
def incoming(repository: Repository) -> Iterator[Incoming]:
    """What is added inside is safely in `repository` afterwards, or none of it after an error.

    Call it before the database holds any lock: streams are as slow as whoever sends them. Raises Refused when the disk
    is full.
    """
    try:
        with draft_folder(Path(settings.REPOSITORY_ROOT)) as drafts:
            box = Incoming(repository, drafts)
            yield box
            box.keep()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        message = _("There is no room left for files. Tell the people who run this site, then send them again.")
        raise Refused(message, code="no_room", status=507) from error


def store_content(repository: Repository, stream: Readable, *, limit: int | None = None) -> Stored:
    """Keep the content of `stream`; see `Incoming.add`. For many files one `incoming` is much faster."""
    with incoming(repository) as box:
        return box.add(stream, limit=limit)


def store_bytes(repository: Repository, content: bytes) -> Stored:
    """Keep `content`; above LARGE outside git."""
    return store_content(repository, BytesIO(content))


def find_large(repository: Repository, sha256: str) -> Stored | None:
    """A large content that `repository` received earlier, so that nobody need send it again; None when it did not."""
    if not has_large(repository, sha256):
        return None
    size = large_file(sha256).stat().st_size
    return Stored(store_bytes(repository, pointer(sha256, size)).oid, size, sha256)
