"""Finding things, and opening what an owner keeps to few, for programs of the team (K1, D4, A2)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, ErrorOutput, checked
from foundation.errors import Refused
from moderation.cases import palette
from moderation.cases.api.base import TeamEndpoint
from repositories.actions.inspection import LONGEST_REASON, close_inspection, inspect
from repositories.models import Inspection, Repository

LONGEST_WORDS = 200


class WordsInput(serializers.Serializer[Any]):
    q = CleanTextField(
        longest=LONGEST_WORDS, required=False, allow_blank=True, help_text="After an @ people only; none: lately."
    )


class HitOutput(serializers.Serializer[palette.Hit]):
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    detail = serializers.CharField(read_only=True)
    address = serializers.SerializerMethodField(help_text="Where it stands on our pages; ids are in it.")

    def get_address(self, hit: palette.Hit) -> str:
        return str(self.context["request"].build_absolute_uri(hit.address))


class GroupOutput(serializers.Serializer[palette.Group]):
    title = serializers.CharField(read_only=True)
    hits = HitOutput(many=True, read_only=True)


class Search(TeamEndpoint):
    @extend_schema(summary="Find anything of the desk", parameters=[WordsInput], responses=GroupOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Cases, people, repositories, saved views and pages that fit some words, at most twenty in all."""
        words = checked(WordsInput, request.query_params).get("q", "")
        found: Any = palette.find(words, request.user)
        return Response(GroupOutput(found, many=True, context={"request": request}).data)


class InspectionInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="In a sentence: the owner reads it.")


class InspectionOutput(serializers.ModelSerializer[Inspection]):
    """What you may look at, and until when."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Inspection
        fields = ("id", "reason", "starts_at", "ends_at")
        read_only_fields = fields


class Inspect(TeamEndpoint):
    @extend_schema(
        summary="Open what an owner keeps to few",
        request=InspectionInput,
        responses={200: InspectionOutput, 409: ErrorOutput},
        examples=[OpenApiExample("Why", value={"reason": "Somebody reported a picture in it."}, request_only=True)],
    )
    def put(self, request: SignedIn, repository_id: UUID) -> Response:
        """See and read a private, gated or disabled repository for four hours; its owner is told why.

        While one is open, it is answered as it is. 409 (`open`) for what you see anyway, `reason` for too short a one.
        """
        asked = checked(InspectionInput, request.data)
        made = inspect(_find(repository_id), reason=asked["reason"], actor=request.user)
        return Response(InspectionOutput(made).data)

    @extend_schema(
        summary="Close it again",
        responses={204: OpenApiResponse(description="Nothing of it is open for you, now or before.")},
    )
    def delete(self, request: SignedIn, repository_id: UUID) -> Response:
        """End what is open for you now."""
        close_inspection(_find(repository_id), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _find(repository_id: UUID) -> Repository:
    """Whatever its owner chose: who asks is in the team."""
    rows = Repository.objects.filter(public_id=repository_id, deleted_at=None).select_related("namespace")
    repository = rows.first()
    if repository is None:
        raise Refused(_("There is no such repository."), code="not_found", status=404)
    return repository
