"""A file as the body of a request of a program: what the field of a form takes, one at a time (K1, C1)."""

from typing import IO, Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.parsers import BaseParser

from foundation.api import CleanTextField
from foundation.parsers import BodyTooLarge
from moderation.reports.actions.evidence import EvidenceFile
from moderation.reports.file_fields import LARGEST_FILE, FilesField


class OneFileParser(BaseParser):
    """The body as it is, up to the size of a file: never a form, so that nothing is written to disk on the way."""

    media_type = "application/octet-stream"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        content: bytes = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise BodyTooLarge(_("This is too large: send at most %(size)s bytes.") % {"size": LARGEST_FILE})
        return content


class FileName(serializers.Serializer[Any]):
    name = CleanTextField(longest=200, help_text="What the file is called; what it is we find out from its content.")


def file_of(name: str, content: Any) -> EvidenceFile:
    """The body as a file that the forms take as well. Raises ValidationError for anything else."""
    # A name that is a path is called by its end.
    called = name.replace("\\", "/").rpartition("/")[2] or "file"
    try:
        (file,) = FilesField().clean([SimpleUploadedFile(called, content if isinstance(content, bytes) else b"")])
    except DjangoValidationError as error:
        raise serializers.ValidationError(error.messages, code=error.code) from None
    return file
