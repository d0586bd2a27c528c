"""The beginning of a compressed stream, inflated within a bound."""

import bz2
import lzma
import zlib

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
