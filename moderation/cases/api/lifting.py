"""Lifting many measures in one go, for programs (K1, D4, E5)."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions.lift_together import MOST_LIFTED, Lifted, lift_together, standing_of_bulk
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint
from moderation.cases.api.bulk import find_bulk
from moderation.cases.api.decisions import NamingField
from moderation.cases.models import Case, Confirmation
from moderation.cases.queries import open_to
from moderation.sanctions.models import Measure


class LiftTogetherInput(serializers.Serializer[Any]):
    measures = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=MOST_LIFTED)
    reason = CleanTextField(longest=LONGEST_REASON, help_text="Everybody whom the measures affected reads it.")
    naming = NamingField()
    request_id = serializers.UUIDField(
        required=False, help_text="Yours; without it, and without Idempotency-Key, whoever is affected may hear twice."
    )


class LiftBulkInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="Everybody whom the measures affected reads it.")
    naming = NamingField()


class NotLiftedOutput(serializers.Serializer[Any]):
    measure = serializers.UUIDField()
    why = serializers.CharField()


class LiftedOutput(serializers.Serializer[Any]):
    """What became of it; those that held no more are in neither list."""

    lifted = serializers.ListField(child=serializers.UUIDField())
    obstacles = NotLiftedOutput(many=True, help_text="What you may not lift, or not with these words, and why.")


def _shown(done: Lifted) -> Response:
    obstacles = [{"measure": key, "why": str(why)} for key, why in done.obstacles.items()]
    return Response(LiftedOutput({"lifted": [one.public_id for one in done.measures], "obstacles": obstacles}).data)


class LiftTogether(TeamEndpoint):
    @extend_schema(
        operation_id="measures_lift_together",
        summary="Lift many measures",
        parameters=[KEY],
        request=LiftTogetherInput,
        responses=LiftedOutput,
        examples=[
            OpenApiExample(
                "What a rule got wrong",
                request_only=True,
                value={
                    "measures": ["0b3ad0a6-9d0f-4f5e-8a1f-0b1c6f4a2d77"],
                    "reason": "Our rule took quotations for insults.",
                },
            )
        ],
    )
    def post(self, request: SignedIn) -> Response:
        """Undo up to a thousand measures exactly, each hundred in one step: sent again, it goes on where it ended.

        Everybody affected is told once for a `request_id`, whatever there is of theirs; each case gets one event.
        """
        asked = checked(LiftTogetherInput, request.data)
        chosen = set(asked["measures"])
        seen = open_to(Case.objects.all(), request.user)
        # Also what holds in the place of a decision that waits for a second moderator.
        instead = Confirmation.objects.filter(hold__isnull=False, decision__case__in=seen)
        of_case = Q(decisions__case__in=seen) | Q(pk__in=instead.values("hold"))
        here = Measure.objects.filter(of_case, public_id__in=chosen).distinct()
        if here.count() < len(chosen):
            raise Refused(_("There is no such measure among these, or it is not for you to see."), code="not_found",
                          status=404)  # fmt: skip
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id)
        # Without a key of theirs the first of the measures names it: the same sent again is the same.
        key = key or min(chosen)
        words = {"reason": asked["reason"], "naming": asked.get("naming", False)}
        return _shown(lift_together(chosen, actor=request.user, request_id=key, **words))


class LiftBulk(TeamEndpoint):
    @extend_schema(
        summary="Lift what holds of a decision about several cases",
        request=LiftBulkInput,
        responses=LiftedOutput,
        examples=[OpenApiExample("Why", value={"reason": "We misread whom the link belongs to."}, request_only=True)],
    )
    def post(self, request: SignedIn, bulk_id: UUID) -> Response:
        """Undo every measure of it that still holds; its cases stay decided."""
        asked = checked(LiftBulkInput, request.data)
        bulk = find_bulk(bulk_id, request.user)
        measures = standing_of_bulk(bulk.pk)
        return _shown(lift_together(measures, actor=request.user, request_id=bulk.public_id, **asked))
