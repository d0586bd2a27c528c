"""The beginning of a compressed stream, inflated within a bound."""

import bz2
import lzma
import zlib
from time import thread_time
from typing import Any, BinaryIO

MAX_MEMORY = 64 * 2**20


def inflate(data: bytes, how: str, limit: int) -> tuple[bytes, bool]:
    """Up to `limit` bytes, at least 1, and whether that is not all. What is broken inflates to nothing, not all.

    `how` is `gzip` (zlib's own format too), `bz2` or `xz`.
    """
    try:
        if how == "gzip":
            gzip = zlib.decompressobj(zlib.MAX_WBITS | 32)
            return gzip.decompress(data, limit), not gzip.eof or bool(gzip.unused_data)
        other = bz2.BZ2Decompressor() if how == "bz2" else lzma.LZMADecompressor(memlimit=MAX_MEMORY)
        return other.decompress(data, limit), not other.eof or bool(other.unused_data)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, MemoryError):
        return b"", True


class TooMuch(Exception):  # noqa: N818 - reads as what happened
    """A stream holds more than is inflated, or takes longer."""


class Inflating:
    """A compressed stream as a file that can be read forwards only, within bounds that hold for all of it.

    Reading raises TooMuch beyond `limit` bytes or `seconds` of the processor, OSError for what is broken.
    """

    CHUNK = 2**18

    def __init__(self, stream: BinaryIO, how: str, *, limit: int, seconds: float) -> None:
        self._stream, self._how = stream, how
        self._left, self._until = limit, thread_time() + seconds
        self._inflate = self._fresh()
        self._waiting = b""
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer at the end only."""
        out = bytearray()
        while len(out) < size and (some := self._some(size - len(out))):
            out += some
        return bytes(out)

    def _some(self, most: int) -> bytes:
        while not self._ended:
            if thread_time() > self._until:
                raise TooMuch
            some = self._step(most)
            self._left -= len(some)
            if self._left < 0:
                raise TooMuch
            if some:
                return some
        return b""

    def _step(self, most: int) -> bytes:
        try:
            if self._inflate.eof:
                # Another stream may follow, as loaders read it.
                self._waiting = self._inflate.unused_data or self._stream.read(self.CHUNK)
                self._ended = not self._waiting.strip(b"\0")
                self._inflate = self._fresh()
                return b""
            if self._how == "gzip":
                fed = self._inflate.unconsumed_tail or self._waiting or self._stream.read(self.CHUNK)
                self._waiting = b""
                self._ended = not fed
                return bytes(self._inflate.decompress(fed, most))
            if self._inflate.needs_input and not self._waiting:
                self._waiting = self._stream.read(self.CHUNK)
                self._ended = not self._waiting
            fed, self._waiting = self._waiting, b""
            return bytes(self._inflate.decompress(fed, most))
        except (zlib.error, lzma.LZMAError, EOFError, MemoryError) as error:
            raise OSError(str(error)) from error

    def _fresh(self) -> Any:
        if self._how == "gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 32)
        return bz2.BZ2Decompressor() if self._how == "bz2" else lzma.LZMADecompressor(memlimit=MAX_MEMORY)
