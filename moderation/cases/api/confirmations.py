"""The second pair of eyes, for programs: what waits for me, confirming, declining (K1, D1)."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked
from foundation.errors import Refused
from moderation.cases.actions import confirm_decision, decline
from moderation.cases.api.base import LONGEST_REASON, TeamEndpoint
from moderation.cases.api.decisions import StaleError, find_decision
from moderation.cases.api.shapes import DecisionOutput, decisions
from moderation.cases.confirming import to_confirm
from moderation.cases.models import Confirmation


class ConfirmationOutput(serializers.ModelSerializer[Confirmation]):
    """A decision that waits; `orders` are the kinds of measures that do."""

    decision = DecisionOutput(read_only=True)
    version = serializers.IntegerField(
        source="decision.case.version", read_only=True, help_text="Of the case: confirm with it."
    )

    class Meta:
        model = Confirmation
        fields = ("decision", "version", "orders", "after", "state", "due_at")
        read_only_fields = fields
        extra_kwargs = {"after": {"help_text": "The measures hold already."}}


class ConfirmInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The version of the case you read.")
    note = CleanTextField(longest=LONGEST_REASON, required=False, allow_blank=True, help_text="For the team.")


class DeclineInput(serializers.Serializer[Any]):
    reason = CleanTextField(
        longest=LONGEST_REASON, help_text="For the team; whoever decided is told that there is one."
    )


class Confirmations(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("due_at", "id")

    @extend_schema(summary="Decisions that wait for you", responses=ConfirmationOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Decisions of others that wait for a second moderator, the first to be due first."""
        rows = Confirmation.objects.filter(state=Confirmation.State.WAITING).exclude(first_decider=request.user)
        mine = rows.filter(decision__case__in=to_confirm(request.user).order_by().values("pk"))
        return self.page_of(mine.prefetch_related(_whole()), ConfirmationOutput)


class Confirm(TeamEndpoint):
    @extend_schema(
        summary="Confirm a decision",
        request=ConfirmInput,
        responses={200: DecisionOutput, 409: StaleError},
        examples=[OpenApiExample("Agreed", value={"version": 4, "note": "I read the card too."}, request_only=True)],
    )
    def post(self, request: SignedIn, decision_id: UUID) -> Response:
        """Agree as the second moderator: what waited holds, and everybody concerned hears why.

        403 for an own decision; 409 with what is new when the case changed after `version`, `settled` when somebody
        was faster.
        """
        asked = checked(ConfirmInput, request.data)
        waiting = _find(decision_id, request.user)
        confirm_decision(waiting, actor=request.user, **asked)
        return Response(DecisionOutput(find_decision(decision_id, request.user)).data)


class Decline(TeamEndpoint):
    @extend_schema(
        summary="Decline a decision",
        request=DeclineInput,
        responses={200: DecisionOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample("Not so", value={"reason": "The quoted words are somebody else's."}, request_only=True)
        ],
    )
    def post(self, request: SignedIn, decision_id: UUID) -> Response:
        """Disagree as the second moderator: what the decision put in force is lifted, the case is in the queue again.

        403 for an own decision, 409 (`settled`) when somebody was faster.
        """
        asked = checked(DeclineInput, request.data)
        waiting = _find(decision_id, request.user)
        decline(waiting, actor=request.user, reason=asked["reason"])
        return Response(DecisionOutput(find_decision(decision_id, request.user)).data)


def _find(decision_id: UUID, actor: User) -> Confirmation:
    """The confirmation of a decision that `actor` may see. Raises the 404 of an unknown decision for every other."""
    found = Confirmation.objects.filter(decision=find_decision(decision_id, actor)).first()
    if found is None:
        raise Refused(_("There is no such decision that waits."), code="not_found", status=404)
    return found


def _whole() -> "Prefetch[Any]":
    """Each with its decision as that is shown."""
    return Prefetch("decision", decisions())
