"""The team's side of the threads with parties, for programs (K1, D1, D2)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from accounts.queries import people_named
from foundation import clock
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions import ask, ask_owner, invite, invite_by_mail, leave, reply
from moderation.cases.actions.threads import LONGEST
from moderation.cases.api.base import KEY, TeamEndpoint, find_review
from moderation.cases.audit import THREAD, note_reading
from moderation.cases.conversations import messages_of
from moderation.cases.models import Case, Party, PartyMessage
from moderation.cases.queries import open_to
from moderation.cases.related import clock_of

INVITED = [(value, label) for value, label in Party.Role.choices if value != Party.Role.OWNER]


class PartyOutput(serializers.ModelSerializer[Party]):
    """`person` is empty for the owner side of an organization, and for whoever takes part by mail."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    person = serializers.SerializerMethodField()
    organization = serializers.CharField(
        source="organization.name", read_only=True, allow_null=True, default=None, help_text="Whose admins write here."
    )
    clock = serializers.SerializerMethodField(help_text="How their time to answer stands.")

    class Meta:
        model = Party
        fields = (
            "id", "role", "person", "organization", "named", "joined_at", "left_at", "asked_at", "answer_until",
            "answered_at", "clock",
        )  # fmt: skip
        read_only_fields = fields

    def get_person(self, party: Party) -> str | None:
        return party.user.username if party.user and not party.user.is_guest else None

    def get_clock(self, party: Party) -> str:
        return clock_of(party).state(clock.now()).value


class MessageOutput(serializers.ModelSerializer[PartyMessage]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    author = serializers.SerializerMethodField(help_text="Null for somebody without an account.")

    class Meta:
        model = PartyMessage
        fields = ("id", "author", "from_team", "text", "created_at")
        read_only_fields = fields

    def get_author(self, message: PartyMessage) -> str | None:
        return None if message.author.is_guest else message.author.username


class InviteInput(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=INVITED)
    username = CleanTextField(longest=100, required=False, help_text="Somebody with an account …")
    email = serializers.EmailField(required=False, max_length=254, help_text="… or an address.")
    name = CleanTextField(longest=100, required=False, allow_blank=True, help_text="With an address: how to call them.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="en", help_text="With an address.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of both ways to say who; finds the person of a user name."""
        if ("username" in attrs) == ("email" in attrs):
            raise serializers.ValidationError(_("Send either a user name or an e-mail address."))
        if "username" in attrs:
            person = people_named([attrs["username"].lower()]).first()
            if person is None or person.is_guest:
                raise serializers.ValidationError({"username": [_("Nobody of this name is here.")]})
            attrs["person"] = person
        return attrs


class MessageInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST)
    naming = serializers.BooleanField(
        default=False, help_text="A name of a reporter or another party in the words must stay."
    )
    request_id = serializers.UUIDField(required=False, allow_null=True)


class ReplyInput(MessageInput):
    closes = serializers.BooleanField(default=False, help_text="Nothing is asked any more.")


SENT = {201: MessageOutput, 200: MessageOutput, 409: ErrorOutput, 422: ErrorOutput}
QUESTION = OpenApiExample(
    "A question", value={"text": "Under which licence did you receive the recordings?"}, request_only=True
)


class Parties(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("id",)

    @extend_schema(summary="Parties of a case", responses=PartyOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """Who takes part in the case besides the team, in the order in which they joined."""
        case = find_review(case_id, request.user)
        return self.page_of(Party.objects.filter(case=case).select_related("user", "organization"), PartyOutput)

    @extend_schema(
        summary="Invite a party",
        request=InviteInput,
        responses={200: PartyOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample("By name", value={"role": "depicted", "username": "lena"}, request_only=True),
            OpenApiExample(
                "By mail",
                value={"role": "parent", "email": "a.parent@people.example", "name": "Ana", "language": "en"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Let somebody whom the case concerns take part, in a thread of their own; they get a message.

        Inviting somebody twice is inviting them once. 409 for the `owner`, who is asked and not invited.
        """
        asked = checked(InviteInput, request.data)
        case, role = find_review(case_id, request.user), asked["role"]
        if "person" in asked:
            party = invite(case, role=role, person=asked["person"], actor=request.user)
        else:
            to = {"email": asked["email"].lower(), "name": asked.get("name", ""), "language": asked["language"]}
            party = invite_by_mail(case, role=role, actor=request.user, **to)
        return Response(PartyOutput(party).data)


class AskOwner(TeamEndpoint):
    @extend_schema(summary="Ask the owner", parameters=[KEY], request=MessageInput, responses=SENT, examples=[QUESTION])
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Ask the owner: their time begins, and the case waits outside of the queue while it runs.

        422 (`names_somebody`) when the words name a reporter or another party.
        """
        case = find_review(case_id, request.user)
        return _send(request, MessageInput, lambda words: ask_owner(case, **words))


class Ask(TeamEndpoint):
    @extend_schema(summary="Ask a party", parameters=[KEY], request=MessageInput, responses=SENT, examples=[QUESTION])
    def post(self, request: SignedIn, party_id: UUID) -> Response:
        """Ask a party something: their whole time begins. 409 when they `left`, or somebody else holds the case."""
        party = _find(party_id, request.user)
        return _send(request, MessageInput, lambda words: ask(party, **words))


class Reply(TeamEndpoint):
    @extend_schema(
        summary="Reply to a party", parameters=[KEY], request=ReplyInput, responses=SENT,
        examples=[OpenApiExample("The end", value={"text": "That is all.", "closes": True}, request_only=True)],
    )  # fmt: skip
    def post(self, request: SignedIn, party_id: UUID) -> Response:
        """Answer a party: their time runs on with what was left, or (`closes`) nothing is asked any more."""
        party = _find(party_id, request.user)
        return _send(request, ReplyInput, lambda words: reply(party, **words))


class Messages(TeamEndpoint):
    pagination_class = KeysetPagination

    @extend_schema(summary="The thread of a party", responses=MessageOutput(many=True))
    def get(self, request: SignedIn, party_id: UUID) -> Response:
        """What we and the party wrote to each other, newest first. Reading it is an event."""
        party = _find(party_id, request.user)
        rows = messages_of(party)
        if rows.exists():
            note_reading(party.case, THREAD, actor=request.user)
        return self.page_of(rows, MessageOutput)


class Leave(TeamEndpoint):
    @extend_schema(
        summary="End a part in a case",
        request=None,
        responses={204: OpenApiResponse(description="Ended, now or before."), 409: ErrorOutput},
    )
    def post(self, request: SignedIn, party_id: UUID) -> Response:
        """End somebody's part: a mistake, or they asked for it. 409 for the `owner`, whom it concerns anyhow."""
        leave(_find(party_id, request.user), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _find(party_id: UUID, actor: User) -> Party:
    seen = open_to(Case.objects.filter(kind=Case.Kind.REVIEW), actor)
    party = Party.objects.select_related("user", "case__subject").filter(public_id=party_id, case__in=seen).first()
    if party is None:
        raise Refused(_("There is no such party."), code="not_found", status=404)
    return party


def _send(request: SignedIn, shape: type[serializers.Serializer[Any]], write: Any) -> Response:
    words = checked(shape, request.data)
    key = idempotency_key(request, words.pop("request_id", None), request.user.public_id)
    known = key is not None and PartyMessage.objects.filter(request_id=key).exists()
    message = write({**words, "request_id": key, "actor": request.user})
    return Response(MessageOutput(message).data, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)
