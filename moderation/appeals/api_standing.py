"""How a person stands, for their programs (K1, G1, F5)."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation import clock
from foundation.api import Endpoint, KeysetPagination
from moderation.appeals.api import AffectingOutput, AppealOutput
from moderation.appeals.fewer import FewerOf, Marked
from moderation.appeals.models import Appeal
from moderation.appeals.queries import own_appeals
from moderation.appeals.standing import Standing, Step, Warned, all_holding, standing_of
from moderation.appeals.wording import MeasureLine
from moderation.sanctions.models import StandingCondition
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
            "statement": "0d6f2a9e-9d5b-4f13-a1f5-9f2a65a0c0b7",
            "open": True,
            "second_until": None,
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
    "conditions": [],
    "fewer": [
        {
            "of": "reports",
            "per_day": 3,
            "starts_at": "2026-11-20T10:00:00Z",
            "ends_at": "2026-12-20T10:00:00Z",
            "noticed_at": "2026-10-02T08:30:00Z",
            "says": ["After we had written to you, we found two more of your reports …", "Until December 20, 2026, …"],
            "contest": "If you think that we are wrong about one of these, open it and contest what we decided. …",
            "marked": [
                {
                    "sent_at": "2026-11-18T21:14:03Z",
                    "found_at": "2026-11-20T10:00:00Z",
                    "url": "https://hub.example/reports/6c1a2f0e-7a53-4b1d-9a43-0d5d3b0b8e55",
                }
            ],
        }
    ],
    "more": [],
}
MORE = ["holding", "appeals"]


class HoldingOutput(AffectingOutput):
    """A measure that holds, what it is on, and since when."""

    subject = SubjectOutput(source="measure.subject", read_only=True)
    clause = serializers.SerializerMethodField(
        help_text="Null for a hold, by which nothing is decided, and while a second one of us looks at it."
    )
    since = serializers.DateTimeField(source="measure.starts_at", read_only=True)
    statement = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="Where you read why; null while it is not final."
    )
    open = serializers.BooleanField(read_only=True, help_text="Whether you can contest it there now.")
    second_until = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="By when a second one of us looks at it, and it is final or ended."
    )

    def get_clause(self, found: MeasureLine) -> str | None:
        return found.measure.clause.code if found.judges else None


class WarnedOutput(serializers.Serializer[Warned]):
    """Words of ours from which nothing follows by themselves."""

    kind = serializers.CharField(source="line.measure.kind", read_only=True)
    label = serializers.CharField(source="line.label", read_only=True)  # type: ignore[assignment]
    subject = SubjectOutput(source="line.measure.subject", read_only=True)
    clause = serializers.CharField(source="line.measure.clause.code", read_only=True)
    since = serializers.DateTimeField(read_only=True)
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


class OwnConditionOutput(serializers.ModelSerializer[StandingCondition]):
    """On which a repository of yours stays: when it is so no longer, we look at the matter again."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    subject = SubjectOutput(read_only=True)
    what = serializers.CharField(source="get_condition_display", read_only=True, help_text="In words.")
    state = serializers.ChoiceField(choices=["kept", "broken", "open"], read_only=True)

    class Meta:
        model = StandingCondition
        fields = ("id", "subject", "condition", "what", "state", "created_at", "kept_since", "broken_at")
        read_only_fields = fields


class MarkedOutput(serializers.Serializer[Marked]):
    """Something of yours that we found to be made without any ground."""

    sent_at = serializers.DateTimeField(read_only=True)
    found_at = serializers.DateTimeField(read_only=True, allow_null=True)
    url = serializers.SerializerMethodField(help_text="Where it is; what we decided about a report is contested there.")

    def get_url(self, marked: Marked) -> str:
        return str(self.context["request"].build_absolute_uri(marked.address))


class FewerOutput(serializers.Serializer[FewerOf]):
    """A limit on what you send us, or, where `ends_at` is null, a notice of ours that one comes if it goes on."""

    of = serializers.ChoiceField(choices=["reports", "appeals"], read_only=True)
    per_day = serializers.IntegerField(source="limit.per_day", read_only=True, allow_null=True, default=None)
    starts_at = serializers.DateTimeField(source="limit.starts_at", read_only=True, allow_null=True, default=None)
    ends_at = serializers.DateTimeField(source="limit.ends_at", read_only=True, allow_null=True, default=None)
    noticed_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When we wrote to you of it.")
    says = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="Why, and until when.")
    contest = serializers.CharField(read_only=True, help_text="What you can do if you think that we are wrong.")
    marked = MarkedOutput(many=True, read_only=True, help_text="What it rests on, the newest ten of half a year.")


class StandingOutput(serializers.Serializer[Standing]):
    """Of each the newest twenty; `/standing/holding` and `/standing/appeals` have all of theirs, page by page."""

    holding = HoldingOutput(many=True, read_only=True)
    warnings = WarnedOutput(many=True, read_only=True)
    appeals = AppealOutput(many=True, read_only=True)
    expected = StepOutput(source="steps", many=True, read_only=True)
    conditions = OwnConditionOutput(many=True, read_only=True)
    fewer = FewerOutput(many=True, read_only=True)
    more = serializers.SerializerMethodField(help_text="Of which of these lists there is more than stands here.")

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=MORE)))
    def get_more(self, found: Standing) -> list[str]:
        return sorted(found.more)


class OwnStanding(Endpoint):
    @extend_schema(
        summary="How you stand with us",
        responses=StandingOutput,
        examples=[OpenApiExample("A posting ban, and an appeal that waits for you", value=EXAMPLE, response_only=True)],
    )
    def get(self, request: SignedIn) -> Response:
        """What holds for you or what you own, warnings that still count, what you contest, and what we wait for.

        `fewer` are limits on how much you can report and contest, and notices that announce one.

        Every decision, with its reasons, is under `/statements`.
        """
        found = standing_of(request.user, clock.now())
        return Response(StandingOutput(found, context={"request": request}).data)


class AllHolding(Endpoint):
    pagination_class = KeysetPagination

    @extend_schema(summary="All that holds for you", responses=HoldingOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Every measure that holds for you or what you own, the newest first.

        Limits on how much you can report and contest are no measures: `/standing` has them all.
        """
        pages = KeysetPagination()
        found, lines = all_holding(request.user, request._request.GET, clock.now(), size=pages.size)
        pages.paginate_found(found, request)
        shown: Any = lines
        return pages.get_paginated_response(HoldingOutput(shown, many=True, context={"request": request}).data)


class OwnAppeals(Endpoint):
    pagination_class = KeysetPagination
    order = ("-id",)

    @extend_schema(summary="All that you contest", responses=AppealOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Every appeal of yours, and of organizations whose admin you are, the newest first."""
        pages = KeysetPagination()
        rows: list[Appeal] = pages.paginate_queryset(own_appeals(request.user), request, view=self)
        return pages.get_paginated_response(AppealOutput(rows, many=True, context={"request": request}).data)
