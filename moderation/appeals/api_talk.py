"""The conversation of an appeal, for programs: of whoever contests, and of the team (K1, G2)."""

import hashlib
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, Endpoint, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from moderation.appeals import queries
from moderation.appeals.actions import ask_appellant, lift_appeal_limit
from moderation.appeals.actions.bad_faith import limits_now
from moderation.appeals.dossier import note_conversation
from moderation.appeals.limits import say_within_limit
from moderation.appeals.models import Appeal, AppealFile, AppealLimit, AppealMessage
from moderation.appeals.talk import BACKWARDS, Line
from moderation.cases.api.base import KEY, JsonErrors, TeamEndpoint
from moderation.cases.audit import APPEAL_FILE
from moderation.cases.downloads import hand_out
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.reports.api import AttachmentOutput
from moderation.reports.file_bodies import FileName, OneFileParser, file_of
from moderation.reports.forms import LONGEST

MOST_LIMITS = 10
_WITHOUT_KEYS = Prefetch("files", AppealFile.objects.defer("key").order_by("pk"))


class AppealMessageOutput(serializers.ModelSerializer[AppealMessage]):
    """A line of the conversation, by us or by whoever contests."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    attachments = serializers.SerializerMethodField()

    class Meta:
        model = AppealMessage
        fields = ("id", "from_team", "text", "attachments", "created_at")
        read_only_fields = fields

    @extend_schema_field(AttachmentOutput(many=True))
    def get_attachments(self, message: AppealMessage) -> Any:
        files: Any = message.files.all()
        return AttachmentOutput(files, many=True).data


class TalkOutput(serializers.Serializer[Line]):
    """A line of the conversation for the team; `author` is null for somebody without an account."""

    id = serializers.UUIDField(source="message.public_id", read_only=True)
    author = serializers.SerializerMethodField()
    from_team = serializers.BooleanField(source="message.from_team", read_only=True)
    text = serializers.CharField(source="message.text", read_only=True)
    attachments = AttachmentOutput(source="files", many=True, read_only=True)
    created_at = serializers.DateTimeField(source="message.created_at", read_only=True)

    def get_author(self, said: Line) -> str | None:
        return None if said.message.author.is_guest else said.message.author.username


class SayInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST, help_text="Only our team reads it.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class AskInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST, help_text="They read this as it stands, from “Ombud”.")
    waits = serializers.BooleanField(
        default=True, help_text="We wait for their answer, and the case outside of the queue."
    )
    naming = serializers.BooleanField(
        default=False, help_text="A name of a reporter or another party in the words must stay."
    )
    request_id = serializers.UUIDField(required=False, allow_null=True)


class AppealMessages(Endpoint):
    pagination_class = KeysetPagination
    order = ("id",)

    @extend_schema(summary="The conversation of an appeal of yours", responses=AppealMessageOutput(many=True))
    def get(self, request: SignedIn, appeal_id: UUID) -> Response:
        """What you and we wrote since you contested the decision, the first to come first."""
        appeal = queries.own_appeal(appeal_id, request.user)
        rows = AppealMessage.objects.filter(appeal=appeal).prefetch_related(_WITHOUT_KEYS)
        return self.page_of(rows, AppealMessageOutput)

    @extend_schema(
        summary="Write to us about an appeal of yours",
        parameters=[KEY],
        request=SayInput,
        responses={201: AppealMessageOutput, 200: AppealMessageOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample("An answer", value={"text": "The whole thread is in the second file."}, request_only=True)
        ],
    )
    def post(self, request: SignedIn, appeal_id: UUID) -> Response:
        """Tell us more, or answer what we asked: the appeal waits for us then.

        The same request sent again is answered 200. 409 once we have answered (`decided`).
        """
        appeal = queries.own_appeal(appeal_id, request.user)
        asked = checked(SayInput, request.data)
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id)
        message, new = say_within_limit(appeal, text=asked["text"], actor=request.user, request_id=key)
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return Response(AppealMessageOutput(message).data, status=code)


class AppealFiles(Endpoint):
    parser_classes = (OneFileParser,)
    pagination_class = KeysetPagination
    order = ("id",)

    @extend_schema(
        summary="Files with an appeal of yours", responses={200: AttachmentOutput(many=True), 400: ErrorOutput}
    )
    def get(self, request: SignedIn, appeal_id: UUID) -> Response:
        """All that came with it, the first to come first. The content is for our team only."""
        appeal = queries.own_appeal(appeal_id, request.user)
        return self.page_of(AppealFile.objects.filter(appeal=appeal).defer("key"), AttachmentOutput)

    @extend_schema(
        summary="Send us a file about an appeal of yours",
        parameters=[FileName],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: AttachmentOutput, 200: AttachmentOutput, 400: ErrorOutput, 409: ErrorOutput},
    )
    def post(self, request: SignedIn, appeal_id: UUID) -> Response:
        """Send the content of one file as the body, at most 5 MB: a picture, PDF or plain text, twelve an appeal.

        It is a message of its own, without words. The same content sent again is answered 200. 409 once we have
        answered (`decided`), for one file too many (`too_many`), and where nobody may send a copy (`sealed`).
        """
        appeal = queries.own_appeal(appeal_id, request.user)
        asked = checked(FileName, request.query_params)
        file = file_of(asked["name"], request.data)
        digest = hashlib.sha256(file.content).hexdigest()
        kept: Any = AppealFile.objects.filter(appeal=appeal, sha256=digest).first()
        if kept is not None:
            return Response(AttachmentOutput(kept).data)
        message, _new = say_within_limit(appeal, text="", files=[file], actor=request.user)
        kept = message.files.get()
        return Response(AttachmentOutput(kept).data, status=status.HTTP_201_CREATED)


class AskAppellant(TeamEndpoint):
    @extend_schema(
        summary="Write to whoever contests a decision",
        parameters=[KEY],
        request=AskInput,
        responses={200: TalkOutput, 409: ErrorOutput, 422: ErrorOutput},
        examples=[OpenApiExample("A question", value={"text": "Which comments do you mean?"}, request_only=True)],
    )
    def post(self, request: SignedIn, appeal_id: UUID) -> Response:
        """Ask something before you answer: the case waits outside of the queue while their time runs.

        403 for whoever decided about the same before, 409 when somebody else holds the case (`claimed`) or answered
        (`decided`), 422 (`names_somebody`) when the words name a reporter or a party. Sent again it is one message.
        """
        asked = checked(AskInput, request.data)
        appeal = find_appeal(appeal_id, request.user)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        message = ask_appellant(appeal, **asked, request_id=key, actor=request.user)
        return Response(TalkOutput(Line(message, [])).data)


class AppealTalk(TeamEndpoint):
    pagination_class = KeysetPagination
    order = BACKWARDS

    @extend_schema(summary="The conversation of an appeal", responses=TalkOutput(many=True))
    def get(self, request: SignedIn, appeal_id: UUID) -> Response:
        """What both sides wrote since the decision was contested, the newest first."""
        appeal = find_appeal(appeal_id, request.user)
        note_conversation(appeal.case, appeal, actor=request.user)
        pages = KeysetPagination()
        rows = AppealMessage.objects.filter(appeal=appeal).select_related("author").prefetch_related(_WITHOUT_KEYS)
        found: list[AppealMessage] = pages.paginate_queryset(rows, request, view=self)
        lines: Any = [Line(message, list(message.files.all())) for message in found]
        return pages.get_paginated_response(TalkOutput(lines, many=True).data)


class OneAppealFile(TeamEndpoint):
    content_negotiation_class = JsonErrors

    @extend_schema(
        summary="Download a file of an appeal",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 410: ErrorOutput},
    )
    def get(self, request: SignedIn, appeal_id: UUID, attachment_id: UUID) -> HttpResponse:
        """The file as it was sent, decrypted; each download is an event. 410 (`destroyed`) once it is gone."""
        appeal = find_appeal(appeal_id, request.user)
        return hand_out(appeal.case, queries.file_in(appeal.case, attachment_id), APPEAL_FILE, actor=request.user)


class AppealLimitOutput(serializers.ModelSerializer[AppealLimit]):
    """How few decisions somebody may contest after they kept contesting in bad faith."""

    lifted_by = serializers.CharField(source="lifted_by.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = AppealLimit
        fields = ("per_day", "reason", "starts_at", "ends_at", "lifted_at", "lifted_by")
        read_only_fields = fields


class AppealLimitsOutput(serializers.Serializer[Any]):
    limit = AppealLimitOutput(read_only=True, allow_null=True, help_text="The one that holds now.")
    limits = AppealLimitOutput(many=True, read_only=True, help_text="The newest ten.")


class AppealLimitOf(TeamEndpoint):
    @extend_schema(summary="Limits on contesting", responses=AppealLimitsOutput)
    def get(self, request: SignedIn, person_id: UUID) -> Response:
        """What keeps somebody from contesting as often as others, and what did. 404 for oneself, too."""
        person = _person(person_id, request.user)
        rows = AppealLimit.objects.filter(person=person).select_related("lifted_by").order_by("-pk")[:MOST_LIMITS]
        return Response(AppealLimitsOutput({"limit": limits_now(person).first(), "limits": rows}).data)

    @extend_schema(
        summary="Lift a limit on contesting", responses={204: OpenApiResponse(description="None holds, now or before.")}
    )
    def delete(self, request: SignedIn, person_id: UUID) -> Response:
        """Let somebody contest decisions as before; they hear of it."""
        lift_appeal_limit(_person(person_id, request.user), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _person(person_id: UUID, actor: User) -> User:
    """Somebody else: what is held about members of the team bypasses them (C1)."""
    person = User.objects.filter(public_id=person_id).exclude(pk=actor.pk).first()
    if person is None:
        raise Refused(_("There is no such person."), code="not_found", status=404)
    return person


def find_appeal(public_id: UUID, actor: User) -> Appeal:
    """An appeal in a case that `actor` may see. Raises Refused (404)."""
    appeal = _to_answer(actor).filter(public_id=public_id).first()
    if appeal is None:
        raise Refused(_("There is no such appeal."), code="not_found", status=404)
    return appeal


def _to_answer(actor: User) -> QuerySet[Appeal]:
    seen = open_to(Case.objects.filter(kind=Case.Kind.APPEAL), actor)
    return Appeal.objects.filter(case__in=seen).select_related("case", "decision__case")
