"""The ends that a template of reasons chooses for its measures, for programs (K1, D4, E5)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from moderation.cases.actions.orders import HOUR, LONGEST, MeasureOrder, chosen_ends
from moderation.cases.actions.templates import orders_in
from moderation.cases.models import ReasonTemplate
from moderation.sanctions.models import Measure
from repositories.models import Condition


class EndInput(serializers.Serializer[Any]):
    """When one measure of the template ends: after hours, or once its owner did something."""

    kind = serializers.ChoiceField(choices=Measure.Kind.choices)
    hours = serializers.IntegerField(min_value=1, max_value=LONGEST // HOUR, required=False, allow_null=True)
    until_done = serializers.ChoiceField(choices=Condition.choices, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("hours")) == bool(attrs.get("until_done")):
            raise serializers.ValidationError({"hours": [_("Choose hours or what the owner has to do.")]})
        return attrs


class EndOutput(serializers.Serializer[Any]):
    """The same as it is kept."""

    kind = serializers.ChoiceField(choices=Measure.Kind.choices, read_only=True)
    hours = serializers.IntegerField(read_only=True, allow_null=True)
    until_done = serializers.ChoiceField(choices=Condition.choices, read_only=True, allow_null=True)


def ends_of_input(asked: list[dict[str, Any]]) -> dict[str, Any]:
    """What checked EndInputs say, as a template keeps it."""
    return chosen_ends(
        [
            MeasureOrder(
                one["kind"],
                lasts=one["hours"] * HOUR if one.get("hours") else None,
                until_done=one.get("until_done") or "",
            )
            for one in asked
        ]
    )


def ends_shown(template: ReasonTemplate) -> list[dict[str, Any]]:
    """The chosen ends of `template`, as EndOutput reads them."""
    return [
        {"kind": one.kind, "hours": one.lasts // HOUR if one.lasts else None, "until_done": one.until_done or None}
        for one in orders_in(template)
        if one.has_end or one.until_done
    ]
