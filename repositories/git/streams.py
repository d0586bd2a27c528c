"""Reading what comes in piece by piece, and no more than is allowed."""

from collections.abc import Iterator
from typing import Protocol

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

CHUNK = 1024 * 1024


class Readable(Protocol):
    """What content comes from: a file, an upload, the body of a request."""

    def read(self, size: int, /) -> bytes: ...


def chunks(stream: Readable, *, at_most: int) -> Iterator[bytes]:
    """What `stream` has, up to `at_most` bytes."""
    while at_most and (chunk := stream.read(min(CHUNK, at_most))):
        at_most -= len(chunk)
        yield chunk


def rest(start: bytes, stream: Readable, limit: int) -> Iterator[bytes]:
    """`start`, then what is left of `stream`. Raises ValidationError as soon as it is more than `limit` bytes."""
    yield start
    size = len(start)
    for chunk in chunks(stream, at_most=limit + 1 - size):
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        yield chunk


def too_large(limit: int) -> ValidationError:
    message = _("This file is too large: one file has at most %(limit)s. Split it into parts.")
    return ValidationError(message, code="too_large", params={"limit": filesizeformat(limit)})
