"""Many objects as one file: a packfile and its index, version 2, without deltas (see gitformat-pack).

One file instead of thousands needs one fsync instead of thousands. libgit2's own builder has to have every object as a
file first, and then looks for deltas: for 2,000 files with 100 kB of weights each that took 39 s.
"""

import hashlib
import zlib
from itertools import accumulate
from pathlib import Path

import pygit2

from repositories.git.durable import sync

# Objects of one pack: offsets in an index have 31 bits, and what is packed here is small.
MOST_OBJECTS = 10_000


class Packs:
    """As many packs as it takes, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._growing: _Pack | None = None
        self._known: set[str] = set()
        self._done: list[Path] = []

    def __contains__(self, oid: str) -> bool:
        return oid in self._known

    def __len__(self) -> int:
        return len(self._known)

    def add(self, kind: pygit2.enums.ObjectType, oid: str, content: bytes) -> None:
        if len(self._known) % MOST_OBJECTS == 0:
            self._finish()
        self._growing = self._growing or _Pack(self._folder)
        self._growing.add(kind, oid, content)
        self._known.add(oid)

    def close(self) -> list[Path]:
        """Finish what grew since the last time; returns packs and indexes, on the disk, in the order to publish."""
        self._finish()
        done, self._done = self._done, []
        return done

    def _finish(self) -> None:
        if self._growing is not None:
            self._done += self._growing.close()
            self._growing = None


class _Pack:
    def __init__(self, folder: Path) -> None:
        self._draft = folder / "growing.pack"
        self._file = self._draft.open("w+b")
        self._file.write(_start(0))
        self._entries: list[tuple[bytes, int, int]] = []

    def add(self, kind: pygit2.enums.ObjectType, oid: str, content: bytes) -> None:
        entry = _head(int(kind), len(content)) + zlib.compress(content, 1)
        self._entries.append((bytes.fromhex(oid), zlib.crc32(entry), self._file.tell()))
        self._file.write(entry)

    def close(self) -> tuple[Path, Path]:
        """Pack and index, on the disk. A pack whose index is not there yet is not looked at."""
        with self._file as file:
            file.seek(0)
            file.write(_start(len(self._entries)))
            file.seek(0)
            name = hashlib.file_digest(file, _sha1).digest()
            file.write(name)
        pack = self._draft.with_name(f"pack-{name.hex()}.pack")
        index = pack.with_suffix(".idx")
        self._draft.rename(pack)
        index.write_bytes(_index(sorted(self._entries), name))
        for path in (pack, index):
            path.chmod(0o444)
            sync(path)
        return pack, index


def _sha1(content: bytes = b"") -> "hashlib._Hash":
    return hashlib.sha1(content, usedforsecurity=False)


def _start(number: int) -> bytes:
    return b"PACK" + (2).to_bytes(4) + number.to_bytes(4)


def _head(kind: int, size: int) -> bytes:
    """Kind and size of an object: four bits of the size, then seven in each byte, the lowest first."""
    head, size = [kind << 4 | size & 15], size >> 4
    while size:
        head[-1] |= 128
        head.append(size & 127)
        size >>= 7
    return bytes(head)


def _index(entries: list[tuple[bytes, int, int]], name: bytes) -> bytes:
    """The index of `entries` (id, CRC-32, offset), sorted: how many begin with each byte or less, then each column."""
    starting = [0] * 256
    for oid, _crc, _offset in entries:
        starting[oid[0]] += 1
    table = b"\xfftOc" + (2).to_bytes(4)
    table += b"".join(number.to_bytes(4) for number in accumulate(starting))
    table += b"".join(oid for oid, _crc, _offset in entries)
    table += b"".join(crc.to_bytes(4) for _oid, crc, _offset in entries)
    table += b"".join(offset.to_bytes(4) for _oid, _crc, offset in entries) + name
    return table + _sha1(table).digest()
