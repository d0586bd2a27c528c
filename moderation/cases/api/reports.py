"""What the reports of a case say and bring along, for programs: records, senders, claims, files (K1, C1, C3–C5)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import ErrorOutput, KeysetPagination
from moderation.cases.api.base import JsonErrors, TeamEndpoint, find_case
from moderation.cases.audit import REPORTS, note_reading
from moderation.cases.downloads import download
from moderation.cases.models import Case
from moderation.cases.overview import lines_of, reports_in
from moderation.cases.overview.passages import Place
from moderation.cases.overview.reports import ReportLine
from moderation.reports.api import AttachmentOutput, ClaimOutput, CounterOutput
from moderation.reports.models import Attachment, Report, RightsClaim, Sender
from moderation.reports.people import Doubt
from moderation.reports.reliability import Record


class RecordOutput(serializers.Serializer[Record]):
    """How often we agreed with somebody: under the clause, and (`all_…`) in all."""

    upheld = serializers.IntegerField(read_only=True)
    decided = serializers.IntegerField(read_only=True)
    all_upheld = serializers.IntegerField(read_only=True)
    all_decided = serializers.IntegerField(read_only=True)
    bad_faith = serializers.IntegerField(read_only=True, help_text="Reports that we found to be made in bad faith.")
    reliability = serializers.FloatField(read_only=True, help_text="What a report weighs, 0 to 1.")


class SenderOutput(serializers.ModelSerializer[Sender]):
    """Who had sent what the team entered, as it arrived."""

    class Meta:
        model = Sender
        fields = ("name", "contact", "reference", "received_at")
        read_only_fields = fields


class DoubtOutput(serializers.Serializer[Doubt]):
    """Another account from whose address nearly the same came: perhaps the same person. Both count once."""

    reporter = serializers.CharField(source="other.reporter.username", read_only=True)
    report = serializers.UUIDField(source="other.public_id", read_only=True)
    minutes = serializers.IntegerField(read_only=True, help_text="How far apart.")


class TeamClaimOutput(ClaimOutput):
    """The particulars of a claim of rights, with the owner's counter-statement to it."""

    counter_statement = CounterOutput(source="answered", read_only=True, allow_null=True)

    missing = serializers.ListField(
        source="missing_for_team", child=serializers.CharField(), read_only=True, help_text="In words; empty: nothing."
    )  # type: ignore[assignment]

    class Meta(ClaimOutput.Meta):
        model = RightsClaim
        fields = (*ClaimOutput.Meta.fields, "counter_statement")
        read_only_fields = fields


class WholeReportOutput(serializers.ModelSerializer[Report]):
    """A report as the team reads it; null where there is no sender, no claim, no doubt, nobody who entered it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    reporter = serializers.CharField(source="reporter.username", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    entered_by = serializers.CharField(source="entered_by.username", read_only=True, allow_null=True, default=None)
    attachments = AttachmentOutput(many=True, read_only=True)

    class Meta:
        model = Report
        fields = (
            "id", "reporter", "clause", "ground", "text", "confidential", "channel", "state", "created_at", "closed_at",
            "changed_at", "links", "passage", "danger", "trusted", "bad_faith", "batch", "entered_by", "attachments",
        )  # fmt: skip
        read_only_fields = fields


class ReportedOutput(serializers.Serializer[ReportLine]):
    """A report, what is known of whoever filed it, and what it brings along."""

    report = WholeReportOutput(read_only=True)
    record = RecordOutput(read_only=True, help_text="Of its reporter.")
    passage_stands = serializers.ChoiceField(
        source="passage",
        choices=[(place.value, place.value) for place in Place],
        read_only=True,
        allow_null=True,
        help_text="Where the words stand that it quotes: in the content as it was when reported, in an earlier "
        "version, or in none of those that we looked at; null without any, and where we cannot tell.",
    )
    can_be_marked = serializers.BooleanField(read_only=True, help_text="Whether it can be one of `bad_faith`.")
    doubt = DoubtOutput(read_only=True, allow_null=True)
    sender = SenderOutput(read_only=True, allow_null=True)
    claim = TeamClaimOutput(read_only=True, allow_null=True)


class FileOutput(AttachmentOutput):
    """A file, with the report that it came with."""

    report = serializers.UUIDField(source="report.public_id", read_only=True)

    class Meta(AttachmentOutput.Meta):
        model = Attachment
        fields = (*AttachmentOutput.Meta.fields, "report")
        read_only_fields = fields


class CaseReports(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-created_at", "-id")

    @extend_schema(summary="The reports of a case", responses=ReportedOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """Every report of the case, newest first, with all it says. Reading confidential ones is an event."""
        case = find_case(case_id, request.user)
        pages = KeysetPagination()
        found: list[Report] = pages.paginate_queryset(reports_in(case), request, view=self)
        if any(report.confidential for report in found):
            note_reading(case, REPORTS, actor=request.user)
        lines: Any = lines_of(found)
        return pages.get_paginated_response(ReportedOutput(lines, many=True).data)


class Attachments(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("id",)

    @extend_schema(summary="The files of a case", responses=FileOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """What reporters sent as evidence: names, sizes, digests, the first to come first. The content is a download.

        Where one of its reports is confidential, reading the list is an event.
        """
        case = find_case(case_id, request.user)
        _note_confidential(case, request)
        rows = Attachment.objects.filter(report__case_report__case=case).select_related("report")
        return self.page_of(rows, FileOutput)


class OneAttachment(TeamEndpoint):
    content_negotiation_class = JsonErrors

    @extend_schema(
        summary="Download a file of a case",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 410: ErrorOutput},
    )
    def get(self, request: SignedIn, case_id: UUID, attachment_id: UUID) -> HttpResponse:
        """The file as its reporter sent it, decrypted; each download is an event. 410 (`destroyed`) once it is gone.

        What it claims to be is in the list; it comes as a mere sequence of bytes, which nothing should run.
        """
        return download(find_case(case_id, request.user), attachment_id, actor=request.user)


def _note_confidential(case: Case, request: SignedIn) -> None:
    if case.case_reports.filter(report__confidential=True).exists():
        note_reading(case, REPORTS, actor=request.user)
