"""The second pair of eyes, for programs: what waits for me, confirming, declining (K1, D1)."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation import clock
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked
from foundation.errors import Refused
from moderation.cases.actions import confirm_decision, decline
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint, keyed
from moderation.cases.api.decisions import StaleError, find_decision
from moderation.cases.api.shapes import DecisionOutput, decisions
from moderation.cases.confirming import to_confirm
from moderation.cases.erasing_paths import paths_shown
from moderation.cases.models import Confirmation
from moderation.cases.overview.second import Consequence, consequences_of
from moderation.subjects.queries import EVERYTHING
from repositories.names import LONGEST_PATH


class ConfirmationOutput(serializers.ModelSerializer[Confirmation]):
    """A decision that waits; `orders` are the kinds of measures that do."""

    decision = DecisionOutput(read_only=True)
    version = serializers.IntegerField(
        source="decision.case.version", read_only=True, help_text="Of the case: confirm with it."
    )

    erased_files = serializers.SerializerMethodField(
        help_text="The first fifty files that it takes out of every version and destroys; `/files` has all of them."
    )

    class Meta:
        model = Confirmation
        fields: tuple[str, ...] = ("decision", "version", "orders", "after", "state", "due_at", "erased_files")
        read_only_fields = fields
        extra_kwargs = {"after": {"help_text": "The measures hold already."}}

    def get_erased_files(self, waiting: Confirmation) -> list[str]:
        try:
            return paths_shown(waiting.decision.case, waiting.decision).files
        except Refused:  # one of them is found no more: confirming says so
            return []


class ConsequenceOutput(serializers.Serializer[Consequence]):
    """A measure of the decision, and what it means for whom it affects."""

    measure = serializers.CharField(source="label", read_only=True)
    consequence = serializers.CharField(read_only=True)
    holds = serializers.BooleanField(read_only=True, help_text="It holds already.")


class OneConfirmationOutput(ConfirmationOutput):
    """The same with everything that follows from it."""

    follows = serializers.SerializerMethodField()
    held = serializers.SerializerMethodField(help_text="It is hidden until somebody else has looked.")

    class Meta(ConfirmationOutput.Meta):
        fields = (*ConfirmationOutput.Meta.fields, "follows", "held")
        read_only_fields = fields

    def get_held(self, waiting: Confirmation) -> bool:
        return waiting.hold_id is not None

    @extend_schema_field(ConsequenceOutput(many=True))
    def get_follows(self, waiting: Confirmation) -> Any:
        found: Any = consequences_of(waiting.decision.case, waiting, clock.now())
        return ConsequenceOutput(found, many=True).data


class ErasedQuery(serializers.Serializer[Any]):
    after = CleanTextField(longest=LONGEST_PATH, required=False, allow_blank=True, help_text="The last one you read.")


class ErasedOutput(serializers.Serializer[Any]):
    """Files by path: those that follow `after`."""

    files = serializers.ListField(child=serializers.CharField(), read_only=True)
    count = serializers.IntegerField(read_only=True, help_text="How many there are in all.")
    after = serializers.CharField(read_only=True, help_text="The last of these where others follow, else empty.")


class ConfirmInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The version of the case you read.")
    note = CleanTextField(longest=LONGEST_REASON, required=False, allow_blank=True, help_text="For the team.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class DeclineInput(serializers.Serializer[Any]):
    reason = CleanTextField(
        longest=LONGEST_REASON, help_text="For the team; whoever decided is told that there is one."
    )
    request_id = serializers.UUIDField(required=False, allow_null=True)


class Confirmations(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("due_at", "id")

    @extend_schema(summary="Decisions that wait for you", responses=ConfirmationOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Decisions of others that wait for a second moderator, the first to be due first."""
        rows = Confirmation.objects.filter(state=Confirmation.State.WAITING).exclude(first_decider=request.user)
        mine = rows.filter(decision__case__in=to_confirm(request.user).order_by().values("pk"))
        return self.page_of(mine.prefetch_related(_whole()), ConfirmationOutput)


class OneConfirmation(TeamEndpoint):
    @extend_schema(summary="What a second moderator is asked", responses=OneConfirmationOutput)
    def get(self, request: SignedIn, decision_id: UUID) -> Response:
        """A decision that waits, or waited, for a second moderator, with what follows from confirming it."""
        found = _find(decision_id, request.user)
        (waiting,) = Confirmation.objects.filter(pk=found.pk).prefetch_related(_whole())
        return Response(OneConfirmationOutput(waiting).data)


class ErasedFiles(TeamEndpoint):
    @extend_schema(
        summary="Files that a decision destroys",
        parameters=[ErasedQuery],
        responses={200: ErasedOutput, 400: ErrorOutput},
    )
    def get(self, request: SignedIn, decision_id: UUID) -> Response:
        """All files that it takes out of every version and destroys, fifty at a time; none whose names are locked away.

        409 where one of them is found no more.
        """
        asked = checked(ErasedQuery, request.query_params)
        waiting = _find(decision_id, request.user)
        found = paths_shown(waiting.decision.case, waiting.decision, after=asked.get("after", ""))
        return Response(ErasedOutput(found).data)


class Confirm(TeamEndpoint):
    @extend_schema(
        summary="Confirm a decision",
        parameters=[KEY],
        request=ConfirmInput,
        responses={200: DecisionOutput, 409: StaleError},
        examples=[OpenApiExample("Agreed", value={"version": 4, "note": "I read the card too."}, request_only=True)],
    )
    def post(self, request: SignedIn, decision_id: UUID) -> Response:
        """Agree as the second moderator: what waited holds, and everybody concerned hears why.

        403 for an own decision; 409 with what is new when the case changed after `version`, `settled` when somebody
        was faster.
        """
        asked = keyed(ConfirmInput, request)
        waiting = _find(decision_id, request.user)
        confirm_decision(waiting, actor=request.user, **asked)
        return Response(DecisionOutput(find_decision(decision_id, request.user)).data)


class Decline(TeamEndpoint):
    @extend_schema(
        summary="Decline a decision",
        parameters=[KEY],
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
        asked = keyed(DeclineInput, request)
        waiting = _find(decision_id, request.user)
        decline(waiting, actor=request.user, **asked)
        return Response(DecisionOutput(find_decision(decision_id, request.user)).data)


def _find(decision_id: UUID, actor: User) -> Confirmation:
    """The confirmation of a decision that `actor` may see. Raises the 404 of an unknown decision for every other."""
    found = Confirmation.objects.filter(decision=find_decision(decision_id, actor)).first()
    if found is None:
        raise Refused(_("There is no such decision that waits."), code="not_found", status=404)
    return found


def _whole() -> "Prefetch[Any]":
    """Each with its decision as that is shown, and what its case is about."""
    return Prefetch("decision", decisions().select_related(*(f"case__subject__{path}" for path in EVERYTHING)))
