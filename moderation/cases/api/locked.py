"""What is locked away in a case, for programs of its lane's people: listing, opening, keeping (K1, C9)."""

import uuid
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, ErrorOutput, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions.evidence import SHORTEST_REASON, keep_evidence, open_evidence
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint, find_case
from moderation.cases.overview import find_locked, locked_snapshots
from moderation.cases.overview.lane import LockedSnapshot
from moderation.subjects.quarantine import LockedWords


class LockedOutput(serializers.Serializer[LockedSnapshot]):
    """A snapshot whose words are locked away: until when they are preserved, and whether the law keeps them longer."""

    id = serializers.IntegerField(source="snapshot.pk", read_only=True)
    taken_at = serializers.DateTimeField(source="snapshot.taken_at", read_only=True)
    until = serializers.DateTimeField(read_only=True)
    kept = serializers.BooleanField(read_only=True)
    gone = serializers.BooleanField(read_only=True, help_text="They were destroyed.")


class WordsOutput(serializers.Serializer[LockedWords]):
    """The words that were locked away, as they were written. Keep them nowhere."""

    title = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)


class OpenInput(serializers.Serializer[Any]):
    reason = CleanTextField(
        longest=LONGEST_REASON, min_length=SHORTEST_REASON, help_text="Why you have to see it; kept with the case."
    )
    request_id = serializers.UUIDField(required=False, allow_null=True)


class KeepInput(serializers.Serializer[Any]):
    keep = serializers.BooleanField(help_text="False lets its time count again.")
    reason = CleanTextField(
        longest=LONGEST_REASON, min_length=SHORTEST_REASON, help_text="Who asks for it, and under which number."
    )


class Locked(TeamEndpoint):
    @extend_schema(summary="What is locked away", responses=LockedOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """What of the case is locked away, newest first, without its words; empty outside of such lanes."""
        return self._shown(request, case_id)

    @extend_schema(
        summary="Keep what is locked away",
        request=KeepInput,
        responses=LockedOutput(many=True),
        examples=[
            OpenApiExample(
                "An order", request_only=True, value={"keep": True, "reason": "The court of Example, 12 C 34/26."}
            )
        ],
    )
    def put(self, request: SignedIn, case_id: UUID) -> Response:
        """Keep it although its time comes, since the law asks for it, or let its time count again. An event."""
        asked = checked(KeepInput, request.data)
        keep_evidence(find_case(case_id, request.user), actor=request.user, **asked)
        return self._shown(request, case_id)

    def _shown(self, request: SignedIn, case_id: UUID) -> Response:
        found: Any = locked_snapshots(find_case(case_id, request.user))
        return Response(LockedOutput(found, many=True).data)


class OpenLocked(TeamEndpoint):
    @extend_schema(
        summary="Open what is locked away",
        parameters=[KEY],
        request=OpenInput,
        responses={200: WordsOutput, 409: ErrorOutput, 410: ErrorOutput},
        examples=[
            OpenApiExample("Why", value={"reason": "The authorities asked for the exact words."}, request_only=True)
        ],
    )
    def post(self, request: SignedIn, case_id: UUID, snapshot_id: int) -> Response:
        """The words, once: who opened them and why is an event, each time.

        409 (`opened`) for a request that opened them before, 410 (`gone`) once they were destroyed or put back.
        """
        asked = checked(OpenInput, request.data)
        case = find_case(case_id, request.user)
        snapshot = find_locked(case, snapshot_id)
        if snapshot is None:
            raise Refused(_("Nothing is locked away here."), code="not_found", status=404)
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id) or uuid.uuid4()
        reason = asked["reason"]
        words = open_evidence(case, snapshot, reason=reason, request_id=key, actor=request.user)
        response = Response(WordsOutput(words).data)
        response["X-Robots-Tag"] = "noindex, noarchive, nosnippet"
        return response
