"""Pictures of strangers, made again: a small WebP of the first frame, without anything else the file carries.

What comes out was written by us, byte by byte, so it can be shown where the file itself never is (architecture, "User
files"); where a photo was taken is not in it any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath
from threading import BoundedSemaphore
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from foundation.errors import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif"})
LARGEST_IMAGE = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
SIDE = 1_024
# Seconds to wait for another picture: one at a time, because each may take 200 MB of memory.
PATIENCE = 10

_one_at_a_time = BoundedSemaphore()


def has_preview(path: str, size: int) -> bool:
    """Whether a file of this name and size is shown as a picture, if it turns out to be one."""
    return PurePosixPath(path.lower()).suffix in ENDINGS and size <= LARGEST_IMAGE


def require_preview(path: str, size: int) -> None:
    """Raise Refused (415) unless `has_preview`."""
    if not has_preview(path, size):
        raise _none(_("We make previews of PNG, JPEG, WebP and GIF files of at most 20 MB only."))


def make_preview(stream: BinaryIO) -> bytes:
    """A WebP of at most SIDE pixels a side. Raises Refused (415) for what is no picture, or one of too many pixels."""
    with _turn():
        try:
            return _smaller(stream)
        except Refused:
            raise
        except Exception as error:
            raise _none(_("We cannot make a preview of this file: it is damaged, or no picture.")) from error


def _smaller(stream: BinaryIO) -> bytes:
    with Image.open(stream, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise _none(_("We make no preview of pictures with more than 50 million pixels."))
        image.seek(0)
        plain = image.mode if image.mode in ("RGB", "RGBA") else "RGBA" if image.has_transparency_data else "RGB"
        # Only JPEG can be decoded smaller than it is.
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        small = image if image.mode == plain else image.convert(plain)
        small.thumbnail((SIDE, SIDE))
        made = BytesIO()
        ImageOps.exif_transpose(small).save(made, "WEBP", quality=82, exif=b"", xmp=b"", icc_profile=b"")
        return made.getvalue()


def _none(message: Any) -> Refused:
    return Refused(message, code="no_preview", status=415)


@contextmanager
def _turn() -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refused(_("We are making other previews just now. Please try again."), code="busy", status=503)
    try:
        yield
    finally:
        _one_at_a_time.release()
