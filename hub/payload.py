"""The body of a commit: one JSON object on each line, files in base64 inside it. However large, memory stays flat.

A short line is read as JSON. A long one can only be a file: its line goes to the disk, and the content is decoded from
there piece by piece; what is left of the line without it is short again.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, UnreadablePostError

from hub.errors import HubError
from repositories import git
from repositories.git import Change, Delete, DeleteFolder, Incoming, Put, Readable

CHUNK = 1024 * 1024
# Bytes of a line up to which it is read at once, and where everything but the content of a long one must be.
SHORT, EDGE = 1024 * 1024, 64 * 1024
_CONTENT = re.compile(rb'"content"\s*:\s*"')


@dataclass(frozen=True)
class Sent:
    """A commit as it was sent; `parent` is the commit that the sender saw."""

    summary: str
    description: str
    parent: str | None
    changes: list[Change]

    @property
    def message(self) -> str:
        return f"{self.summary}\n\n{self.description}".strip()


def read(request: HttpRequest, box: Incoming) -> Sent:
    """Read the body to its end and keep the contents in `box`. Raises HubError (400, 413), ValidationError."""
    header: dict[str, Any] | None = None
    changes: list[Change] = []
    for line in _lines(_body(request)):
        key, value, content = _object(line)
        if key == "header":
            header = value
        elif key:
            changes.append(_change(key, value, content, box))
        if len(changes) > git.MOST_FILES:
            raise HubError(413, f"One commit changes at most {git.MOST_FILES} files: send them in several")
    if header is None or not (summary := _text(header, "summary").strip()):
        raise HubError(400, "The header with the summary of this commit is missing")
    return Sent(summary, _text(header, "description", "").strip(), _text(header, "parentCommit", "") or None, changes)


def _body(request: HttpRequest) -> Readable:
    """Where to read from: Django reads as much as Content-Length says, and of chunks nothing."""
    if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
        chunked: Readable = request.META["wsgi.input"]
        return chunked
    return request


def _lines(body: Readable) -> Iterator[IO[bytes]]:
    """Each line, from its start to its end, as a file."""
    longest = settings.LARGEST_FILE // 3 * 4 + 2 * EDGE
    line = _new_line()
    while chunk := _read(body):
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            line.write(part)
            yield line
            line.close()
            line = _new_line()
        line.write(rest)
        if line.tell() > longest:
            raise HubError(413, f"One file has at most {settings.LARGEST_FILE} bytes")
    yield line
    line.close()


def _new_line() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=SHORT, dir=settings.REPOSITORY_ROOT)


def _read(body: Readable) -> bytes:
    try:
        return body.read(CHUNK)
    except UnreadablePostError:
        raise HubError(400, "The connection ended before the commit did") from None


def _object(line: IO[bytes]) -> tuple[str, dict[str, Any], Readable | None]:
    """Key and value of a line, "" for an empty one; of a long one the content apart."""
    size, content = line.tell(), None
    line.seek(0)
    text = line.read(SHORT if size <= SHORT else EDGE)
    if size > SHORT:
        opening = _CONTENT.search(text)
        line.seek(size - EDGE)
        tail = line.read(EDGE)
        closing = tail.find(b'"')
        if opening is None or closing < 0:
            raise HubError(400, "A line of this commit is too long to be anything but a file in base64")
        content = _Base64(line, opening.end(), size - EDGE + closing)
        text = text[: opening.end()] + tail[closing:]
    if not text.strip():
        return "", {}, None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise HubError(400, "A line of this commit is not JSON") from None
    if not isinstance(said, dict) or not isinstance(said.get("value"), dict):
        raise HubError(400, "A line of this commit is not an object with key and value")
    return str(said.get("key")), said["value"], content


def _change(key: str, value: dict[str, Any], content: Readable | None, box: Incoming) -> Change:
    path = _text(value, "path")
    if key == "file":
        return Put(path, _keep(path, value, content, box))
    if key == "deletedFile":
        return Delete(path)
    if key == "deletedFolder":
        return DeleteFolder(path)
    if key != "lfsFile":
        raise HubError(400, f"Unknown key in this commit: {key[:40]}")
    known = git.find_large(box.repository, _text(value, "oid"))
    if known is None:
        raise HubError(400, "Send the content with the commit: this hub takes no uploads of large files beside it")
    return Put(path, known.oid)


def _keep(path: str, value: dict[str, Any], content: Readable | None, box: Incoming) -> str:
    if content and (value.get("content"), value.get("encoding")) != ("", "base64"):
        raise HubError(400, "A file of this size comes in base64")
    try:
        return box.add(content or BytesIO(_content(value))).oid
    except ValidationError as error:
        raise HubError(413, f"{path[:200]}: {' '.join(error.messages)}") from None


def _content(value: dict[str, Any]) -> bytes:
    content, encoding = _text(value, "content"), value.get("encoding", "utf-8")
    if encoding == "utf-8":
        return content.encode()
    if encoding != "base64":
        raise HubError(400, "The encoding of a file is base64 or utf-8")
    return _decode(content.encode())


def _text(value: dict[str, Any], name: str, default: str | None = None) -> str:
    text = value.get(name, default)
    if not isinstance(text, str):
        raise HubError(400, f"{name} is missing in a line of this commit")
    return text


def _decode(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise HubError(400, "The content of a file is not base64") from None


class _Base64:
    """What the base64 between two places of a file says, decoded as it is read."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self.file, self.left, self.decoded = file, end - start, b""
        file.seek(start)

    def read(self, size: int, /) -> bytes:
        while len(self.decoded) < size and self.left:
            text = self.file.read(min(max(size // 3, 1) * 4, self.left))
            self.left -= len(text)
            self.decoded += _decode(text)
        piece, self.decoded = self.decoded[:size], self.decoded[size:]
        return piece
