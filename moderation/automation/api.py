"""The rules for programs of the team: what each did or would have done, and its mode (K1, I2)."""

from typing import Any
from uuid import UUID, uuid4

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from moderation.automation.actions import change_rule, differing, switch_rule, write_rule
from moderation.automation.api_shapes import CONDITIONS, RuleInput
from moderation.automation.conditions import without_numbers
from moderation.automation.models import Rule, RuleRun
from moderation.automation.queries import rules, runs_of
from moderation.automation.record import Record, record_of, records_of
from moderation.cases.api.base import KEY, TeamEndpoint
from moderation.cases.api.shapes import sees_exactly
from moderation.scoring.secrecy import sees_thresholds
from moderation.subjects.models import TARGETS

EXAMPLE = OpenApiExample(
    "New accounts that several people report",
    value={
        "title": "Reported newcomers: no posting for 12 hours",
        "subject_kinds": ["comment"],
        "conditions": {
            "groups": [
                {
                    "match": "all",
                    "conditions": [
                        {"kind": "score", "label": "toxicity", "level": "flagged"},
                        {"kind": "reporters", "comparison": "at_least", "number": 2},
                        {"kind": "account_age", "comparison": "at_most", "number": 7},
                    ],
                }
            ]
        },
        "clause": "harassment",
        "measure": "posting_ban",
        "lasts": 12,
        "explanation": "Several people reported what you wrote. A moderator will look at it soon.",
    },
    request_only=True,
)


class RuleOutput(serializers.ModelSerializer[Rule]):
    """A rule with its record since it has these conditions: how often they held, of how many of these people decided,
    with how many they agreed. It may be live with `enough` decided and a precision of its `floor`.
    """

    id = serializers.UUIDField(source="public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    subject_kinds = serializers.ListField(child=serializers.ChoiceField(choices=TARGETS), read_only=True)
    clauses = serializers.ListField(child=serializers.CharField(), read_only=True)
    conditions = serializers.SerializerMethodField()
    ran = serializers.IntegerField(read_only=True)
    decided = serializers.SerializerMethodField()
    agreed = serializers.SerializerMethodField(help_text="They took its measure, or one that weighs as much.")
    precision = serializers.SerializerMethodField(help_text="Agreed of decided, 0 to 1; null before the first.")
    interval = serializers.SerializerMethodField(help_text="Where the true share lies, with a confidence of 95 %.")

    class Meta:
        model = Rule
        fields = (
            "id", "code", "title", "mode", "subject_kinds", "clauses", "conditions", "clause", "measure", "lasts",
            "explanation", "floor", "enough", "hourly_limit", "since", "ran", "decided", "agreed", "precision",
            "interval",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CONDITIONS)
    def get_conditions(self, rule: Rule) -> Any:
        return rule.conditions if self.context["exact"] else without_numbers(rule.conditions)

    def get_decided(self, rule: Rule) -> int:
        return self._record(rule).decided

    def get_agreed(self, rule: Rule) -> int:
        return self._record(rule).agreed

    def get_precision(self, rule: Rule) -> float | None:
        return self._record(rule).precision

    def get_interval(self, rule: Rule) -> list[float]:
        return list(self._record(rule).interval)

    def _record(self, rule: Rule) -> Record:
        found: Record = self.context["records"][rule.pk]
        return found


class RunOutput(serializers.ModelSerializer[RuleRun]):
    """A rule's conditions held: what it did, or in shadow would have done, and what a person decided later."""

    case = serializers.UUIDField(source="case.public_id", read_only=True)
    facts = serializers.SerializerMethodField(
        help_text="Scores and counts that made it hold; scores are null without the permission to see them."
    )
    human = serializers.CharField(read_only=True, allow_null=True, help_text="The outcome; null: nobody decided.")
    same = serializers.BooleanField(read_only=True, help_text="That decision took the measure of the rule.")

    class Meta:
        model = RuleRun
        fields = ("case", "mode", "facts", "human", "same", "ran_at")
        read_only_fields = fields

    def get_facts(self, run: RuleRun) -> dict[str, Any]:
        exact = sees_exactly(self.context)
        return {name: value if exact or not name.startswith("score:") else None for name, value in run.facts.items()}


class ModeInput(serializers.Serializer[Any]):
    mode = serializers.ChoiceField(choices=Rule.Mode.choices)


class Rules(TeamEndpoint):
    @extend_schema(summary="The rules", responses=RuleOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Every rule with its record."""
        found = list(rules())
        context = {"records": records_of(found), "exact": sees_thresholds(request.user)}
        return Response(RuleOutput(found, many=True, context=context).data)

    @extend_schema(
        summary="Write a rule",
        parameters=[KEY],
        request=RuleInput,
        responses={201: RuleOutput, 200: RuleOutput, 400: ErrorOutput, 409: ErrorOutput},
        examples=[EXAMPLE],
    )
    def post(self, request: SignedIn) -> Response:
        """A new rule, for whoever may write rules; it starts in shadow. 400 says what does not fit.

        The same request sent again is answered 200; with other words it is a 409 (`sent`).
        """
        asked = checked(RuleInput, request.data)
        key = idempotency_key(request, None, request.user.public_id) or uuid4()
        if known := Rule.objects.select_related("clause").filter(public_id=key).first():
            if differing(known, asked):
                raise Refused(_("This request was sent before with other words. Use a new key."), code="sent")
            return _shown(find_rule(key), request)
        code = f"{slugify(asked['title'])[:50] or 'rule'}-{uuid4().hex[:6]}"
        return _shown(
            find_rule(write_rule(Rule(public_id=key, code=code, **asked), actor=request.user).public_id),
            request,
            status=201,
        )


class OneRule(TeamEndpoint):
    @extend_schema(summary="A rule", responses=RuleOutput)
    def get(self, request: SignedIn, rule_id: UUID) -> Response:
        """One rule with its record."""
        return _shown(find_rule(rule_id), request)

    @extend_schema(
        summary="Change a rule",
        request=RuleInput,
        responses={200: RuleOutput, 400: ErrorOutput},
        examples=[OpenApiExample("Hold for 24 hours", value={"lasts": 24}, request_only=True)],
    )
    def patch(self, request: SignedIn, rule_id: UUID) -> Response:
        """What is sent is changed, for whoever may write rules. With another scope, conditions, clause or measure its
        record begins anew, and a live one only watches until it has earned to act again.
        """
        asked = checked(RuleInput, request.data, partial=True)
        rule = find_rule(rule_id)
        changed = differing(rule, asked)
        for name in changed:
            setattr(rule, name, asked[name])
        change_rule(rule, changed, actor=request.user)
        return _shown(find_rule(rule_id), request)


class Runs(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-ran_at", "-id")

    @extend_schema(summary="What a rule did", responses=RunOutput(many=True))
    def get(self, request: SignedIn, rule_id: UUID) -> Response:
        """What it did, or would have done, newest first; without cases that you may not see."""
        return self.page_of(runs_of(find_rule(rule_id), request.user), RunOutput)


class RuleMode(TeamEndpoint):
    @extend_schema(
        summary="Switch a rule",
        request=ModeInput,
        responses={200: RuleOutput, 409: ErrorOutput},
        examples=[OpenApiExample("Only watch", value={"mode": "shadow"}, request_only=True)],
    )
    def put(self, request: SignedIn, rule_id: UUID) -> Response:
        """Off, in shadow or live, for whoever may switch rules; 409 for live while its record does not suffice."""
        asked = checked(ModeInput, request.data)
        switch_rule(find_rule(rule_id), asked["mode"], actor=request.user)
        return _shown(find_rule(rule_id), request)


def _shown(rule: Rule, request: SignedIn, status: int = 200) -> Response:
    context = {"records": {rule.pk: record_of(rule)}, "exact": sees_thresholds(request.user)}
    return Response(RuleOutput(rule, context=context).data, status=status)


def find_rule(rule_id: UUID) -> Rule:
    """The rule of this public id. Raises Refused (404)."""
    rule = rules().filter(public_id=rule_id).first()
    if rule is None:
        raise Refused(_("There is no such rule."), code="not_found", status=404)
    return rule
