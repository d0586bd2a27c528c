"""A person's history for programs of the team: measures, cases, reports (K1, C4)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import PostingRestriction, User
from accounts.posting import standing_restriction
from foundation.api import KeysetPagination
from foundation.errors import Refused
from moderation.cases.actions.limits import lift_reporting_limit
from moderation.cases.api.base import TeamEndpoint
from moderation.cases.api.reports import RecordOutput
from moderation.cases.api.shapes import WHO, CaseRow
from moderation.cases.queries import cases_about, measures_told_to, open_to
from moderation.reports.actions.limits import standing_limit
from moderation.reports.models import ReportingLimit
from moderation.reports.reliability import record_of
from moderation.sanctions.api import MeasureOutput
from moderation.sanctions.models import Measure

MOST_LIMITS = 10


class UnderClause(serializers.Serializer[Any]):
    clause = serializers.CharField(read_only=True)
    record = RecordOutput(read_only=True)


class LimitOutput(serializers.ModelSerializer[ReportingLimit]):
    """How few reports somebody may file after they kept filing in bad faith."""

    lifted_by = serializers.CharField(source="lifted_by.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = ReportingLimit
        fields = ("per_day", "reason", "starts_at", "ends_at", "lifted_at", "lifted_by")
        read_only_fields = fields


class RestrictionOutput(serializers.ModelSerializer[PostingRestriction]):
    class Meta:
        model = PostingRestriction
        fields = ("reason", "starts_at", "ends_at")
        read_only_fields = fields


class PersonOutput(serializers.Serializer[Any]):
    """What holds for a person now, and how often we agreed with their reports."""

    id = serializers.UUIDField(source="person.public_id", read_only=True)
    username = serializers.CharField(source="person.username", read_only=True)
    active = serializers.BooleanField(source="person.is_active", read_only=True)
    joined_at = serializers.DateTimeField(source="person.date_joined", read_only=True)
    posting = RestrictionOutput(read_only=True, allow_null=True, help_text="What keeps them from posting.")
    record = RecordOutput(read_only=True)
    by_clause = UnderClause(many=True, read_only=True, help_text="Where something was decided, most first.")
    limit = LimitOutput(read_only=True, allow_null=True, help_text="The one that holds now.")
    limits = LimitOutput(many=True, read_only=True, help_text="The newest ten.")


class Person(TeamEndpoint):
    @extend_schema(summary="A person", responses=PersonOutput)
    def get(self, request: SignedIn, person_id: UUID) -> Response:
        """What holds for somebody, and their record as a reporter. 404 for oneself, too."""
        person = _find(person_id, request.user)
        record, by_clause = record_of(person.pk)
        limits = ReportingLimit.objects.filter(person=person).select_related("lifted_by").order_by("-pk")
        found = {
            "person": person,
            "posting": standing_restriction(person),
            "record": record,
            "by_clause": [{"clause": row.clause.code, "record": under} for row, under in by_clause],
            "limit": standing_limit(person),
            "limits": limits[:MOST_LIMITS],
        }
        return Response(PersonOutput(found).data)


class PersonMeasures(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-starts_at", "-id")

    @extend_schema(summary="Measures on a person", responses=MeasureOutput(many=True))
    def get(self, request: SignedIn, person_id: UUID) -> Response:
        """Newest first, with those that hold no more. Lift one by its id."""
        person = _find(person_id, request.user)
        rows = Measure.objects.filter(measures_told_to(request.user), person=person).select_related(*WHO)
        return self.page_of(rows, MeasureOutput)


class PersonCases(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-opened_at", "-id")

    @extend_schema(summary="Cases about a person", responses=CaseRow(many=True))
    def get(self, request: SignedIn, person_id: UUID) -> Response:
        """Cases about what somebody wrote, owns or is, newest first."""
        person = _find(person_id, request.user)
        return self.page_of(open_to(cases_about(person), request.user), CaseRow)


class PersonLimit(TeamEndpoint):
    @extend_schema(
        summary="Lift a limit on reporting", responses={204: OpenApiResponse(description="None holds, now or before.")}
    )
    def delete(self, request: SignedIn, person_id: UUID) -> Response:
        """Let somebody report as before; they hear of it."""
        person = _find(person_id, request.user)
        if limit := standing_limit(person):
            lift_reporting_limit(limit, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _find(person_id: UUID, actor: User) -> User:
    """Somebody else: what is held about members of the team bypasses them (C1)."""
    person = User.objects.filter(public_id=person_id).exclude(pk=actor.pk).first()
    if person is None:
        raise Refused(_("There is no such person."), code="not_found", status=404)
    return person
