"""The rules for programs of the team: what each did or would have done, and its mode (K1, I2)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import ErrorOutput, KeysetPagination, checked
from foundation.errors import Refused
from moderation.automation.actions import switch_rule
from moderation.automation.models import Rule, RuleRun
from moderation.automation.queries import rules, runs_of
from moderation.automation.record import Record, record_of, records_of
from moderation.cases.api.base import TeamEndpoint
from moderation.subjects.models import TARGETS


class RuleOutput(serializers.ModelSerializer[Rule]):
    """A rule with its record since it has these conditions: how often they held, of how many of these people decided,
    with how many they agreed. It may be live with `enough` decided and a precision of its `floor`.
    """

    id = serializers.UUIDField(source="public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    subject_kinds = serializers.ListField(child=serializers.ChoiceField(choices=TARGETS), read_only=True)
    ran = serializers.IntegerField(read_only=True)
    decided = serializers.SerializerMethodField()
    agreed = serializers.SerializerMethodField(help_text="They took its measure, or one that weighs as much.")
    precision = serializers.SerializerMethodField(help_text="Agreed of decided, 0 to 1; null before the first.")
    interval = serializers.SerializerMethodField(help_text="Where the true share lies, with a confidence of 95 %.")

    class Meta:
        model = Rule
        fields = (
            "id", "code", "title", "mode", "subject_kinds", "label", "reporters", "clause", "measure", "explanation",
            "floor", "enough", "hourly_limit", "since", "ran", "decided", "agreed", "precision", "interval",
        )  # fmt: skip
        read_only_fields = fields

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
    facts = serializers.DictField(read_only=True, help_text="Scores and counts that made it hold.")
    human = serializers.CharField(read_only=True, allow_null=True, help_text="The outcome; null: nobody decided.")
    same = serializers.BooleanField(read_only=True, help_text="That decision took the measure of the rule.")

    class Meta:
        model = RuleRun
        fields = ("case", "mode", "facts", "human", "same", "ran_at")
        read_only_fields = fields


class ModeInput(serializers.Serializer[Any]):
    mode = serializers.ChoiceField(choices=Rule.Mode.choices)


class Rules(TeamEndpoint):
    @extend_schema(summary="The rules", responses=RuleOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Every rule with its record."""
        found = list(rules())
        return Response(RuleOutput(found, many=True, context={"records": records_of(found)}).data)


class OneRule(TeamEndpoint):
    @extend_schema(summary="A rule", responses=RuleOutput)
    def get(self, request: SignedIn, rule_id: UUID) -> Response:
        """One rule with its record."""
        return _shown(_find(rule_id))


class Runs(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-ran_at", "-id")

    @extend_schema(summary="What a rule did", responses=RunOutput(many=True))
    def get(self, request: SignedIn, rule_id: UUID) -> Response:
        """What it did, or would have done, newest first; without cases that you may not see."""
        return self.page_of(runs_of(_find(rule_id), request.user), RunOutput)


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
        switch_rule(_find(rule_id), asked["mode"], actor=request.user)
        return _shown(_find(rule_id))


def _shown(rule: Rule) -> Response:
    return Response(RuleOutput(rule, context={"records": {rule.pk: record_of(rule)}}).data)


def _find(rule_id: UUID) -> Rule:
    rule = rules().filter(public_id=rule_id).first()
    if rule is None:
        raise Refused(_("There is no such rule."), code="not_found", status=404)
    return rule
