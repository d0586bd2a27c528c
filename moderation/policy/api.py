"""The clauses, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api import Endpoint, NameField
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses, clause_in_force


class ClauseOutput(serializers.ModelSerializer[Clause]):
    class Meta:
        model = Clause
        fields = ("code", "title", "text", "track", "severity", "publicity", "default_measures")


class ClauseField(NameField):
    """A clause in force, named by its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=active_clauses(), **options)

    def find(self, name: str) -> Clause:
        """The clause with its lane; one query."""
        if (clause := clause_in_force.first(name)) is None:
            raise Clause.DoesNotExist
        return clause


class Clauses(Endpoint):
    permission_classes = (AllowAny,)

    @extend_schema(summary="The clauses of the policy", responses=ClauseOutput(many=True))
    def get(self, request: Request) -> Response:
        """Every clause in force, in the order of the policy. Anybody may read them."""
        return Response(ClauseOutput(active_clauses(), many=True).data)
