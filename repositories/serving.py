"""Bytes of a file as an answer: ranges, ETags, nothing that a browser would run; large files pass by Python.

A large file is given to the server as it lies on disk: gunicorn sends it with sendfile, and where OMBUD_ACCEL names an
internal address of nginx, nginx does (docs/large-files.md).
"""

import os
import re
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from repositories import git
from repositories.git import File
from repositories.models import Repository

# Some program runs or renders whatever it is shown; what people upload is only ever a download.
TYPE, SANDBOX = "application/octet-stream", "sandbox; default-src 'none'"
BLOCK = 256 * 1024

_RANGE = re.compile("bytes=([0-9]{0,18})-([0-9]{0,18})")


def serve(request: HttpRequest, repository: Repository, file: File, commit: str) -> HttpResponseBase:
    """`file` of `repository` as it is at `commit`: for GET its bytes, or the one range asked for; for HEAD none.

    Answers 304 to whoever has it already and 416 to a range that it does not have. Who may have the files is asked
    before.
    """
    etag = f'"{file.sha256 or file.oid}"'
    headers = {
        "ETag": etag,
        "X-Repo-Commit": commit,
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition_header(True, PurePosixPath(file.path).name) or "attachment",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }
    if file.sha256:  # the words of the hub's protocol for what lies beside git
        headers |= {"X-Linked-ETag": etag, "X-Linked-Size": str(file.size)}
    if _has_it(request, etag):
        return HttpResponse(status=304, headers=headers)
    if request.method == "HEAD":
        return HttpResponse(headers=headers | {"Content-Length": str(file.size)}, content_type=TYPE)
    asked = _range(request) if request.headers.get("If-Range", etag) == etag else None
    piece = _cut(file.size, asked) if asked else range(file.size)
    if piece is None:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{file.size}"}, content_type=TYPE)
    if asked:
        headers["Content-Range"] = f"bytes {piece.start}-{piece.stop - 1}/{file.size}"
    return _bytes(repository, file, piece, headers, status=206 if asked else 200)


def is_download(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this answer begins a download: what goes on with one, or only asks about it, is not counted again."""
    asked = _range(request)
    begins = asked is None or re.fullmatch("0+", asked[1]) is not None
    return request.method == "GET" and response.status_code in (200, 206) and begins


def _has_it(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in [one.removeprefix("W/") for one in known]


def _range(request: HttpRequest) -> re.Match[str] | None:
    """The one range that is asked for; anything else is no range for us (RFC 9110, 14.2)."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or not any(asked.groups()) or (all(asked.groups()) and int(asked[1]) > int(asked[2])):
        return None
    return asked


def _cut(size: int, asked: re.Match[str]) -> range | None:
    """The bytes that are asked for, None when the file has none of them."""
    first, last = asked.groups()
    if not first:  # the last so many
        return range(size)[-int(last) :] or None if int(last) else None
    return range(size)[int(first) : int(last) + 1 if last else size] or None


def _bytes(
    repository: Repository, file: File, piece: range, headers: dict[str, str], *, status: int
) -> HttpResponseBase:
    stream = git.open_file(repository, file)
    if not file.sha256:
        with stream:
            stream.seek(piece.start)
            content = stream.read(len(piece))
        return HttpResponse(content, status=status, headers=headers, content_type=TYPE)
    if settings.ACCEL_PREFIX:
        with stream:
            place = Path(stream.name).relative_to(settings.LARGE_FILE_ROOT)
        for name in ("Content-Range", "Accept-Ranges"):  # nginx reads the range itself, and says that it does
            headers.pop(name, None)
        headers["X-Accel-Redirect"] = quote(f"{settings.ACCEL_PREFIX.rstrip('/')}/{place}")
        return HttpResponse(headers=headers, content_type=TYPE)
    return _Large(_Piece(stream, piece), status=status, headers=headers)


class _Piece:
    """A part of an open file. Servers that know sendfile take its number, at the offset where it stands."""

    def __init__(self, stream: BinaryIO, piece: range) -> None:
        self.stream, self.length, self.left = stream, len(piece), len(piece)
        os.lseek(stream.fileno(), piece.start, os.SEEK_SET)

    def fileno(self) -> int:
        return self.stream.fileno()

    def read(self, size: int = BLOCK) -> bytes:
        found = os.read(self.stream.fileno(), min(self.left, size))
        self.left -= len(found)
        return found

    def close(self) -> None:
        self.stream.close()


class _Large(FileResponse):
    """An answer over a part of a file, whose length is known."""

    block_size = BLOCK

    def __init__(self, piece: _Piece, *, status: int, headers: dict[str, str]) -> None:
        super().__init__(piece, status=status, headers=headers, content_type=TYPE)

    def set_headers(self, filelike: Any) -> None:
        self.headers["Content-Length"] = str(filelike.length)
