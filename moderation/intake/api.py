"""Filing and following reports, for programs (K1, C1, C7)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, Endpoint, ErrorOutput, KeysetPagination, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions import receive_report
from moderation.intake.limits import require_below_limit
from moderation.policy.api import ClauseField
from moderation.reports.actions import filed_before
from moderation.reports.models import Report
from moderation.reports.queries import reports_of
from moderation.subjects.api import SubjectInput, SubjectOutput
from moderation.subjects.lookup import find_target

LONGEST_TEXT = 10_000
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of yours; the same request sent again under it files one report. `request_id` does the same.",
)
EXAMPLE = {
    "subject": {"kind": "comment", "id": "6f1f7d0c-3a35-4d66-9c5e-0d6c8a2b7e11"},
    "clause": "harassment",
    "text": "He insults everybody who asks a question in this discussion.",
}


class ReportInput(serializers.Serializer[Any]):
    subject = SubjectInput()
    clause = ClauseField(help_text="The code of a clause, see /api/v1/clauses.")
    text = CleanTextField(longest=LONGEST_TEXT, help_text="Why, with as much context as you have.")
    ground = serializers.ChoiceField(choices=Report.Ground.choices, default=Report.Ground.RULES)
    confidential = serializers.BooleanField(default=False, help_text="Nobody but the team learns of it.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class ReportOutput(serializers.ModelSerializer[Report]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    subject = SubjectOutput(read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    discussion = serializers.SerializerMethodField(help_text="Address of its public discussion, if there is one.")

    class Meta:
        model = Report
        fields = (
            "id", "subject", "clause", "ground", "text", "confidential", "state", "discussion", "created_at",
            "closed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_discussion(self, report: Report) -> str | None:
        if report.discussion is None:
            return None
        return str(self.context["request"].build_absolute_uri(report.discussion.get_absolute_url()))


class Reports(Endpoint):
    pagination_class = KeysetPagination
    order = ("-created_at", "-id")

    @extend_schema(summary="Your reports", responses=ReportOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Reports you filed, newest first, with what became of them."""
        return self.page_of(reports_of(request.user), ReportOutput)

    @extend_schema(
        summary="File a report",
        parameters=[KEY],
        request=ReportInput,
        responses={201: ReportOutput, 200: ReportOutput, 409: ErrorOutput, 429: ErrorOutput},
        examples=[OpenApiExample("A comment", value=EXAMPLE, request_only=True)],
    )
    def post(self, request: SignedIn) -> Response:
        """Report a repository, discussion, comment, person or organization.

        The same request sent again is answered 200 with the report it filed. 409 when you reported the same thing for
        the same clause before and we are still looking at it; 429 when you filed too many within an hour.
        """
        sent = ReportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = dict(sent.validated_data)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        subject = asked.pop("subject")
        target = find_target(subject["kind"], subject["id"], request.user)
        known = filed_before(key, target=target, clause=asked["clause"], text=asked["text"], actor=request.user)
        report = known or _file(target, key, asked, request.user)
        shown = ReportOutput(reports_of(request.user).get(pk=report.pk), context={"request": request}).data
        return Response(shown, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)


@transaction.atomic
def _file(target: Any, key: UUID | None, asked: dict[str, Any], reporter: User) -> Report:
    require_below_limit(reporter, request_id=key)
    return receive_report(target, actor=reporter, channel=Report.Channel.API, request_id=key, **asked)


class OneReport(Endpoint):
    @extend_schema(summary="A report of yours", responses=ReportOutput)
    def get(self, request: SignedIn, report_id: UUID) -> Response:
        """A report you filed, with what became of it. Nobody else sees it here."""
        report = reports_of(request.user).filter(public_id=report_id).first()
        if report is None:
            raise Refused(_("You filed no such report."), code="not_found", status=404)
        return Response(ReportOutput(report, context={"request": request}).data)
