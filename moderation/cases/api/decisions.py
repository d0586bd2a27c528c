"""Deciding and lifting, for programs (K1, D1, E5)."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.actions.locking import NoSuchClause
from moderation.cases.actions.orders import HOUR, LONGEST
from moderation.cases.actions.undo import undo_decision
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint, find_case, find_to_change, keyed
from moderation.cases.api.departing import departs_knowingly
from moderation.cases.api.shapes import WHO, DecisionOutput, EventOutput, decision_shown, decisions
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.models import Case, Confirmation, Decision
from moderation.cases.queries import open_to
from moderation.cases.stakes import stakes_of
from moderation.cases.strikes import off_ladder
from moderation.policy.api import ClauseCodeField, refuse_clause
from moderation.policy.queries import clause_in_force
from moderation.sanctions.api import MeasureOutput
from moderation.sanctions.measures import Consequence
from moderation.sanctions.models import Measure
from repositories.models import Condition

# Reports of one case that one decision marks as made in bad faith.
MOST_MARKED = 50
MOST_HOURS = LONGEST // HOUR


class NamingField(serializers.BooleanField):
    """Confirms that our words give nobody away although they hold a name, or words of a report (C2)."""

    def __init__(self, **options: Any) -> None:
        help_text = (
            "True: you looked at what was refused as `names_somebody` or `gives_away`, and it may stay. An address of "
            "somebody who reported it never may."
        )
        super().__init__(**{"required": False, "help_text": help_text, **options})


class OrderInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Measure.Kind.choices)
    hours = serializers.IntegerField(
        min_value=1,
        max_value=MOST_HOURS,
        required=False,
        allow_null=True,
        help_text="How long it holds, in place of its usual end: of a tag, a downgrade, a ban, and of making private.",
    )
    ends_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Or the moment at which it ends; not both."
    )
    until_done = serializers.ChoiceField(
        choices=Condition.choices,
        required=False,
        allow_null=True,
        help_text="Or what the owner has to do for it to end by itself, in place of a time.",
    )
    consequences = serializers.ListField(
        child=serializers.ChoiceField(choices=Consequence.choices),
        required=False,
        max_length=len(Consequence),
        help_text="Of `limit_reached`: at least one; each becomes a measure of its own, with `part_of`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("hours") and attrs.get("ends_at"):
            raise serializers.ValidationError({"ends_at": [_("Choose hours or a moment, not both.")]})
        return attrs


def order_of(asked: dict[str, Any]) -> MeasureOrder:
    """What an OrderInput asks for."""
    hours = asked.get("hours")
    return MeasureOrder(
        asked["kind"],
        lasts=hours * HOUR if hours else None,
        ends_at=asked.get("ends_at"),
        until_done=asked.get("until_done") or "",
        consequences=tuple(dict.fromkeys(asked.get("consequences", ()))),
    )


class DecisionInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The version of the case you read.")
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    clause = ClauseCodeField(required=False, allow_null=True, help_text="For a violation: the code of its clause.")
    measures = OrderInput(many=True, required=False, help_text="For a violation: at least one.")
    explanation = CleanTextField(longest=LONGEST_EXPLANATION, help_text="Our words to the people concerned.")
    override = CleanTextField(
        longest=LONGEST_REASON,
        required=False,
        allow_blank=True,
        help_text="Why it cannot wait for the owner, whose time still runs.",
    )
    insufficient = CleanTextField(
        longest=LONGEST_REASON,
        required=False,
        allow_blank=True,
        help_text="In the moderated track, for a downgrade, making private, disabling: why asking the owner does not "
        "suffice.",
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
    conditions = serializers.ListField(
        child=serializers.ChoiceField(choices=Condition.choices),
        required=False,
        max_length=len(Condition),
        help_text="Under which the repository stays from then on: when one is broken, the case is open again.",
    )
    naming = NamingField()
    request_id = serializers.UUIDField(required=False, allow_null=True)


class UndoInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="Everybody whom the measures affected reads it.")
    naming = NamingField()
    request_id = serializers.UUIDField(required=False, allow_null=True)


class StaleError(ErrorOutput):
    """When the case changed meanwhile, with what is new."""

    version = serializers.IntegerField(required=False, help_text="The version the case has now.")
    events = EventOutput(many=True, required=False, help_text="What happened since the version you read.")


class Decisions(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("id",)

    @extend_schema(summary="The decisions of a case", responses=DecisionOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """Every decision of the case, oldest first, with those that were taken back."""
        return self.page_of(decisions().filter(case=find_case(case_id, request.user)), DecisionOutput)

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
                "A warning with consequences",
                request_only=True,
                value={
                    "version": 2,
                    "outcome": "violation",
                    "clause": "code-of-conduct",
                    "measures": [{"kind": "limit_reached", "consequences": ["hide", "ban"]}],
                    "explanation": "You went on insulting people after we had asked you to stop.",
                },
            ),
            OpenApiExample(
                "Remove a repository",
                request_only=True,
                value={
                    "version": 2,
                    "outcome": "violation",
                    "clause": "fraud-phishing",
                    "measures": [{"kind": "remove"}],
                    "explanation": "The space copies the sign-in page of a bank and keeps what people type.",
                },
            ),
            OpenApiExample(
                "Erase the data of a child",
                request_only=True,
                value={
                    "version": 2,
                    "outcome": "violation",
                    "clause": "children-data",
                    "measures": [{"kind": "erase"}],
                    "explanation": "The file lists names and addresses of pupils. It is destroyed with its history.",
                },
            ),
            OpenApiExample(
                "A downgrade for a week",
                request_only=True,
                value={
                    "version": 2,
                    "outcome": "violation",
                    "clause": "toxic-speech-artifacts",
                    "measures": [{"kind": "downgrade", "hours": 168}],
                    "explanation": "The card says nothing of the toxic speech in this dataset.",
                    "insufficient": "We asked twice, and nothing was changed.",
                },
            ),
            OpenApiExample(
                "Until it is gated, and only while it is gated",
                request_only=True,
                value={
                    "version": 2,
                    "outcome": "violation",
                    "clause": "strong-dual-use",
                    "measures": [{"kind": "disable", "until_done": "gated"}],
                    "conditions": ["gated"],
                    "explanation": "Anybody can take it, and it can do grave harm.",
                    "insufficient": "We asked on Monday, and heard nothing.",
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
        asked to be warned of precedents that were decided otherwise. 422 when your words name somebody who reported it
        (`names_somebody`), or give them away (`gives_away`). The same request sent again is answered 200 with
        the decision it made.
        """
        asked = checked(DecisionInput, request.data)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        orders = [order_of(one) for one in asked.pop("measures", [])]
        if (warned := asked.pop("departs", None)) is not None:
            case, own = find_to_change(case_id, request.user)
            if key is not None and case.decisions.filter(request_id=key, actor=request.user).exists():
                warned = None  # what was decided before is not weighed again
            asked["departs"] = departs_knowingly(case, warned, asked["outcome"], orders, actor=request.user)
            clause = clause_in_force.first(asked["clause"]) if asked.get("clause") else None
            asked["off_ladder"] = off_ladder(case, orders, clause, actor=request.user)
        else:
            own = stakes_of(request.user)
        try:
            decision = decide(case_id, actor=request.user, measures=orders, request_id=key, stakes=own, **asked)
        except NoSuchClause:
            raise refuse_clause(asked["clause"]) from None
        made = status.HTTP_200_OK if decision.made_before else status.HTTP_201_CREATED
        return Response(decision_shown(decision, asked["explanation"]), status=made)


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
        parameters=[KEY],
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
        asked = keyed(UndoInput, request)
        decision = find_decision(decision_id, request.user)
        undo_decision(decision, actor=request.user, **asked)
        return Response(DecisionOutput(find_decision(decision_id, request.user)).data)


class LiftInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="Our words to the person concerned.")
    naming = NamingField()
    request_id = serializers.UUIDField(required=False, allow_null=True)


class LiftMeasure(TeamEndpoint):
    @extend_schema(
        summary="Lift a measure",
        parameters=[KEY],
        request=LiftInput,
        responses={200: MeasureOutput, 409: ErrorOutput},
        examples=[OpenApiExample("A quote", value={"reason": "You quoted somebody else."}, request_only=True)],
    )
    def post(self, request: SignedIn, measure_id: UUID) -> Response:
        """Undo a measure exactly: what its owner had chosen holds again; a request to an owner is withdrawn.

        409 when it holds no more.
        """
        asked = keyed(LiftInput, request)
        seen = open_to(Case.objects.all(), request.user)
        # Also what holds in the place of a decision that waits for a second moderator.
        instead = Confirmation.objects.filter(hold__isnull=False, decision__case__in=seen)
        here = Q(decisions__case__in=seen) | Q(pk__in=instead.values("hold"))
        here |= Q(owner_request__isnull=False, subject__cases__in=seen)
        rows = Measure.objects.select_related(*WHO).filter(here, public_id=measure_id)
        measure = rows.distinct().first()
        if measure is None:
            raise Refused(_("There is no such measure."), code="not_found", status=404)
        lifted = lift_measure(measure, actor=request.user, **asked)
        return Response(MeasureOutput(lifted).data)
