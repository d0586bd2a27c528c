"""How a person stands, for their programs (K1, G1, F5)."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation import clock
from foundation.api import Endpoint
from moderation.appeals.api import AffectingOutput, AppealOutput
from moderation.appeals.standing import Standing, Step, Warned, standing_of
from moderation.appeals.wording import MeasureLine
from moderation.subjects.api import SubjectOutput

STEPS = ["answer_appeal", "answer_question", "do_request"]
EXAMPLE = {
    "holding": [
        {
            "kind": "posting_ban",
            "label": "no posting in community tabs for a time",
            "consequence": "You cannot post in community tabs for now. …",
            "scope": "your account: what you post in community tabs",
            "territory": "everywhere",
            "duration": "until November 23, 2026, 14:05 (UTC); then it ends by itself",
            "state": "holds",
            "ends_at": "2026-11-23T14:05:00Z",
            "subject": {"kind": "comment", "id": "1f0c2a52-5f3e-4a55-8a0e-2f6f0ad3a4c1", "name": "How do I load this?"},
            "clause": "harassment",
            "since": "2026-11-21T14:04:12Z",
        }
    ],
    "warnings": [],
    "appeals": [],
    "expected": [
        {
            "code": "answer_appeal",
            "what": "We asked you something about your appeal.",
            "until": "2026-11-24T09:00:00Z",
            "url": "https://hub.example/appeals/4f5b8a54-2f0c-4b7b-8a63-3f0a4b8f0a11",
        }
    ],
}


class HoldingOutput(AffectingOutput):
    """A measure that holds, what it is on, and since when."""

    subject = SubjectOutput(source="measure.subject", read_only=True)
    clause = serializers.SerializerMethodField(help_text="Null for a hold: nothing is decided by it.")
    since = serializers.DateTimeField(source="measure.starts_at", read_only=True)

    def get_clause(self, found: MeasureLine) -> str | None:
        return found.measure.clause.code if found.judges else None


class WarnedOutput(serializers.Serializer[Warned]):
    """Words of ours from which nothing follows by themselves."""

    kind = serializers.CharField(source="line.measure.kind", read_only=True)
    label = serializers.CharField(source="line.label", read_only=True)  # type: ignore[assignment]
    subject = SubjectOutput(source="line.measure.subject", read_only=True)
    clause = serializers.CharField(source="line.measure.clause.code", read_only=True)
    since = serializers.DateTimeField(source="line.measure.starts_at", read_only=True)
    counts_until = serializers.DateTimeField(read_only=True, help_text="Until then it counts fully.")
    remembered_until = serializers.DateTimeField(read_only=True, help_text="Until then a little, and then no more.")


class StepOutput(serializers.Serializer[Step]):
    """Something that we wait for from you."""

    code = serializers.ChoiceField(choices=STEPS, read_only=True)
    what = serializers.CharField(read_only=True, help_text="In words.")
    until = serializers.DateTimeField(read_only=True, allow_null=True)
    url = serializers.SerializerMethodField(help_text="Where it is done.")

    def get_url(self, step: Step) -> str:
        return str(self.context["request"].build_absolute_uri(step.address))


class StandingOutput(serializers.Serializer[Standing]):
    """Warnings and appeals of the last time, at most twenty of each; all that holds."""

    holding = HoldingOutput(many=True, read_only=True)
    warnings = WarnedOutput(many=True, read_only=True)
    appeals = AppealOutput(many=True, read_only=True)
    expected = StepOutput(source="steps", many=True, read_only=True)


class OwnStanding(Endpoint):
    @extend_schema(
        summary="How you stand with us",
        responses=StandingOutput,
        examples=[OpenApiExample("A posting ban, and an appeal that waits for you", value=EXAMPLE, response_only=True)],
    )
    def get(self, request: SignedIn) -> Response:
        """What holds for you or what you own, warnings that still count, what you contest, and what we wait for.

        Every decision, with its reasons, is under `/statements`.
        """
        found = standing_of(request.user, clock.now())
        return Response(StandingOutput(found, context={"request": request}).data)
