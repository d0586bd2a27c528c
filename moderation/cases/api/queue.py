"""The queue and its cases, for programs (K1, D4)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import ErrorOutput, KeysetPagination
from moderation.cases.actions import claim, claim_next, release
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.api.shapes import CaseOutput, CaseRow
from moderation.cases.models import Case
from moderation.cases.queries import cases, claimed, open_to, unclaimed
from moderation.policy.api import ClauseField
from moderation.subjects.models import TARGETS


class CaseFilters(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Case.State.choices, default=Case.State.OPEN)
    clause = ClauseField(required=False)
    kind = serializers.ChoiceField(choices=TARGETS, required=False, help_text="What the case is about.")
    assignee = serializers.CharField(
        required=False, help_text="A username, `me`, or `none` for cases that nobody holds now."
    )
    language = serializers.RegexField(r"^[a-z-]{2,10}$", required=False, help_text="ISO 639-1, such as `th`.")

    def narrow(self, rows: QuerySet[Case], actor: User) -> QuerySet[Case]:
        """`rows` that fit what was asked for. Raises ValidationError for a filter that makes no sense."""
        self.is_valid(raise_exception=True)
        asked = dict(self.validated_data)
        assignee = asked.pop("assignee", "")
        if "kind" in asked:
            asked["subject_kind"] = asked.pop("kind")
        rows = rows.filter(**asked)
        if assignee == "none":
            return unclaimed(rows)
        if assignee == "me":
            return claimed(rows, actor)
        return claimed(rows).filter(assignee__username__iexact=assignee) if assignee else rows


class Cases(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("rank", "id")

    @extend_schema(summary="The queue", parameters=[CaseFilters], responses=CaseRow(many=True))
    def get(self, request: SignedIn) -> Response:
        """Cases in the order of the queue: what should be looked at first comes first. Without a filter the open ones.

        Cases about the person who asks are left out.
        """
        rows = CaseFilters(data=request.query_params).narrow(open_to(cases(), request.user), request.user)
        return self.page_of(rows, CaseRow)


class OneCase(TeamEndpoint):
    @extend_schema(summary="A case with its history", responses=CaseOutput)
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The case with its reports, what was reported and its scores, measures, decisions and events.

        Decide with the `version` you read here.
        """
        return Response(CaseOutput(find_case(case_id, request.user), context={"request": request}).data)


class ClaimCase(TeamEndpoint):
    @extend_schema(summary="Claim a case", request=None, responses={200: CaseRow, 409: ErrorOutput})
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Take the case for ten minutes; claiming an own one renews it. 409 when somebody else holds it."""
        case = claim(find_case(case_id, request.user), actor=request.user)
        return Response(CaseRow(case, context={"request": request}).data)


class ReleaseCase(TeamEndpoint):
    @extend_schema(summary="Release a case", request=None, responses=CaseRow)
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Give an own claim back; one of somebody else stays."""
        release(find_case(case_id, request.user), actor=request.user)
        return Response(CaseRow(find_case(case_id, request.user), context={"request": request}).data)


class NextCase(TeamEndpoint):
    @extend_schema(
        summary="Claim the next case",
        request=None,
        responses={200: CaseRow, 204: OpenApiResponse(description="Nothing waits.")},
    )
    def post(self, request: SignedIn) -> Response:
        """Claim the first case of the queue that nobody holds."""
        case = claim_next(actor=request.user)
        if case is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(CaseRow(find_case(case.public_id, request.user), context={"request": request}).data)
