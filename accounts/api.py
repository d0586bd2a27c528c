"""What we wrote to a person, for their programs (G1, K1)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import queries
from accounts.actions import mark_read
from accounts.authentication import SignedIn
from accounts.letters import address_of_link
from accounts.models import InboxMessage
from foundation.api import Endpoint, KeysetPagination, checked

_EXAMPLE = {
    "id": "1f0c2a52-5f3e-4a55-8a0e-2f6f0ad3a4c1",
    "subject": "Your model nok/tiny-model is downgraded",
    "link": "https://hub.example/statements/0d6f2a9e-9d5b-4f13-a1f5-9f2a65a0c0b7",
    "link_label": "Read the reasons",
    "created_at": "2026-11-21T09:30:00Z",
    "read_at": None,
}
ROW = OpenApiExample("Not opened yet", value=_EXAMPLE, response_only=True)
WHOLE = OpenApiExample(
    "A letter", value=_EXAMPLE | {"body": "We looked at a report and decided that …"}, response_only=True
)


class InboxFilters(serializers.Serializer[Any]):
    unread = serializers.BooleanField(default=False, help_text="Only what you have not opened yet.")


class LetterRow(serializers.ModelSerializer[InboxMessage]):
    """A letter in a list, without its words."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    link = serializers.SerializerMethodField(help_text="The page that it is about; empty where there is none.")

    class Meta:
        model = InboxMessage
        fields: tuple[str, ...] = ("id", "subject", "link", "link_label", "created_at", "read_at")
        read_only_fields = fields

    def get_link(self, message: InboxMessage) -> str:
        return address_of_link(message)


class LetterOutput(LetterRow):
    """A whole letter."""

    class Meta(LetterRow.Meta):
        fields = (*LetterRow.Meta.fields, "body")
        read_only_fields = fields
        extra_kwargs = {"body": {"help_text": "Markdown."}}


class Inbox(Endpoint):
    pagination_class = KeysetPagination
    order = ("-created_at", "-id")

    @extend_schema(summary="Letters to you", parameters=[InboxFilters], responses=LetterRow(many=True), examples=[ROW])
    def get(self, request: SignedIn) -> Response:
        """What we wrote to you, newest first, read or not."""
        rows = queries.inbox(request.user).defer("body")
        if checked(InboxFilters, request.query_params)["unread"]:
            rows = rows.filter(read_at=None)
        return self.page_of(rows, LetterRow)


class OneLetter(Endpoint):
    @extend_schema(summary="A letter to you", responses=LetterOutput, examples=[WHOLE])
    def get(self, request: SignedIn, letter_id: UUID) -> Response:
        """Its words; this does not mark it as read. 404 for whatever is in no inbox of yours."""
        return Response(LetterOutput(queries.find_message(request.user, letter_id)).data)


class ReadLetter(Endpoint):
    @extend_schema(summary="Mark a letter as read", request=None, responses=LetterOutput, examples=[WHOLE])
    def post(self, request: SignedIn, letter_id: UUID) -> Response:
        """Say that its recipient has read it. Sent again, it keeps the first moment."""
        letter = queries.find_message(request.user, letter_id)
        if letter.read_at is None:
            mark_read(letter, through=InboxMessage.Through.API, actor=request.user)
            letter = queries.find_message(request.user, letter_id)
        return Response(LetterOutput(letter).data)
