"""A case as its parties see it, for their programs: own matters, answering, leaving, being named (K1, D1, D2)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation import clock
from foundation.api import CleanTextField, Endpoint, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.pages import Page, page
from moderation.cases.actions import consent_to_be_named, leave
from moderation.cases.actions.threads import LONGEST
from moderation.cases.answer_limit import answer_within_limit
from moderation.cases.api.base import KEY
from moderation.cases.conversations import BACKWARDS, NEWEST_MESSAGES, messages_of
from moderation.cases.matters import Line, Matter, lines_for, matter_of, what_for
from moderation.cases.models import Decision, Party
from moderation.cases.related import clock_of, find_matter, matters_of


class MatterRow(serializers.ModelSerializer[Party]):
    """What concerns you, and how your time to answer stands."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    what = serializers.SerializerMethodField(help_text="In words.")
    clock = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields: tuple[str, ...] = ("id", "role", "what", "clock", "answer_until", "joined_at", "left_at", "named")
        read_only_fields = fields

    def get_what(self, party: Party) -> str:
        return what_for(party)

    def get_clock(self, party: Party) -> str:
        return clock_of(party).state(clock.now()).value


class LineOutput(serializers.Serializer[Line]):
    """A message; `side` is who wrote it: the team, you, or somebody else of yours."""

    id = serializers.UUIDField(source="message.public_id", read_only=True)
    side = serializers.ChoiceField(choices=["team", "you", "yours"], read_only=True)
    text = serializers.CharField(source="message.text", read_only=True)
    created_at = serializers.DateTimeField(source="message.created_at", read_only=True)


class MatterOutput(MatterRow):
    open = serializers.SerializerMethodField(help_text="Whether you can still answer.")
    clause = serializers.SerializerMethodField(help_text="Null where we do not say it.")
    others = serializers.SerializerMethodField(help_text="Who else takes part: their roles, or names they agreed to.")
    messages = serializers.SerializerMethodField(
        help_text="The newest fifty, oldest first; all of them at /matters/{id}/messages."
    )
    outcome = serializers.SerializerMethodField(help_text="What we decided; null while we have not.")
    contest_until = serializers.SerializerMethodField(help_text="Null where it is not for you to contest.")

    class Meta(MatterRow.Meta):
        fields = (*MatterRow.Meta.fields, "open", "clause", "others", "messages", "outcome", "contest_until")
        read_only_fields = fields

    @property
    def matter(self) -> Matter:
        found: Matter = self.context["matter"]
        return found

    def get_open(self, party: Party) -> bool:
        return self.matter.open

    def get_clause(self, party: Party) -> str | None:
        return self.matter.clause.code if self.matter.clause else None

    def get_others(self, party: Party) -> list[str]:
        return self.matter.others

    @extend_schema_field(LineOutput(many=True))
    def get_messages(self, party: Party) -> Any:
        lines: Any = self.matter.lines
        return LineOutput(lines, many=True).data

    def get_outcome(self, party: Party) -> str | None:
        decision: Decision | None = self.matter.decision
        return decision.outcome if decision else None

    def get_contest_until(self, party: Party) -> datetime | None:
        return self.matter.contest_until


class AnswerInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST, help_text="Only our team reads it.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class NamingInput(serializers.Serializer[Any]):
    named = serializers.BooleanField(help_text="Whether the other parties may learn who you are.")


class Matters(Endpoint):
    pagination_class = KeysetPagination

    @extend_schema(summary="Your matters", responses=MatterRow(many=True))
    def get(self, request: SignedIn) -> Response:
        """Cases in which you take part, or that concern an organization whose admin you are, newest first."""
        own, of_organizations = matters_of(request.user)
        found = page(own, request._request.GET, order=("-joined_at", "-id"), size=30, also=[of_organizations])
        return self.page_found(found, MatterRow)


class OneMatter(Endpoint):
    @extend_schema(summary="A matter of yours", responses=MatterOutput)
    def get(self, request: SignedIn, matter_id: UUID) -> Response:
        """The thread between you and our team."""
        return _shown(request, matter_id)


class MatterMessages(Endpoint):
    pagination_class = KeysetPagination

    @extend_schema(summary="The thread of a matter of yours", responses=LineOutput(many=True))
    def get(self, request: SignedIn, matter_id: UUID) -> Response:
        """What you and our team wrote to each other, newest first."""
        party = find_matter(request.user, matter_id)
        found = page(messages_of(party), request._request.GET, order=BACKWARDS, size=NEWEST_MESSAGES)
        lines = Page[Any](lines_for(found.rows, request.user), found.next)
        return self.page_found(lines, LineOutput)


class Answers(Endpoint):
    @extend_schema(
        summary="Answer us",
        parameters=[KEY],
        request=AnswerInput,
        responses={201: MatterOutput, 200: MatterOutput, 409: ErrorOutput, 429: ErrorOutput},
        examples=[OpenApiExample("An answer", value={"text": "I have taken the recordings out."}, request_only=True)],
    )
    def post(self, request: SignedIn, matter_id: UUID) -> Response:
        """Write to our team: your time stands still until we reply.

        The same request sent again is answered 200. 409 when we `decided` meanwhile, or you `left`.
        """
        asked = checked(AnswerInput, request.data)
        party = find_matter(request.user, matter_id)
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id)
        new = answer_within_limit(party, text=asked["text"], actor=request.user, request_id=key)
        return _shown(request, matter_id, status.HTTP_201_CREATED if new else status.HTTP_200_OK)


class LeaveMatter(Endpoint):
    @extend_schema(
        summary="Leave a matter",
        request=None,
        responses={204: OpenApiResponse(description="You take part no more."), 409: ErrorOutput},
    )
    def post(self, request: SignedIn, matter_id: UUID) -> Response:
        """Take part no more. 409 for the `owner`, who may stay silent and remains a party."""
        leave(find_matter(request.user, matter_id), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Naming(Endpoint):
    @extend_schema(
        summary="Agree to be named",
        request=NamingInput,
        responses=MatterOutput,
        examples=[OpenApiExample("I agree", value={"named": True}, request_only=True)],
    )
    def put(self, request: SignedIn, matter_id: UUID) -> Response:
        """Agree, or no longer agree, that the other parties learn who you are."""
        asked = checked(NamingInput, request.data)
        consent_to_be_named(find_matter(request.user, matter_id), named=asked["named"], actor=request.user)
        return _shown(request, matter_id)


def _shown(request: SignedIn, matter_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    party = find_matter(request.user, matter_id)
    matter = matter_of(party, request.user, clock.now())
    return Response(MatterOutput(party, context={"request": request, "matter": matter}).data, status=code)
