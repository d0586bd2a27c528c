"""Files with an own report, for programs: as evidence for the team, encrypted (K1, C1)."""

from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, Endpoint, ErrorOutput, KeysetPagination
from foundation.parsers import BodyTooLarge
from moderation.cases.actions.changed_reports import add_own_file
from moderation.intake.fields import LARGEST_FILE, MOST_FILES, FilesField
from moderation.reports.actions.evidence import EvidenceFile
from moderation.reports.api import AttachmentOutput
from moderation.reports.models import Attachment
from moderation.reports.queries import own_report


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


class OwnFiles(Endpoint):
    parser_classes = (OneFileParser,)
    pagination_class = KeysetPagination
    order = ("id",)

    @extend_schema(
        summary="Files with a report of yours", responses={200: AttachmentOutput(many=True), 400: ErrorOutput}
    )
    def get(self, request: SignedIn, report_id: UUID) -> Response:
        """What came with a report of yours, the first to come first. The content is for our team only."""
        report = own_report(report_id, request.user)
        return self.page_of(Attachment.objects.filter(report=report), AttachmentOutput)

    @extend_schema(
        summary="Add a file to a report of yours",
        parameters=[FileName],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: AttachmentOutput, 200: AttachmentOutput, 400: ErrorOutput, 409: ErrorOutput},
    )
    def post(self, request: SignedIn, report_id: UUID) -> Response:
        """Send the content of one file as the body, at most 5 MB: a picture, PDF or plain text, at most three a report.

        The same content sent again is answered 200. 409 once the report is not open (`not_open`), for a fourth file
        (`too_many`), and where nobody may send a copy (`sealed`).
        """
        report = own_report(report_id, request.user)
        asked = FileName(data=request.query_params)
        asked.is_valid(raise_exception=True)
        content: Any = request.data
        file = _checked(asked.validated_data["name"], content if isinstance(content, bytes) else b"")
        kept, new = add_own_file(report, file, most=MOST_FILES, actor=request.user)
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return Response(AttachmentOutput(kept).data, status=code)


def _checked(name: str, content: bytes) -> EvidenceFile:
    """What the form takes. Raises ValidationError for anything else."""
    # A name that is a path is called by its end.
    called = name.replace("\\", "/").rpartition("/")[2] or "file"
    try:
        (file,) = FilesField().clean([SimpleUploadedFile(called, content)])
    except DjangoValidationError as error:
        raise serializers.ValidationError(error.messages, code=error.code) from None
    return file
