"""The members of tar files, compressed or not, bounded whatever their headers claim."""

import tarfile
from collections.abc import Iterator
from typing import Any

from classifiers.files.archives import HEAD, OPENING, STEP, Most, Part
from classifiers.files.budget import Budget
from classifiers.files.compressed import TooMuch
from classifiers.files.findings import BROKEN, TOO_LARGE, TOO_SLOW

# Of one read: names and attributes in headers are read at once, and nobody has longer ones.
MAX_HEADER = 2**20
# Of headers that count for all members behind them, which are applied to each: entries, and characters of them.
MAX_GLOBAL, MAX_GLOBAL_CHARACTERS = 100, 2**16
BROKEN_HEADERS = tuple(
    getattr(tarfile, name) for name in ("InvalidHeaderError", "TruncatedHeaderError", "SubsequentHeaderError")
)


def parts(stream: Any, budget: Budget, most: Most, *, forwards: bool = False) -> Iterator[Part]:
    """All members that are files, one by one; `forwards` for a stream that cannot be sought in.

    A tar that breaks off gives what came before, and says so.
    """
    try:
        bounded: Any = _Bounded(stream)
        archive = tarfile.open(fileobj=bounded, mode="r|" if forwards else "r:", bufsize=STEP // 2, tarinfo=_Member)  # noqa: SIM115 - has nothing of its own to close
        while member := archive.next():
            archive.members.clear()  # type: ignore[attr-defined]  # it would remember all of them
            budget.opcodes -= OPENING
            if budget.opcodes < 0 or budget.inflated < 0 or budget.seconds_left < 0:
                yield Part(reason=TOO_SLOW if budget.seconds_left < 0 else TOO_LARGE)
                return
            if member.isreg():
                yield _part(archive, member, budget, most)
    except TooMuch:
        yield Part(reason=TOO_LARGE)
    except Exception:  # noqa: BLE001 - hostile headers make it raise whatever comes
        yield Part(reason=BROKEN)


def _part(archive: tarfile.TarFile, member: tarfile.TarInfo, budget: Budget, most: Most) -> Part:
    file = archive.extractfile(member)
    assert file
    data = bytearray(file.read(HEAD))
    wanted = most(member.name, bytes(data))
    while len(data) < wanted and (more := file.read(min(STEP // 2, wanted - len(data)))):
        data += more
    budget.inflated -= len(data)
    return Part(member.name, bytes(data), cut=len(data) < member.size)


class _Member(tarfile.TarInfo):
    """A header; where `tarfile` takes a broken one for the end of the archive, it is an error. Too many that are to
    count for all members are TooMuch."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Any:
        shared = archive.pax_headers
        if len(shared) > MAX_GLOBAL or sum(map(len, shared.values())) > MAX_GLOBAL_CHARACTERS:
            raise TooMuch
        try:
            return super().fromtarfile(archive)
        except BROKEN_HEADERS as error:
            raise tarfile.ReadError(str(error)) from error


class _Bounded:
    """A file as `tarfile` wants it, which refuses to read a hostile header into memory."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        if hasattr(stream, "seek"):
            self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int) -> bytes:
        if not 0 <= size <= MAX_HEADER:
            raise tarfile.ReadError("A header is too large.")
        data: bytes = self._stream.read(size)
        return data
