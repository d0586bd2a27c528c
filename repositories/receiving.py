"""Taking many uploaded files in: all of one form lie one behind the other in one temporary file.

One file for each, as Django does it, would take as many open files of the process as the form has, and there are only
so many. Only pages that mean to take files do so, with `take_files`; elsewhere what is sent as a file is read and
dropped (setting FILE_UPLOAD_HANDLERS).
"""

import errno
import tempfile
from io import RawIOBase
from typing import IO, Any, cast

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused

# What an ordinary form with a text field needs, beside its files.
MEMORY = 1024 * 1024


def take_files(request: HttpRequest, *, most: int | None = None) -> None:
    """Read what a form sends, its files with flat memory; after that `request.POST` and `request.FILES` are there.

    Ask who sends it before: reading is the expensive part. A file larger than LARGEST_FILE keeps its real size and
    loses its content. Raises Refused for more than `most` (LARGEST_UPLOAD) bytes or DATA_UPLOAD_MAX_NUMBER_FILES files
    (413), and where there is no room left (507).
    """
    limit = settings.LARGEST_UPLOAD if most is None else most
    if _length(request) > limit:
        message = _("This is too much at once: one upload has at most %(limit)s. Send the files in several uploads.")
        raise _too_much(message % {"limit": filesizeformat(limit)})
    request.upload_handlers = [OneFileHandler(request)]
    try:
        request.FILES  # noqa: B018 - reading it reads the body
    except TooManyFilesSent:
        message = _("These are too many files at once: one upload has at most %(limit)s. Send them in several uploads.")
        raise _too_much(message % {"limit": settings.DATA_UPLOAD_MAX_NUMBER_FILES}) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        message = _("There is no room left for files. Tell the people who run this site, then send them again.")
        raise Refused(message, code="no_room", status=507) from error


def _length(request: HttpRequest) -> int:
    """What the request says it has, in bytes; Django reads no more than that."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _too_much(message: str) -> Refused:
    return Refused(message, code="too_large", status=413)


class OneFileHandler(FileUploadHandler):
    """Writes the files of a request one behind the other; each is then a part of that one file."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        folder = settings.FILE_UPLOAD_TEMP_DIR
        self.all: IO[bytes] = tempfile.SpooledTemporaryFile(MEMORY, dir=folder)  # noqa: SIM115 - lives with the request
        self.end = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= settings.LARGEST_FILE:
            self.all.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        begin, self.end = self.end, self.all.tell()
        return UploadedFile(cast("IO[bytes]", _Part(self.all, begin, self.end)), self.file_name, size=file_size)


class _Part(RawIOBase):
    """The bytes from `begin` to before `end` of a file that others read, too."""

    def __init__(self, whole: IO[bytes], begin: int, end: int) -> None:
        self._whole, self._begin, self._end, self._at = whole, begin, end, begin

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._whole.seek(self._at)
        found = self._whole.read(min(len(buffer), self._end - self._at))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
