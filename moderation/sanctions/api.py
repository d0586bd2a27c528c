"""How a measure looks to programs."""

from rest_framework import serializers

from moderation.sanctions.models import Measure


class MeasureOutput(serializers.ModelSerializer[Measure]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    actor = serializers.CharField(source="actor.username", read_only=True)
    person = serializers.CharField(source="person.username", read_only=True, allow_null=True, default=None)
    lifted_by = serializers.CharField(source="lifted_by.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Measure
        fields = (
            "id",
            "kind",
            "clause",
            "person",
            "reason",
            "actor",
            "automated",
            "interim",
            "starts_at",
            "ends_at",
            "lifted_at",
            "lifted_by",
            "lift_reason",
        )
        read_only_fields = fields
