"""How a measure looks to programs."""

from typing import Any

from rest_framework import serializers

from moderation.sanctions.models import Measure, StandingCondition
from repositories.models import Condition

CONDITION_STATES = [("open", "open"), ("kept", "kept"), ("broken", "broken"), ("withdrawn", "withdrawn")]


class MeasureOutput(serializers.ModelSerializer[Measure]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    actor = serializers.CharField(source="actor.username", read_only=True)
    person = serializers.CharField(source="person.username", read_only=True, allow_null=True, default=None)
    lifted_by = serializers.CharField(source="lifted_by.username", read_only=True, allow_null=True, default=None)

    part_of = serializers.UUIDField(
        source="part_of.public_id",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Of a consequence: the measure that it came with.",
    )

    until_done = serializers.ChoiceField(
        choices=Condition.choices,
        allow_blank=True,
        read_only=True,
        help_text="What the owner has to do for it to end by itself; of a request, what it asks for.",
    )

    class Meta:
        model = Measure
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "part_of",
            "clause",
            "person",
            "reason",
            "actor",
            "automated",
            "interim",
            "starts_at",
            "ends_at",
            "until_done",
            "lifted_at",
            "lifted_by",
            "lift_reason",
        )
        read_only_fields = fields


class RequestOutput(MeasureOutput):
    """What was asked of an owner, and whether it is done; `ends_at` is when nobody asked for it any more."""

    asked_until = serializers.DateTimeField(source="owner_request.until", read_only=True)
    met_at = serializers.DateTimeField(
        source="owner_request.met_at", read_only=True, allow_null=True, help_text="Since when it is done; null: not."
    )
    discussion = serializers.IntegerField(
        source="owner_request.discussion", read_only=True, allow_null=True, help_text="Number of the public discussion."
    )

    class Meta(MeasureOutput.Meta):
        fields = (*MeasureOutput.Meta.fields, "asked_until", "met_at", "discussion")
        read_only_fields = fields


class ConditionOutput(serializers.ModelSerializer[StandingCondition]):
    """Under which a repository stays."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    decision = serializers.UUIDField(source="decision_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    actor = serializers.CharField(source="actor.username", read_only=True)
    state = serializers.ChoiceField(choices=CONDITION_STATES, read_only=True)
    withdrawn_by = serializers.CharField(source="withdrawn_by.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = StandingCondition
        fields = (
            "id", "condition", "state", "decision", "clause", "actor", "created_at", "kept_since", "broken_at",
            "withdrawn_at", "withdrawn_by", "withdraw_reason",
        )  # fmt: skip
        read_only_fields = fields


def new_measure_shown(measure: Measure) -> dict[str, Any]:
    """What MeasureOutput says of a measure that was just taken; tests of what it is part of hold both to the same."""
    return {
        "id": str(measure.public_id),
        "kind": measure.kind,
        "part_of": str(measure.part_of.public_id) if measure.part_of else None,
        "clause": measure.clause.code,
        "person": measure.person.username if measure.person else None,
        "reason": measure.reason,
        "actor": measure.actor.username,
        "automated": measure.automated,
        "interim": measure.interim,
        "starts_at": _MOMENT.to_representation(measure.starts_at),
        "ends_at": _MOMENT.to_representation(measure.ends_at) if measure.ends_at else None,
        "until_done": measure.until_done,
        "lifted_at": None,
        "lifted_by": None,
        "lift_reason": "",
    }


_MOMENT = serializers.DateTimeField()
