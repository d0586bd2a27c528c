"""Files with an own report, for programs: as evidence for the team, encrypted (K1, C1)."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import Endpoint, ErrorOutput, KeysetPagination, checked
from moderation.cases.actions.changed_reports import add_own_file
from moderation.reports.api import AttachmentOutput
from moderation.reports.file_bodies import FileName, OneFileParser, file_of
from moderation.reports.file_fields import MOST_FILES
from moderation.reports.models import Attachment
from moderation.reports.queries import own_report


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
        asked = checked(FileName, request.query_params)
        file = file_of(asked["name"], request.data)
        kept, new = add_own_file(report, file, most=MOST_FILES, actor=request.user)
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return Response(AttachmentOutput(kept).data, status=code)
