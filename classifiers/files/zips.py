"""The members of zip files, bounded whatever their table of contents claims."""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from classifiers.files.archives import HEAD, OPENING, STEP, Most, Part
from classifiers.files.budget import Budget
from classifiers.files.findings import ARCHIVE, BROKEN, TOO_LARGE, TOO_SLOW

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
        for member in archive.infolist():
            budget.opcodes -= OPENING
            if budget.opcodes < 0 or budget.inflated < 0 or budget.seconds_left < 0:
                yield Part(reason=TOO_SLOW if budget.seconds_left < 0 else TOO_LARGE)
                return
            yield _part(archive, member, budget, most)


def _part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget, most: Most) -> Part:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Neither PyTorch nor NumPy writes others, and Python inflates those without a bound.
        return Part(reason=ARCHIVE)
    data = bytearray()
    try:
        with archive.open(member) as file:
            data += file.read(HEAD)
            wanted = most(member.filename, bytes(data))
            while len(data) < wanted and (more := file.read(min(STEP, wanted - len(data)))):
                data += more
            return Part(member.filename, bytes(data), cut=bool(file.read(1)))
    except Exception:  # noqa: BLE001 - see above
        return Part(member.filename, bytes(data), cut=True, reason=BROKEN)
    finally:
        budget.inflated -= len(data)


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
