"""The clauses, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api import Endpoint
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses


class ClauseOutput(serializers.ModelSerializer[Clause]):
    class Meta:
        model = Clause
        fields = ("code", "title", "text", "track", "severity", "publicity", "default_measures")


class ClauseField(serializers.SlugRelatedField[Clause]):
    """A clause in force, named by its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=active_clauses(), **options)

    def to_internal_value(self, data: Any) -> Clause:
        if not isinstance(data, str) or "\x00" in data:  # PostgreSQL cannot compare with NUL
            self.fail("invalid")
        return super().to_internal_value(data)


class Clauses(Endpoint):
    permission_classes = (AllowAny,)

    @extend_schema(summary="The clauses of the policy", responses=ClauseOutput(many=True))
    def get(self, request: Request) -> Response:
        """Every clause in force, in the order of the policy. Anybody may read them."""
        return Response(ClauseOutput(active_clauses(), many=True).data)
