"""Filing and following reports, for programs (K1, C1, C7)."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, Endpoint, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from foundation.http import network_of
from moderation.cases.actions.changed_reports import change_own_report, withdraw_own_report
from moderation.intake import fields as forms
from moderation.intake.api_others import named
from moderation.intake.fields import LONGEST_LINK, LONGEST_PASSAGE, MOST_LINKS
from moderation.intake.filing import file_all
from moderation.intake.others import MOST_OTHERS
from moderation.policy.api import ClauseField
from moderation.reports.actions.claims import CLAUSE
from moderation.reports.actions.filing import KeyReused
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.reports.queries import reports_of
from moderation.subjects.api import SubjectInput, SubjectOutput
from moderation.subjects.content import Content
from moderation.subjects.files import file_seen
from moderation.subjects.lookup import Target, find_target
from repositories.models import Repository
from repositories.names import LONGEST_PATH

LONGEST_TEXT, LONGEST_OID = 10_000, 64
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

EXAMPLE_OF_LAW = {
    "subject": {"kind": "comment", "id": "6f1f7d0c-3a35-4d66-9c5e-0d6c8a2b7e11"},
    "clause": "harassment",
    "ground": "law",
    "text": "He threatens to publish her address: section 126a of the German criminal code.",
    "good_faith": True,
}

EXAMPLE_OF_FILE = {
    "subject": {"kind": "repository", "id": "3d7c1d58-4b0a-4f0e-8a53-0a9f1d8c6f52"},
    "file": "weights/model.pt",
    "at": "5f0c6d7f1d6c0d3a0cbbf0b1c7a9d1a4e2c8b6f3",
    "clause": "malware",
    "text": "It runs a command when it is loaded.",
}


class LinksField(serializers.ListField):
    """Up to ten addresses of http or https; the rules of the form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=CleanTextField(longest=LONGEST_LINK), max_length=MOST_LINKS, **options)

    def to_internal_value(self, data: Any) -> Any:
        said = super().to_internal_value(data)
        try:
            return forms.LinksField().clean("\n".join(said))
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, code=error.code) from None


class PassageField(CleanTextField):
    """Words of the reported content."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=LONGEST_PASSAGE, allow_blank=True, **options)


class ReportInput(serializers.Serializer[Any]):
    subject = SubjectInput()
    clause = ClauseField(help_text="The code of a clause, see /api/v1/clauses.")
    text = CleanTextField(longest=LONGEST_TEXT, help_text="Why, with as much context as you have.")
    ground = serializers.ChoiceField(choices=Report.Ground.choices, default=Report.Ground.RULES)
    good_faith = serializers.BooleanField(
        required=False,
        help_text="You believe in good faith that what you say is accurate and complete; needed where `ground` is law.",
    )
    confidential = serializers.BooleanField(default=False, help_text="Nobody but the team learns of it.")
    links = LinksField(help_text="Where else it can be seen.", required=False)
    passage = PassageField(help_text="Words of the content, as they stand there.", required=False)
    danger = serializers.BooleanField(default=False, help_text="Somebody's life is in danger.")
    also = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST_OTHERS,
        help_text="Up to 20 other comments of the same author, in any discussion that you may read: the same report "
        "is filed about each. GET /api/v1/reports/others/{comment_id} finds them.",
    )
    request_id = serializers.UUIDField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The rules of the form: claims are made elsewhere, and the law wants a statement of good faith."""
        if attrs["clause"].code == CLAUSE:
            raise serializers.ValidationError({"clause": [_CLAIM_INSTEAD]})
        if attrs["ground"] == Report.Ground.LAW and not attrs.get("good_faith"):
            raise serializers.ValidationError({"good_faith": [_GOOD_FAITH]})
        return attrs


_CLAIM_INSTEAD = _("A claim of rights needs its particulars: send it to POST /api/v1/claims instead.")
_GOOD_FAITH = _(
    "Send good_faith: true to confirm that you believe what you say to be accurate and complete: the law wants it from "
    "whoever reports a breach of it."
)


class FileReportInput(ReportInput):
    """The same, where a single file is named: most reports name none, and nobody looks for it in them."""

    file = CleanTextField(
        longest=LONGEST_PATH, required=False, help_text="Of a repository: the path of a single file that it is about."
    )
    at = serializers.CharField(
        max_length=LONGEST_OID,
        required=False,
        allow_blank=True,
        help_text="The commit at which the file is reported; else the head.",
    )


class ReportChange(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST_TEXT, required=False)
    links = LinksField(required=False)
    passage = PassageField(required=False)


class ReportOutput(serializers.ModelSerializer[Report]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    subject = SubjectOutput(read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    discussion = serializers.SerializerMethodField(help_text="Address of its public discussion, if there is one.")

    class Meta:
        model = Report
        fields = (
            "id", "subject", "clause", "ground", "text", "confidential", "state", "discussion", "created_at",
            "closed_at", "links", "passage", "danger", "batch", "changed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_discussion(self, report: Report) -> str | None:
        if report.discussion is None:
            return None
        return str(self.context["request"].build_absolute_uri(report.discussion.get_absolute_url()))


def shown(report: Report, request: Request) -> dict[str, Any]:
    """What ReportOutput gives of a report whose subject is loaded, without building its fields at every request."""
    said = {name: getattr(report, name) for name in _AS_THEY_ARE}
    said |= {name: _MOMENT.to_representation(said[name]) for name in _MOMENTS if said[name]}
    subject, target, discussion = report.subject, report.subject.target, report.discussion
    return said | {
        "id": report.public_id,
        "subject": {
            "kind": subject.kind,
            "id": target.public_id,
            "name": subject.name,
            "url": request.build_absolute_uri(target.get_absolute_url()),
        },
        "clause": report.clause.code,
        "discussion": request.build_absolute_uri(discussion.get_absolute_url()) if discussion else None,
    }


_MOMENT, _MOMENTS = serializers.DateTimeField(), ("created_at", "closed_at", "changed_at")
_OWN_SHAPE = ("id", "subject", "clause", "discussion")
_AS_THEY_ARE = tuple(name for name in ReportOutput.Meta.fields if name not in _OWN_SHAPE)


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
        request=FileReportInput,
        responses={201: ReportOutput, 200: ReportOutput, 409: ErrorOutput, 429: ErrorOutput},
        examples=[
            OpenApiExample("A comment", value=EXAMPLE, request_only=True),
            OpenApiExample("A breach of the law", value=EXAMPLE_OF_LAW, request_only=True),
            OpenApiExample("A single file", value=EXAMPLE_OF_FILE, request_only=True),
        ],
    )
    def post(self, request: SignedIn) -> Response:
        """Report a repository, discussion, comment, person or organization; of a repository also a single `file`.

        The same request sent again is answered 200 with the report it filed. 409 when you reported the same thing for
        the same clause before and we are still looking at it; 429 when you filed too many within an hour.
        Rights of a third party are claimed at /api/v1/claims.
        """
        names_file = isinstance(request.data, dict) and "file" in request.data
        asked = checked(FileReportInput if names_file else ReportInput, request.data)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        subject = asked.pop("subject")
        asked.pop("good_faith", None)  # a condition, and no part of the report
        target = find_target(subject["kind"], subject["id"], request.user)
        also = named(target, wanted, key, request.user) if (wanted := asked.pop("also", None)) else []
        evidence = {name: asked.pop(name) for name in ("links", "passage", "danger") if name in asked}
        # Nobody is asked to copy what the law seals (C9).
        if asked["clause"].lane and asked["clause"].lane.sealed:
            evidence["passage"] = ""
        key = key or uuid4()
        file, at = asked.pop("file", None), asked.pop("at", "")
        seen = _file_of(target, file, at, request.user) if file else None
        report, new = file_all(
            target,
            others=also,
            seen=seen,
            request_id=key,
            details=Details(batch=key if also else None, **evidence),
            network=network_of(request),
            channel=Report.Channel.API,
            actor=request.user,
            **asked,
        )
        if seen and not new and report.snapshot.part != seen.part:
            raise KeyReused  # the same words about another file
        return Response(shown(report, request), status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)


def _file_of(target: Target, path: str, at: str, reporter: User) -> Content:
    """A single file of `target` as it is reported. Raises ValidationError for what has no files, and as file_seen."""
    if not isinstance(target, Repository):
        raise serializers.ValidationError({"file": [_("Only a repository has files.")]})
    return file_seen(target, path, at, reporter)


def _find(report_id: UUID, reporter: User) -> Report:
    report = reports_of(reporter).filter(public_id=report_id).first()
    if report is None:
        raise Refused(_("You filed no such report."), code="not_found", status=404)
    return report


class OneReport(Endpoint):
    @extend_schema(summary="A report of yours", responses=ReportOutput)
    def get(self, request: SignedIn, report_id: UUID) -> Response:
        """A report you filed, with what became of it. Nobody else sees it here."""
        return Response(ReportOutput(_find(report_id, request.user), context={"request": request}).data)

    @extend_schema(
        summary="Change a report of yours",
        request=ReportChange,
        responses={200: ReportOutput, 409: ErrorOutput},
        examples=[OpenApiExample("More facts", value={"text": "He wrote the same to two others."}, request_only=True)],
    )
    def patch(self, request: SignedIn, report_id: UUID) -> Response:
        """Give an open report other words; what it said before stays with the team. 409 (`not_open`) once it is not."""
        asked = checked(ReportChange, request.data)
        report = _find(report_id, request.user)
        said = {name: getattr(report, name) for name in ("text", "links", "passage")} | asked
        if report.clause.lane and report.clause.lane.sealed:
            said["passage"] = ""
        change_own_report(report, actor=request.user, **said)
        return Response(ReportOutput(_find(report_id, request.user), context={"request": request}).data)


class WithdrawReport(Endpoint):
    @extend_schema(summary="Withdraw a report of yours", request=None, responses={200: ReportOutput, 409: ErrorOutput})
    def post(self, request: SignedIn, report_id: UUID) -> Response:
        """Take an open report back; twice is once. 409 (`not_open`) when we decided."""
        report = _find(report_id, request.user)
        if report.state != Report.State.WITHDRAWN:
            withdraw_own_report(report, actor=request.user)
        return Response(ReportOutput(_find(report_id, request.user), context={"request": request}).data)
