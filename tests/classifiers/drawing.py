"""Images for tests: drawn, encoded, and made hostile."""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def picture(width: int = 96, height: int = 64, seed: int = 1) -> Image.Image:
    """Soft random spots, which survive what formats and sizes do to them."""
    spots = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(spots).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that claims so many pixels, and inflates to 16 MB of zeros at least."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(2**20)) for _ in range(16)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def endless_jpeg(side: int = 4_000, scans: int = 4_000) -> bytes:
    """A small file that takes a decoder a minute: a progressive JPEG that improves its empty self again and again."""
    file = io.BytesIO()
    Image.new("L", (side, side), 99).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    # One component, its mean values only, one bit more of them; and no bits.
    scan = b"\xff\xda" + struct.pack(">H", 8) + bytes([1, 1, 0, 0, 0, 0x10]) + b"\0"
    return data[:-2] + scan * scans + data[-2:]
