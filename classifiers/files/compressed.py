"""Compressed streams, inflated within bounds: what a loader gets of them, bytes before a break too."""

import bz2
import lzma
import zlib
from io import BytesIO
from time import thread_time
from typing import IO, Any, NamedTuple

import lz4.frame
from backports import zstd

MAX_MEMORY = 64 * 2**20
# The longest window that `zstd` itself unpacks unasked: 128 MiB, as a power of two.
ZSTD_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 27}
SECONDS = 2.0
# zlib gives its errors, LZ4 none but this; the others are their own.
ERRORS = (zlib.error, lzma.LZMAError, zstd.ZstdError, RuntimeError, EOFError, MemoryError)


class Inflated(NamedTuple):
    """What a stream begins with; `cut` if that is not all of it, `broken` if it cannot be inflated further."""

    data: bytes
    cut: bool = False
    broken: bool = False


def inflate(data: bytes, how: str, limit: int, *, seconds: float = SECONDS) -> Inflated:
    """Up to `limit` bytes, at least 1, of all streams in `data` that follow each other, as loaders read them.

    `how` is `gzip` (zlib's own format too), `bz2`, `xz`, `zstd` or `lz4`; `seconds` are the processor's.
    """
    stream = Inflating(BytesIO(data), how, limit=limit + 1, seconds=seconds)
    found = bytearray()
    try:
        while len(found) <= limit and (some := stream.some(limit + 1 - len(found))):
            found += some
    except TooMuch:
        return Inflated(bytes(found[:limit]), cut=True)
    except OSError:
        return Inflated(bytes(found[:limit]), cut=True, broken=True)
    return Inflated(bytes(found[:limit]), cut=len(found) > limit or not stream.whole)


class TooMuch(Exception):  # noqa: N818 - reads as what happened
    """A stream holds more than is inflated, or takes longer."""


class Inflating:
    """A compressed stream as a file that can be read forwards only, within bounds that hold for all of it.

    Reading raises TooMuch beyond `limit` bytes or `seconds` of the processor, OSError for what is broken.
    """

    # What is taken in, and given out, at once: a break loses no more of what comes before it than a loader's buffer.
    CHUNK, STEP = 2**14, 2**12

    def __init__(self, stream: IO[bytes], how: str, *, limit: int, seconds: float) -> None:
        self._stream, self._how = stream, how
        self._left, self._until = limit, thread_time() + seconds
        self._inflate: Any = None  # between two streams there is none
        self._waiting = b""
        self._ended = False

    @property
    def whole(self) -> bool:
        """Whether it was read to its end, and that is where a stream may end."""
        return self._ended and self._inflate is None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer at the end only."""
        out = bytearray()
        while len(out) < size and (some := self.some(size - len(out))):
            out += some
        return bytes(out)

    def some(self, most: int) -> bytes:
        """Up to `most` bytes, none at the end."""
        while not self._ended:
            if thread_time() > self._until:
                raise TooMuch
            try:
                some = self._step(min(most, self.STEP))
            except ERRORS as error:
                raise OSError(str(error)) from error
            self._left -= len(some)
            if self._left < 0:
                raise TooMuch
            if some:
                return some
        return b""

    def _step(self, most: int) -> bytes:
        if self._inflate is None:
            self._begin()
            return b""
        if self._inflate.eof:
            # Another stream may follow, as loaders read it.
            self._waiting, self._inflate = self._inflate.unused_data, None
            return b""
        if self._how == "gzip":
            fed = self._inflate.unconsumed_tail or self._take()
            wants = True
        else:
            wants = self._inflate.needs_input
            fed = self._take() if wants else b""
        out = bytes(self._inflate.decompress(fed, most))
        self._ended = wants and not fed and not out and not self._inflate.eof
        return out

    def _take(self) -> bytes:
        fed, self._waiting = self._waiting or self._stream.read(self.CHUNK), b""
        return fed

    def _begin(self) -> None:
        """The next stream, behind the zeros that may lie between two."""
        fed = self._take()
        self._ended = not fed
        if fed := fed.lstrip(b"\0"):
            self._waiting, self._inflate = fed, self._fresh()

    def _fresh(self) -> Any:
        match self._how:
            case "gzip":
                return zlib.decompressobj(zlib.MAX_WBITS | 32)
            case "bz2":
                return bz2.BZ2Decompressor()
            case "zstd":
                return zstd.ZstdDecompressor(options=ZSTD_WINDOW)
            case "lz4":
                return lz4.frame.LZ4FrameDecompressor()
        return lzma.LZMADecompressor(memlimit=MAX_MEMORY)
