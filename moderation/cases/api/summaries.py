"""Describing a matter in public in the team's words, for programs (K1, C2)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from community.models import Discussion
from foundation.api import CleanTextField, ErrorOutput, checked, idempotency_key
from moderation.cases.actions.summaries import LONGEST, SHORTEST, publish_summary, published_by
from moderation.cases.api.base import KEY, TeamEndpoint, find_review


class SummaryInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST, min_length=SHORTEST, help_text="Our words: they name nobody.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class SummaryOutput(serializers.Serializer[Discussion]):
    """The public discussion whose first comment they are."""

    discussion = serializers.UUIDField(source="public_id", read_only=True)
    url = serializers.SerializerMethodField()

    def get_url(self, discussion: Discussion) -> str:
        return str(self.context["request"].build_absolute_uri(discussion.get_absolute_url()))


class Summary(TeamEndpoint):
    @extend_schema(
        summary="Describe a case in public",
        parameters=[KEY],
        request=SummaryInput,
        responses={201: SummaryOutput, 200: SummaryOutput, 409: ErrorOutput, 422: ErrorOutput},
        examples=[
            OpenApiExample(
                "What we look at",
                value={"text": "We were told that this model may give away data of people, and look at its files."},
                request_only=True,
            )
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Open a public discussion in the repository that says in our words what we look at; answers reach the case.

        Once, where the clause asks for our words after triage and the repository is public: else 409 (`not_public`).
        422 (`names_somebody`) for words that name a reporter or a party. The same request sent again is answered 200;
        other words under the same key are a 409 (`sent`).
        """
        asked = checked(SummaryInput, request.data)
        case = find_review(case_id, request.user)
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id)
        known = published_by(case, key) is not None
        discussion = publish_summary(case, text=asked["text"], actor=request.user, request_id=key)
        shown = SummaryOutput(discussion, context={"request": request}).data
        return Response(shown, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)
