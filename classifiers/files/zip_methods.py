"""What the members of a zip are compressed with, beside what `zipfile` itself inflates within bounds."""

import lzma
import zipfile
from collections.abc import Callable
from copy import copy
from typing import IO, Any

from classifiers.files.compressed import MAX_MEMORY, Inflating

# By their numbers in zips. NumPy and Keras load what `zipfile` does (bzip2, LZMA); people unpack the others first.
PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
DEFLATE64 = 9
LZMA = "lzma"
METHODS = {12: "bz2", 14: LZMA, 20: "zstd", 93: "zstd", 95: "xz"}
ENCRYPTED = 1


def as_it_lies(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The same member as if what is compressed were its content."""
    raw = copy(member)
    raw.compress_type, raw.file_size = zipfile.ZIP_STORED, member.compress_size
    return raw


def inflating(raw: IO[bytes], member: zipfile.ZipInfo, *, limit: int, seconds: float) -> Callable[[int], bytes]:
    """A function that gives up to so many bytes of a member by one of METHODS, and none at its end.

    Bounded as `Inflating` is, and raises what that raises; OSError too where the member breaks off.
    """
    how = METHODS[member.compress_type]
    stream = (
        _OneOfLzma(raw, member.file_size, limit=limit, seconds=seconds)
        if how == LZMA
        else Inflating(raw, how, limit=limit, seconds=seconds)
    )

    def some(most: int) -> bytes:
        data = stream.some(most)
        if not data and not stream.whole:
            raise OSError("It breaks off.")
        return data

    return some


class _OneOfLzma(Inflating):
    """One stream of LZMA as it lies in zips: nothing follows it."""

    def __init__(self, stream: IO[bytes], size: int, *, limit: int, seconds: float) -> None:
        super().__init__(stream, LZMA, limit=limit, seconds=seconds)
        self._inflate = _Lzma(size)

    def _begin(self) -> None:
        self._ended = True


class _Lzma:
    """A decompressor of it: its settings come first, and it may end without saying so, at the size it should have."""

    HEADER, PROPERTIES = 4, 5

    def __init__(self, size: int) -> None:
        self._left, self._head = size, b""
        self._inner: Any = None
        self.eof, self.unused_data = False, b""

    @property
    def needs_input(self) -> bool:
        return self._inner is None or bool(self._inner.needs_input)

    def decompress(self, data: bytes, most: int) -> bytes:
        """As those of the standard library. Raises LZMAError."""
        given = data
        if self._inner is None:
            self._head += data
            if data and len(self._head) < self.HEADER + self.PROPERTIES:
                return b""
            self._inner, data = _begun(self._head), self._head[self.HEADER + self.PROPERTIES :]
        out: bytes = self._inner.decompress(data, most)
        self._left -= len(out)
        self.eof = self._inner.eof or (not given and not out and self._left <= 0)
        return out


def _begun(head: bytes) -> Any:
    """A decoder with the settings that a member begins with. Raises LZMAError."""
    properties = head[_Lzma.HEADER : _Lzma.HEADER + _Lzma.PROPERTIES]
    if int.from_bytes(head[2:4], "little") != _Lzma.PROPERTIES or len(properties) < _Lzma.PROPERTIES:
        raise lzma.LZMAError("There are no settings.")
    rest, literal_context = divmod(properties[0], 9)
    position, literal_position = divmod(rest, 5)
    # No more of a dictionary is ever needed than what is inflated, which is less than this.
    size = min(max(int.from_bytes(properties[1:], "little"), 4_096), MAX_MEMORY)
    bits = {"lc": literal_context, "lp": literal_position, "pb": position}
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": size, **bits}])
    except ValueError as error:
        raise lzma.LZMAError(str(error)) from error
