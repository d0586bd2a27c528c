"""A case with its history, for programs: the first page of each of its lists, and the lists themselves (K1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import KeysetPagination
from foundation.pages import Page, page
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.api.shapes import (
    MOST_LOOKS,
    WHO,
    CaseReportOutput,
    CaseRow,
    DecisionOutput,
    EventOutput,
    SnapshotOutput,
    decisions,
)
from moderation.cases.audit import REPORTS, note_reading
from moderation.cases.models import Case
from moderation.cases.queries import BESIDE, LOOKS, events_of, measures_on, measures_told_to, without_unseen_links
from moderation.reports.models import Report
from moderation.sanctions.api import MeasureOutput
from moderation.scoring.models import Score
from moderation.subjects.models import Snapshot


class FewPages(KeysetPagination):
    """For rows with long texts."""

    size = 20


@dataclass(frozen=True)
class Part:
    """A list of a case: its rows as `viewer` may see them, in an order, a page of so many."""

    rows: Callable[[Case, User], QuerySet[Any]]
    order: tuple[str, ...]
    size: int = KeysetPagination.size


def _reports(case: Case, viewer: User) -> QuerySet[Report]:
    return Report.objects.filter(case_report__case=case).select_related("reporter", "clause")


def _snapshots(case: Case, viewer: User) -> QuerySet[Snapshot]:
    said = Score.objects.counting().filter(snapshot__sealed=False).select_related("revision")
    scores = Prefetch("scores", said.order_by("label", "pk"))
    return Snapshot.objects.filter(reports__case_report__case=case).distinct().prefetch_related(scores)


def _measures(case: Case, viewer: User) -> QuerySet[Any]:
    rows = measures_on(case.subject.author, case.subject).filter(measures_told_to(viewer))
    return rows.select_related(*WHO)


# Each continues under the address of its name below the case.
PARTS = {
    "reports": Part(_reports, ("-created_at", "-id")),
    "snapshots": Part(_snapshots, ("id",), FewPages.size),
    "measures": Part(_measures, ("-starts_at", "-id")),
    "decisions": Part(lambda case, viewer: decisions().filter(case=case), ("id",)),
    "events": Part(lambda case, viewer: events_of(case).exclude(kind__in=BESIDE), ("number",)),
}
_FOLLOWING = inline_serializer(
    "FurtherPages", {name: serializers.URLField(allow_null=True, read_only=True) for name in PARTS}
)


class CaseOutput(CaseRow):
    reports = serializers.SerializerMethodField(help_text="The newest, newest first.")
    snapshots = serializers.SerializerMethodField(help_text="What was reported, oldest first.")
    measures = serializers.SerializerMethodField(help_text="On the subject and on the person, newest first.")
    decisions = serializers.SerializerMethodField(help_text="Oldest first.")
    events = serializers.SerializerMethodField(help_text="What happened, oldest first; without looks at the evidence.")
    looks = serializers.SerializerMethodField(help_text="Who read its evidence, newest first, at most fifty.")
    next = serializers.SerializerMethodField(help_text="Where each list goes on; null: that is all of it.")
    event_count = serializers.IntegerField(read_only=True, help_text="Of all kinds, looks at the evidence included.")

    class Meta(CaseRow.Meta):
        fields = (*CaseRow.Meta.fields, *PARTS, "looks", "next", "event_count")
        read_only_fields = fields

    def to_representation(self, instance: Case) -> dict[str, Any]:
        viewer: User = self.context["request"].user
        self._pages: dict[str, Page[Any]] = {
            name: page(part.rows(instance, viewer), QueryDict(), order=part.order, size=part.size)
            for name, part in PARTS.items()
        }
        shown: dict[str, Any] = super().to_representation(instance)
        return shown

    @extend_schema_field(CaseReportOutput(many=True))
    def get_reports(self, case: Case) -> Any:
        return CaseReportOutput(self._pages["reports"].rows, many=True).data

    @extend_schema_field(SnapshotOutput(many=True))
    def get_snapshots(self, case: Case) -> Any:
        return SnapshotOutput(self._pages["snapshots"].rows, many=True, context=self.context).data

    @extend_schema_field(MeasureOutput(many=True))
    def get_measures(self, case: Case) -> Any:
        return MeasureOutput(self._pages["measures"].rows, many=True).data

    @extend_schema_field(DecisionOutput(many=True))
    def get_decisions(self, case: Case) -> Any:
        return DecisionOutput(self._pages["decisions"].rows, many=True).data

    @extend_schema_field(EventOutput(many=True))
    def get_events(self, case: Case) -> Any:
        rows = without_unseen_links(self._pages["events"].rows, self.context["request"].user)
        return EventOutput(rows, many=True).data

    @extend_schema_field(EventOutput(many=True))
    def get_looks(self, case: Case) -> Any:
        return EventOutput(events_of(case).filter(kind__in=LOOKS).order_by("-number")[:MOST_LOOKS], many=True).data

    @extend_schema_field(_FOLLOWING)
    def get_next(self, case: Case) -> dict[str, str | None]:
        here = self.context["request"].build_absolute_uri(f"/api/v1/cases/{case.public_id}")
        return {name: f"{here}/{name}?{found.next}" if found.next else None for name, found in self._pages.items()}


class OneCase(TeamEndpoint):
    @extend_schema(summary="A case with its history", responses=CaseOutput)
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The case with the first page of its reports, of what was reported, its measures, decisions and events.

        `next` says where each goes on. Decide with the `version` you read here.
        """
        case = find_case(case_id, request.user)
        if case.case_reports.filter(report__confidential=True).exists():
            note_reading(case, REPORTS, actor=request.user)
        return Response(CaseOutput(case, context={"request": request}).data)


class CaseSnapshots(TeamEndpoint):
    pagination_class = FewPages

    @extend_schema(summary="What was reported", responses=SnapshotOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """Every snapshot of the case with its scores, oldest first; those that are locked away come without words."""
        part = PARTS["snapshots"]
        rows = part.rows(find_case(case_id, request.user), request.user)
        found = page(rows, request._request.GET, order=part.order, size=part.size)
        return self.page_found(found, SnapshotOutput)


class CaseMeasures(TeamEndpoint):
    pagination_class = KeysetPagination
    order = PARTS["measures"].order

    @extend_schema(summary="Measures around a case", responses=MeasureOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """On what the case is about, and on the person who answers for it, newest first."""
        return self.page_of(PARTS["measures"].rows(find_case(case_id, request.user), request.user), MeasureOutput)


class CaseEvents(TeamEndpoint):
    pagination_class = KeysetPagination
    order = PARTS["events"].order

    @extend_schema(summary="What happened in a case", responses=EventOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The events of the case, oldest first, without looks at the evidence."""
        part = PARTS["events"]
        rows = part.rows(find_case(case_id, request.user), request.user)
        found = page(rows, request._request.GET, order=part.order, size=part.size)
        without_unseen_links(found.rows, request.user)
        return self.page_found(found, EventOutput)
