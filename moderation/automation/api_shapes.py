"""What programs send and get about rules and their backtests (K1, I2)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api import CleanTextField, NameField
from moderation.automation.conditions import AT_LEAST, AT_MOST, KINDS, LEVELS, MATCHES, NONE_OF, ONE_OF, without_numbers
from moderation.automation.forms import LONGEST_EXPLANATION
from moderation.automation.models import Backtest, BacktestCase
from moderation.automation.record import Record
from moderation.policy.models import Clause
from moderation.sanctions.measures import DECIDED
from moderation.subjects.models import TARGETS

# Described by hand: what a condition has depends on its kind.
_CONDITION = {
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"type": "string", "enum": list(KINDS)},
        "comparison": {"type": "string", "enum": [AT_LEAST, AT_MOST, ONE_OF, NONE_OF]},
        "number": {"type": "number", "description": "Of a score 0 to 1, of reliability 0 to 100, else a whole number."},
        "label": {"type": "string", "description": "Of a score."},
        "level": {"type": "string", "enum": list(LEVELS), "description": "Of a score, in place of a number."},
        "days": {"type": "integer", "description": "Of strikes: how far back."},
        "values": {"type": "array", "items": {"type": "string"}, "description": "Of subject, language and clause."},
    },
}
CONDITIONS = {
    "type": "object",
    "description": "Each group must hold; a group holds when all, or any, of its conditions do.",
    "properties": {
        "groups": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["match", "conditions"],
                "properties": {
                    "match": {"type": "string", "enum": list(MATCHES)},
                    "conditions": {"type": "array", "items": _CONDITION},
                },
            },
        }
    },
}


@extend_schema_field(CONDITIONS)
class ConditionsField(serializers.JSONField):
    """Conditions of a rule; the action checks them."""


class RuleInput(serializers.Serializer[Any]):
    title = CleanTextField(longest=120)
    subject_kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=TARGETS), allow_empty=False, max_length=len(TARGETS)
    )
    clauses = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=100,
        help_text="Codes of the clauses that were reported; empty for any.",
    )  # fmt: skip
    conditions = ConditionsField()
    clause = NameField(
        slug_field="code", queryset=Clause.objects.filter(active=True), help_text="The clause it acts under."
    )
    measure = serializers.ChoiceField(choices=list(DECIDED), help_text="One that the clause lets a rule take.")
    lasts = serializers.IntegerField(
        min_value=1, max_value=72, required=False, allow_null=True,
        help_text="Hours until it ends unless a person confirms it; null: as usual.",
    )  # fmt: skip
    explanation = CleanTextField(longest=LONGEST_EXPLANATION, help_text="Our words to the person.")
    floor = serializers.FloatField(min_value=0.5, max_value=1, required=False)
    enough = serializers.IntegerField(min_value=1, max_value=10_000, required=False)
    hourly_limit = serializers.IntegerField(min_value=1, max_value=10_000, required=False)


class BacktestInput(serializers.Serializer[Any]):
    days = serializers.IntegerField(
        min_value=1, max_value=36_500, required=False, allow_null=True,
        help_text="Only cases opened in the last so many days; null: all.",
    )  # fmt: skip
    conditions = ConditionsField(
        required=False, allow_null=True, help_text="Try these in place of the rule’s own; nothing is changed."
    )


class SharesOutput(serializers.Serializer[Any]):
    language = serializers.CharField()
    held = serializers.IntegerField()
    decided = serializers.IntegerField()
    agreed = serializers.IntegerField()
    interval = serializers.ListField(child=serializers.FloatField())


class BacktestOutput(serializers.ModelSerializer[Backtest]):
    """What a rule would have done to the cases of the past, and how often people agreed later.

    Each case is looked at as it was before a person decided it first, and as it is now where nobody did. Scores are
    those of the classifiers of today; reach, clause and language are as they are now.
    """

    id = serializers.UUIDField(source="public_id", read_only=True)
    rule = serializers.UUIDField(source="rule.public_id", read_only=True)
    conditions = serializers.SerializerMethodField(help_text="Those that it was tried with.")
    precision = serializers.SerializerMethodField(help_text="Agreed of decided, 0 to 1; null before the first.")
    interval = serializers.SerializerMethodField(help_text="Where the true share lies, with a confidence of 95 %.")
    languages = serializers.SerializerMethodField()

    class Meta:
        model = Backtest
        fields = (
            "id", "rule", "conditions", "since", "cases", "held", "decided", "agreed", "precision", "interval",
            "languages", "seconds", "ran_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CONDITIONS)
    def get_conditions(self, row: Backtest) -> Any:
        document = row.definition["conditions"]
        return document if self.context["exact"] else without_numbers(document)

    def get_precision(self, row: Backtest) -> float | None:
        return Record(row.decided, row.agreed).precision

    def get_interval(self, row: Backtest) -> list[float]:
        return list(Record(row.decided, row.agreed).interval)

    @extend_schema_field(SharesOutput(many=True))
    def get_languages(self, row: Backtest) -> Any:
        return [
            {"language": name, "held": held, "decided": decided, "agreed": agreed,
             "interval": list(Record(decided, agreed).interval)}
            for name, (held, decided, agreed) in row.languages.items()
        ]  # fmt: skip


class BacktestCaseOutput(serializers.ModelSerializer[BacktestCase]):
    """A case in which the conditions would have held."""

    case = serializers.UUIDField(source="case.public_id", read_only=True)

    class Meta:
        model = BacktestCase
        fields = ("case", "at", "decided", "agreed")
        read_only_fields = fields
