"""The weights of the priority, for programs: reading them, writing a new version (K1, D4)."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import ErrorOutput, checked
from moderation.cases.actions import change_weights
from moderation.cases.api.base import TeamEndpoint
from moderation.cases.weights import MOST, WEIGHTS, Weights, newest
from moderation.cases.weights import checked as checked_weights


class NumberField(serializers.FloatField):
    """A number that a float holds."""

    def to_internal_value(self, data: Any) -> float:
        try:
            return super().to_internal_value(data)
        except OverflowError:
            self.fail("invalid")


class WeightsOutput(serializers.Serializer[Weights]):
    """A version of the weights; 0 are those of a new installation."""

    version = serializers.IntegerField(read_only=True)
    weights = serializers.DictField(source="of", child=serializers.FloatField(), read_only=True)


class WeightsInput(serializers.Serializer[Any]):
    weights = serializers.DictField(
        child=NumberField(min_value=0, max_value=MOST), help_text="A number from 0 to 1,000,000 for every term."
    )


class PriorityWeights(TeamEndpoint):
    @extend_schema(summary="The weights of the priority", responses=WeightsOutput)
    def get(self, request: SignedIn) -> Response:
        """What each term of the priority weighs now; see the priority of a case for what they give there."""
        return Response(WeightsOutput(newest()).data)

    @extend_schema(
        summary="Change the weights of the priority",
        request=WeightsInput,
        responses={200: WeightsOutput, 409: ErrorOutput},
        examples=[OpenApiExample("Those of a new installation", value={"weights": WEIGHTS}, request_only=True)],
    )
    def put(self, request: SignedIn) -> Response:
        """Write a new version, for administrators; every open case is computed again.

        The weights that are in force already make no new version. 409 (`stale`) when somebody else wrote one at the
        same moment.
        """
        wanted = checked_weights(checked(WeightsInput, request.data)["weights"])
        if wanted != dict(newest().of) or not request.user.has_perm("cases.add_formula"):
            change_weights(wanted, actor=request.user)
        return Response(WeightsOutput(newest()).data)
