"""One's own way of meeting harmful content, for programs: private, whoever asks gets their own (K1, D5)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import checked
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.comfort import choose_comfort, comfort_of, is_harmful, note_exposure, seen_today, wants_pause
from moderation.cases.overview import evidence_of
from moderation.policy.api import ClauseField

MOST_BUDGET = 500


class ComfortInput(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    blur = serializers.BooleanField(required=False, help_text="Blur pictures until they are revealed.")
    greyscale = serializers.BooleanField(required=False, help_text="Show pictures in grey.")
    fold = serializers.BooleanField(required=False, help_text="Fold text that a classifier flagged.")
    opted_out = ClauseField(many=True, required=False, help_text="Clauses whose cases are not given to you.")
    budget = serializers.IntegerField(
        min_value=1, max_value=MOST_BUDGET, required=False, allow_null=True,
        help_text="Harmful cases a day, after which a pause is suggested; null: never.",
    )  # fmt: skip


class ComfortOutput(serializers.Serializer[Any]):
    blur = serializers.BooleanField(read_only=True)
    greyscale = serializers.BooleanField(read_only=True)
    fold = serializers.BooleanField(read_only=True)
    opted_out = serializers.ListField(child=serializers.CharField(), read_only=True)
    budget = serializers.IntegerField(read_only=True, allow_null=True)
    seen_today = serializers.IntegerField(read_only=True, help_text="Harmful cases since midnight.")
    pause = serializers.BooleanField(read_only=True, help_text="The budget of the day is used up: a suggestion.")


class PauseOutput(serializers.Serializer[Any]):
    pause = serializers.BooleanField(read_only=True, help_text="The budget of the day is used up: a suggestion.")


class Comfort(TeamEndpoint):
    @extend_schema(summary="Your settings for harmful content", responses=ComfortOutput)
    def get(self, request: SignedIn) -> Response:
        """What you chose, and how many harmful cases you saw today. Nobody else can ask for it."""
        return Response(_shown(request))

    @extend_schema(
        summary="Change your settings for harmful content",
        request=ComfortInput,
        responses=ComfortOutput,
        examples=[OpenApiExample("A budget", value={"budget": 20, "opted_out": ["spam"]}, request_only=True)],
    )
    def patch(self, request: SignedIn) -> Response:
        """Blur, grey, fold, what you are not given, and after how many harmful cases a pause is suggested."""
        asked = checked(ComfortInput, request.data, partial=True)
        now = comfort_of(request.user)
        chosen = {name: getattr(now, name) for name in ("blur", "greyscale", "fold", "budget")}
        chosen["opted_out"] = list(now.opted_out.all()) if now.pk else []
        choose_comfort(**{**chosen, **asked}, actor=request.user)
        return Response(_shown(request))


class Reveal(TeamEndpoint):
    @extend_schema(summary="Say that you saw what was reported", request=None, responses=PauseOutput)
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Count harmful content that your program showed you, once a case and day; for your own budget alone."""
        case = find_case(case_id, request.user)
        evidence = evidence_of(case, request.user)
        if evidence and is_harmful(case, evidence.harmful):
            note_exposure(case, actor=request.user)
        return Response(PauseOutput({"pause": wants_pause(comfort_of(request.user))}).data)


def _shown(request: SignedIn) -> Any:
    comfort = comfort_of(request.user)
    found = {name: getattr(comfort, name) for name in ("blur", "greyscale", "fold", "budget")}
    found["opted_out"] = [clause.code for clause in comfort.opted_out.all()] if comfort.pk else []
    found |= {"seen_today": seen_today(request.user), "pause": wants_pause(comfort)}
    return ComfortOutput(found).data
