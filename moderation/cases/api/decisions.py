"""Deciding and lifting, for programs (K1, D1, E5)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, ErrorOutput, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.actions.undo import undo_decision
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint, find_to_change
from moderation.cases.api.departing import departs_knowingly
from moderation.cases.api.shapes import WHO, DecisionOutput, EventOutput, decision_shown, decisions
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.models import Case, Decision
from moderation.cases.queries import open_to
from moderation.policy.api import ClauseField
from moderation.sanctions.api import MeasureOutput
from moderation.sanctions.models import Measure

# Reports of one case that one decision marks as made in bad faith.
MOST_MARKED = 50


class OrderInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Measure.Kind.choices)


class DecisionInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The version of the case you read.")
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    clause = ClauseField(required=False, allow_null=True, help_text="For a violation: the code of its clause.")
    measures = OrderInput(many=True, required=False, help_text="For a violation: at least one.")
    explanation = CleanTextField(longest=LONGEST_EXPLANATION, help_text="Our words to the people concerned.")
    override = CleanTextField(
        longest=LONGEST_REASON,
        required=False,
        allow_blank=True,
        help_text="Why it cannot wait for the owner, whose time still runs.",
    )
    bad_faith = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST_MARKED,
        help_text="With no violation: ids of reports that were made in bad faith.",
    )
    departs = serializers.BooleanField(
        required=False,
        help_text="False: refuse (409, `departs`) what differs from the precedents. True: you know that it does, and "
        "your words say why. Left out: nothing is compared.",
    )
    request_id = serializers.UUIDField(required=False, allow_null=True)


class UndoInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="Everybody whom the measures affected reads it.")


class StaleError(ErrorOutput):
    """When the case changed meanwhile, with what is new."""

    version = serializers.IntegerField(required=False, help_text="The version the case has now.")
    events = EventOutput(many=True, required=False, help_text="What happened since the version you read.")


class Decisions(TeamEndpoint):
    @extend_schema(
        summary="Decide a case",
        parameters=[KEY],
        request=DecisionInput,
        responses={201: DecisionOutput, 200: DecisionOutput, 409: StaleError},
        examples=[
            OpenApiExample(
                "A posting ban",
                request_only=True,
                value={
                    "version": 2,
                    "outcome": "violation",
                    "clause": "harassment",
                    "measures": [{"kind": "posting_ban"}],
                    "explanation": "You insulted another person in three comments.",
                },
            ),
            OpenApiExample(
                "No violation",
                request_only=True,
                value={"version": 2, "outcome": "no_violation", "explanation": "A blunt but fair question."},
            ),
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Decide a case, impose measures, tell everybody concerned: in one step.

        409 with what is new when the case changed after `version`, and when somebody else holds it; `departs` when you
        asked to be warned of precedents that were decided otherwise. The same request sent again is answered 200 with
        the decision it made.
        """
        asked = checked(DecisionInput, request.data)
        case, own = find_to_change(case_id, request.user)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        orders = [MeasureOrder(**one) for one in asked.pop("measures", [])]
        if (warned := asked.pop("departs", None)) is not None:
            if key is not None and case.decisions.filter(request_id=key, actor=request.user).exists():
                warned = None  # what was decided before is not weighed again
            asked["departs"] = departs_knowingly(case, warned, asked["outcome"], orders, actor=request.user)
        decision = decide(case, actor=request.user, measures=orders, request_id=key, stakes=own, **asked)
        made = status.HTTP_200_OK if decision.made_before else status.HTTP_201_CREATED
        return Response(decision_shown(decision), status=made)


def find_decision(public_id: UUID, actor: User) -> Decision:
    """The decision of this id. Raises the same 404 for a missing one and one about a case that `actor` cannot see."""
    decision = decisions().filter(public_id=public_id, case__in=open_to(Case.objects.all(), actor)).first()
    if decision is None:
        raise Refused(_("There is no such decision."), code="not_found", status=404)
    return decision


class OneDecision(TeamEndpoint):
    @extend_schema(summary="A decision", responses=DecisionOutput)
    def get(self, request: SignedIn, decision_id: UUID) -> Response:
        """What was decided, why, and which measures it took; with those that were lifted since."""
        return Response(DecisionOutput(find_decision(decision_id, request.user)).data)


class UndoDecision(TeamEndpoint):
    @extend_schema(
        summary="Take a decision back",
        request=UndoInput,
        responses={200: DecisionOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample(
                "An error of ours", value={"reason": "We took a quote for your own words."}, request_only=True
            )
        ],
    )
    def post(self, request: SignedIn, decision_id: UUID) -> Response:
        """Take back a decision of the last 24 hours as a whole: its measures are lifted, its case is open again.

        409 says why not: it was taken back before (`undone`), a day has passed (`too_late`), somebody built on it
        (`decided_again`, `another_open`, `appealed`).
        """
        sent = UndoInput(data=request.data)
        sent.is_valid(raise_exception=True)
        decision = find_decision(decision_id, request.user)
        undo_decision(decision, actor=request.user, reason=sent.validated_data["reason"])
        return Response(DecisionOutput(find_decision(decision_id, request.user)).data)


class LiftInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="Our words to the person concerned.")


class LiftMeasure(TeamEndpoint):
    @extend_schema(
        summary="Lift a measure",
        request=LiftInput,
        responses={200: MeasureOutput, 409: ErrorOutput},
        examples=[OpenApiExample("A quote", value={"reason": "You quoted somebody else."}, request_only=True)],
    )
    def post(self, request: SignedIn, measure_id: UUID) -> Response:
        """Undo a measure exactly: what its owner had chosen holds again. 409 when it holds no more."""
        sent = LiftInput(data=request.data)
        sent.is_valid(raise_exception=True)
        seen = open_to(Case.objects.all(), request.user)
        rows = Measure.objects.select_related(*WHO).filter(public_id=measure_id, decisions__case__in=seen)
        measure = rows.distinct().first()
        if measure is None:
            raise Refused(_("There is no such measure."), code="not_found", status=404)
        lifted = lift_measure(measure, reason=sent.validated_data["reason"], actor=request.user)
        return Response(MeasureOutput(lifted).data)
