"""What a moderator does with a case besides deciding it, for programs (K1, D3, D4, C10)."""

import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, ErrorOutput, NameField, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions import add_note, choose_track, hand_over, renew, reopen, snooze, wake
from moderation.cases.actions.at_risk import mark_at_risk, send_support
from moderation.cases.actions.escalate import escalate
from moderation.cases.actions.notes import LONGEST as LONGEST_NOTE
from moderation.cases.actions.repeats import require_same
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint, find_case, find_review, keyed
from moderation.cases.api.shapes import CaseRow, EventOutput
from moderation.cases.models import Case, Event
from moderation.cases.queries import events_of, open_to, team
from moderation.policy.models import Clause, Lane

DONE = {200: CaseRow, 409: ErrorOutput}


class ReasonInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="In a sentence; it stays in the team.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class NoteInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST_NOTE, help_text="Whoever it names with `@` gets a message.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class NoteOutput(EventOutput):
    """The note as an event of the case, and who was told."""

    told = serializers.SerializerMethodField(help_text="User names of those it mentions.")

    class Meta(EventOutput.Meta):
        fields = (*EventOutput.Meta.fields, "told")
        read_only_fields = fields

    def get_told(self, event: Event) -> list[str]:
        keys = [UUID(hex=key) for key in event.data.get("mentions", [])]
        people = User.objects.filter(public_id__in=keys).order_by("pk") if keys else []
        return [person.username for person in people]


class HandOverInput(serializers.Serializer[Any]):
    to = NameField(slug_field="username", queryset=team(), help_text="User name of a colleague.")
    note = CleanTextField(longest=LONGEST_REASON, required=False, allow_blank=True, help_text="For them.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class SnoozeInput(serializers.Serializer[Any]):
    until = serializers.DateTimeField(help_text="Within the next 30 days, and not after the deadline of the case.")
    reason = CleanTextField(longest=500, help_text="What we wait for.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class EscalateInput(ReasonInput):
    lane = NameField(
        slug_field="code",
        queryset=Lane.objects.all(),
        allow_null=True,
        help_text="Code of a lane; null brings it back to the ordinary queue.",
    )


class TrackInput(ReasonInput):
    track = serializers.ChoiceField(choices=Clause.Track.choices)


class AtRiskInput(serializers.Serializer[Any]):
    at_risk = serializers.BooleanField()


def _brought_away(case_id: UUID, asked: dict[str, Any], actor: User) -> bool:
    """Whether `actor` brought the case by this request where they do not see it any more. Raises SentBefore."""
    if asked["request_id"] is None or open_to(Case.objects.filter(public_id=case_id), actor).exists():
        return False
    events = Event.objects.filter(case__public_id=case_id, kind="case.escalated", actor=actor)
    event = events.filter(data__request=asked["request_id"].hex).first()
    if event is not None:
        require_same(event, {"to": asked["lane"].code if asked["lane"] else ""}, asked["reason"])
    return event is not None


class Verb(TeamEndpoint):
    """One thing that is done with a case, which is answered as it is then."""

    def carry_out(self, case: Case, do: Callable[[Case], Any]) -> Response:
        """Do it and show the case; 204 when it lies where the person does not see it any more."""
        do(case)
        if not open_to(Case.objects.filter(pk=case.pk), self.request.user).exists():  # type: ignore[arg-type]
            return Response(status=status.HTTP_204_NO_CONTENT)
        now = find_case(case.public_id, self.request.user)  # type: ignore[arg-type]
        return Response(CaseRow(now, context={"request": self.request}).data)


class RenewClaim(Verb):
    @extend_schema(summary="Keep a claim", request=None, responses=DONE)
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Prolong an own claim by ten minutes. 409 (`not_held`) when it ran out or somebody else holds the case."""

        def do(case: Case) -> None:
            if not renew(case, actor=request.user):
                raise Refused(_("You do not hold this case any more."), code="not_held")

        return self.carry_out(find_case(case_id, request.user), do)


class Notes(TeamEndpoint):
    @extend_schema(
        summary="Add a note",
        parameters=[KEY],
        request=NoteInput,
        responses={201: NoteOutput, 200: NoteOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample("A question", value={"text": "@tomas, is this quote from the card?"}, request_only=True)
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Keep a note that only the team reads, among the events of the case; makes no decision stale.

        The same request sent again is answered 200 with the note it made; other words under the same key are a 409.
        """
        asked = checked(NoteInput, request.data)
        case = find_review(case_id, request.user)
        text = asked["text"]
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id) or uuid.uuid4()
        notes = events_of(case).filter(kind="note.added", data__request=key.hex)
        known = notes.exists()
        add_note(case, text=text, actor=request.user, request_id=key)
        shown: Any = NoteOutput(notes.get()).data
        if known and shown["text"] != text:
            raise Refused(_("This request was sent before with other words. Use a new key."), code="sent")
        return Response(shown, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)


class HandOver(Verb):
    @extend_schema(
        summary="Hand a case over",
        parameters=[KEY],
        request=HandOverInput,
        responses=DONE,
        examples=[
            OpenApiExample("To a colleague", value={"to": "tomas", "note": "He writes in Czech."}, request_only=True)
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Give the case to a colleague, who keeps it for a day and gets a message.

        The same request sent again is answered the same; with other words it is a 409 (`sent`).
        409 when somebody else holds it (`claimed`), or the colleague may not decide it (`cannot_decide`).
        """
        asked = checked(HandOverInput, request.data)
        key, note = idempotency_key(request, asked.get("request_id"), request.user.public_id), asked.get("note", "")
        return self.carry_out(
            find_review(case_id, request.user),
            lambda case: hand_over(case, to=asked["to"], note=note, actor=request.user, request_id=key),
        )


class Snooze(Verb):
    @extend_schema(
        summary="Snooze a case",
        parameters=[KEY],
        request=SnoozeInput,
        responses=DONE,
        examples=[
            OpenApiExample(
                "Two days",
                value={"until": "2026-11-23T09:00:00Z", "reason": "The authority answers on Monday."},
                request_only=True,
            )
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Let the case wait outside of the queue until a moment, or until something new happens to it.

        The same request sent again is answered the same; with other words it is a 409 (`sent`).
        409 when somebody else holds it, beyond its deadline (`due`), and while it waits for somebody else (`parked`).
        """
        asked = checked(SnoozeInput, request.data)
        asked["request_id"] = idempotency_key(request, asked.get("request_id"), request.user.public_id)
        return self.carry_out(
            find_review(case_id, request.user), lambda case: snooze(case, actor=request.user, **asked)
        )


class Wake(Verb):
    @extend_schema(summary="Wake a case", request=None, responses=DONE)
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Bring a snoozed case back now; nothing happens to one that is not."""
        return self.carry_out(find_review(case_id, request.user), lambda case: wake(case, actor=request.user))


class Reopen(Verb):
    @extend_schema(
        summary="Reopen a case",
        parameters=[KEY],
        request=ReasonInput,
        responses=DONE,
        examples=[
            OpenApiExample("New facts", value={"reason": "The owner sent us the licence after all."}, request_only=True)
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Look at a decided case again; its measures stand until they are decided anew.

        The same request sent again is answered the same; with other words it is a 409 (`sent`).
        409 when it is `open`, or another case about the same is (`another_open`).
        """
        asked = keyed(ReasonInput, request)
        return self.carry_out(
            find_review(case_id, request.user), lambda case: reopen(case, actor=request.user, **asked)
        )


class Escalate(Verb):
    @extend_schema(
        summary="Bring a case into a lane",
        parameters=[KEY],
        request=EscalateInput,
        responses={**DONE, 204: OpenApiResponse(description="Done; it lies in a lane that is not yours to see.")},
        examples=[
            OpenApiExample(
                "A question of law",
                value={"lane": "legal", "reason": "The order names a court that we do not know."},
                request_only=True,
            )
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Bring an open case into a lane, whose deadline and hold begin at once, or back to the ordinary queue.

        The same request sent again is answered the same; with other words it is a 409 (`sent`).
        409 when it lies there already (`same`) or was `decided`.
        """
        asked = keyed(EscalateInput, request)
        if _brought_away(case_id, asked, request.user):
            return Response(status=status.HTTP_204_NO_CONTENT)
        return self.carry_out(
            find_case(case_id, request.user), lambda case: escalate(case, actor=request.user, **asked)
        )


class Track(Verb):
    @extend_schema(
        summary="Choose the track of a case",
        parameters=[KEY],
        request=TrackInput,
        responses=DONE,
        examples=[
            OpenApiExample(
                "At once",
                value={"track": "restricted", "reason": "It was uploaded again after we removed it."},
                request_only=True,
            )
        ],
    )
    def put(self, request: SignedIn, case_id: UUID) -> Response:
        """Say whether we act at once or work it out with the owner, where the clause does not fit the content."""
        asked = keyed(TrackInput, request)
        return self.carry_out(
            find_review(case_id, request.user), lambda case: choose_track(case, actor=request.user, **asked)
        )


class AtRisk(Verb):
    @extend_schema(
        summary="Mark a person at risk",
        request=AtRiskInput,
        responses=DONE,
        examples=[OpenApiExample("They are", value={"at_risk": True}, request_only=True)],
    )
    def put(self, request: SignedIn, case_id: UUID) -> Response:
        """Say that the case is about a person at risk, or that it is not: while it is, nothing sanctions them."""
        asked = checked(AtRiskInput, request.data)
        return self.carry_out(
            find_case(case_id, request.user), lambda case: mark_at_risk(case, asked["at_risk"], actor=request.user)
        )


class Support(TeamEndpoint):
    @extend_schema(
        summary="Send our letter of support",
        parameters=[KEY],
        request=None,
        responses={204: OpenApiResponse(description="It is on its way."), 409: ErrorOutput},
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Write to the person whom the case is about. 409 when we wrote within a day (`sent`), or to `nobody`."""
        key = idempotency_key(request, None, request.user.public_id)
        send_support(find_case(case_id, request.user), actor=request.user, request_id=key)
        return Response(status=status.HTTP_204_NO_CONTENT)
