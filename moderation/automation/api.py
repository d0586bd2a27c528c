"""The rules for programs of the team: what each did or would have done, and its mode (K1, I2)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import KeysetPagination
from foundation.errors import Refused
from moderation.automation.actions import switch_rule
from moderation.automation.models import Rule, RuleRun
from moderation.automation.queries import rules, runs_of
from moderation.cases.api.base import TeamEndpoint
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.subjects.models import TARGETS


class RuleOutput(serializers.ModelSerializer[Rule]):
    """A rule with its record: how often it ran, how many of these a person decided about, with how many they agreed."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    subject_kinds = serializers.ListField(child=serializers.ChoiceField(choices=TARGETS), read_only=True)
    ran = serializers.IntegerField(read_only=True)
    decided = serializers.IntegerField(read_only=True)
    agreed = serializers.IntegerField(read_only=True)

    class Meta:
        model = Rule
        fields = (
            "id", "code", "title", "mode", "subject_kinds", "label", "reporters", "clause", "measure", "explanation",
            "ran", "decided", "agreed",
        )  # fmt: skip
        read_only_fields = fields


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
        return Response(RuleOutput(rules(), many=True).data)


class OneRule(TeamEndpoint):
    @extend_schema(summary="A rule", responses=RuleOutput)
    def get(self, request: SignedIn, rule_id: UUID) -> Response:
        """One rule with its record."""
        return Response(RuleOutput(_find(rule_id)).data)


class Runs(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-ran_at", "-id")

    @extend_schema(summary="What a rule did", responses=RunOutput(many=True))
    def get(self, request: SignedIn, rule_id: UUID) -> Response:
        """What it did, or would have done, newest first; without cases that you may not see."""
        seen = open_to(Case.objects.all(), request.user)
        return self.page_of(runs_of(_find(rule_id)).filter(case__in=seen), RunOutput)


class RuleMode(TeamEndpoint):
    @extend_schema(
        summary="Switch a rule",
        request=ModeInput,
        responses=RuleOutput,
        examples=[OpenApiExample("Only watch", value={"mode": "shadow"}, request_only=True)],
    )
    def put(self, request: SignedIn, rule_id: UUID) -> Response:
        """Off, in shadow or live, for whoever may switch rules."""
        sent = ModeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        switch_rule(_find(rule_id), sent.validated_data["mode"], actor=request.user)
        return Response(RuleOutput(_find(rule_id)).data)


def _find(rule_id: UUID) -> Rule:
    rule = rules().filter(public_id=rule_id).first()
    if rule is None:
        raise Refused(_("There is no such rule."), code="not_found", status=404)
    return rule
