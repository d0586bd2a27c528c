"""The members of zip files, bounded whatever their table of contents claims."""

import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from classifiers.files import deflate64
from classifiers.files.archives import HEAD, OPENING, STEP, Most, Part
from classifiers.files.budget import Budget
from classifiers.files.compressed import TooMuch
from classifiers.files.findings import ARCHIVE, BROKEN, TOO_LARGE, TOO_SLOW
from classifiers.files.zip_methods import DEFLATE64, ENCRYPTED, METHODS, PLAIN, as_it_lies, inflating

MAX_DIRECTORY = 8 * 2**20


def parts(stream: BinaryIO, budget: Budget, most: Most) -> Iterator[Part]:
    """All members, one by one, so that a broken one hides no other.

    `most` says from the name and the first bytes how many bytes of a member are wanted. Opened as leniently as
    PyTorch does it, which ignores names, checksums and passwords that do not fit.
    """
    from picklescan.relaxed_zipfile import RelaxedZipFile

    try:
        archive = RelaxedZipFile(_Bounded(stream))
    except Exception:  # noqa: BLE001 - hostile tables of contents make it raise whatever comes
        yield Part(reason=BROKEN)
        return
    with archive:
        in_child = []
        for member in archive.infolist():
            budget.opcodes -= OPENING
            if budget.opcodes < 0 or budget.inflated < 0 or budget.seconds_left < 0:
                yield Part(reason=TOO_SLOW if budget.seconds_left < 0 else TOO_LARGE)
                return
            if member.flag_bits & ENCRYPTED:
                # Read nevertheless: PyTorch takes it as it lies.
                yield Part(reason=ARCHIVE)
            if member.compress_type == DEFLATE64:
                in_child.append(member)
            else:
                yield _part(archive, member, budget, most)
        if in_child:
            yield from deflate64.parts(archive, in_child, budget)


def _part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget, most: Most) -> Part:
    plain = member.compress_type in PLAIN
    if not plain and member.compress_type not in METHODS:
        return Part(reason=ARCHIVE)
    data = bytearray()
    try:
        with archive.open(member if plain else as_it_lies(member)) as file:
            bounds: Any = {"limit": max(budget.inflated, 0) + HEAD, "seconds": max(budget.seconds_left, 0)}
            some = file.read if plain else inflating(file, member, **bounds)
            _read(some, data, HEAD)
            _read(some, data, most(member.filename, bytes(data)))
            return Part(member.filename, bytes(data), cut=bool(some(1)))
    except TooMuch:
        return Part(member.filename, bytes(data), cut=True, reason=TOO_LARGE)
    except Exception:  # noqa: BLE001 - see above
        return Part(member.filename, bytes(data), cut=True, reason=BROKEN)
    finally:
        budget.inflated -= len(data)


def _read(some: Callable[[int], bytes], data: bytearray, wanted: int) -> None:
    """Until there are so many bytes of `data`, or no more."""
    while len(data) < wanted and (more := some(min(STEP, wanted - len(data)))):
        data += more


class _Bounded:
    """A file as `zipfile` wants it, which refuses to read a hostile table of contents into memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY:
            raise zipfile.BadZipFile("The table of contents is too large.")
        return self._stream.read(MAX_DIRECTORY if size < 0 else size)
