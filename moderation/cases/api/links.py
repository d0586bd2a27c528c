"""Cases that belong together, for programs: linked ones and those that might be (K1, D4)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from moderation.cases.actions import link, unlink
from moderation.cases.api.base import TeamEndpoint, find_case, find_review
from moderation.cases.api.shapes import CaseRow
from moderation.cases.overview.links import linked_cases, suggestions


class RelatedOutput(serializers.Serializer[Any]):
    case = CaseRow(read_only=True)
    why = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="In words.")


class LinksOutput(serializers.Serializer[Any]):
    linked = RelatedOutput(many=True, read_only=True)
    suggested = RelatedOutput(many=True, read_only=True)


class Links(TeamEndpoint):
    @extend_schema(summary="Related cases", responses=LinksOutput)
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """Cases that are linked to this one, newest link first, and open ones that look as if they belonged to it."""
        case = find_review(case_id, request.user)
        found = {"linked": linked_cases(case, request.user), "suggested": suggestions(case, request.user)}
        return Response(LinksOutput(found, context={"request": request}).data)


class OneLink(TeamEndpoint):
    @extend_schema(
        summary="Link two cases", request=None, responses={204: OpenApiResponse(description="Linked, now or before.")}
    )
    def put(self, request: SignedIn, case_id: UUID, other_id: UUID) -> Response:
        """Link another case to this one; both stay cases of their own."""
        link(find_review(case_id, request.user), find_case(other_id, request.user), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Unlink two cases", responses={204: OpenApiResponse(description="Not linked any more.")})
    def delete(self, request: SignedIn, case_id: UUID, other_id: UUID) -> Response:
        """Take a link away; nothing happens where there is none."""
        unlink(find_review(case_id, request.user), find_case(other_id, request.user), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
