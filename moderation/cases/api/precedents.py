"""What was decided in cases like this one, for programs (K1, D6)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.api.shapes import CaseRow
from moderation.cases.models import Decision
from moderation.cases.precedents import Precedent, similar_decided


class PrecedentOutput(serializers.Serializer[Precedent]):
    case = CaseRow(read_only=True)
    decision = serializers.UUIDField(source="decision.public_id", read_only=True)
    outcome = serializers.ChoiceField(source="decision.outcome", choices=Decision.Outcome.choices, read_only=True)
    clause = serializers.CharField(source="decision.clause.code", read_only=True, allow_null=True, default=None)
    measures = serializers.SerializerMethodField(help_text="Kinds of the measures it took.")
    similarity = serializers.FloatField(read_only=True, help_text="Of the texts, up to 1.")

    def get_measures(self, one: Precedent) -> list[str]:
        return [measure.kind for measure in one.measures]


class Precedents(TeamEndpoint):
    @extend_schema(summary="Similar decided cases", responses=PrecedentOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The five decided cases most like this one, most alike first; empty until its text was read."""
        found: Any = similar_decided(find_case(case_id, request.user), request.user)
        return Response(PrecedentOutput(found, many=True, context={"request": request}).data)
