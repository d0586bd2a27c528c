"""Pictures of strangers, made again: a small WebP of the first frame, without anything else the file carries.

What comes out was written by us, byte by byte, so it can be shown where the file itself never is (architecture, "User
files"); where a photo was taken is not in it any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from threading import BoundedSemaphore
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif"})
LARGEST_IMAGE = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
SIDE = 1_024
# Of the processor, for one picture: the slowest that we take need half of it.
SECONDS = 6
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
    """A WebP of at most SIDE pixels a side. Raises Refused (415) for what is no picture, or one of too many pixels.

    Decoded in a process that can do nothing else and ends soon: whatever a picture does to its decoder, pages go on.
    """
    from classifiers.images.decoder import decoder
    from classifiers.images.words import OK, TOO_LARGE, TOO_SLOW

    data = stream.read(LARGEST_IMAGE + 1)
    with _turn():
        verdict, webp = decoder().small(data, side=SIDE, formats=FORMATS, pixels=MOST_PIXELS, seconds=SECONDS)
    if verdict == TOO_LARGE:
        raise _none(_("We make no preview of pictures with more than 50 million pixels."))
    if verdict == TOO_SLOW:
        raise _none(_("We make no preview of this picture: it takes too long to read."))
    if verdict != OK:
        raise _none(_("We cannot make a preview of this file: it is damaged, or no picture."))
    return webp


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
