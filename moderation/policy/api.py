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


class ClauseCodeField(ClauseField):
    """The same as its code, for an action that looks it up together with what else it asks."""

    def find(self, name: str) -> Any:
        """The code, of which no clause in force need know; "" is none's."""
        if not name:
            raise Clause.DoesNotExist
        return name


def refuse_clause(code: str) -> serializers.ValidationError:
    """What a ClauseField says of a code of no clause in force, as the error of a field `clause`."""
    try:
        ClauseField().fail("does_not_exist", slug_name="code", value=code)
    except serializers.ValidationError as error:
        return serializers.ValidationError({"clause": error.detail})


class Clauses(Endpoint):
    permission_classes = (AllowAny,)

    @extend_schema(summary="The clauses of the policy", responses=ClauseOutput(many=True))
    def get(self, request: Request) -> Response:
        """Every clause in force, in the order of the policy. Anybody may read them."""
        return Response(ClauseOutput(active_clauses(), many=True).data)
