"""Deciding several cases in one go, for programs: every effect beforehand, the decision, one undo (K1, D4)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation import clock
from foundation.api import CleanTextField, ErrorOutput, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions import Verdict
from moderation.cases.actions.bulk import MOST, Chosen, DepartTogether, Obstacle, decide_together
from moderation.cases.actions.undo import undo_bulk
from moderation.cases.api.base import KEY, TeamEndpoint, keyed
from moderation.cases.api.decisions import NamingField, OrderInput, UndoInput, order_of
from moderation.cases.api.departing import OTHERWISE
from moderation.cases.api.shapes import DecisionOutput, decisions
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.models import BulkDecision, Case, Decision
from moderation.cases.overview.together import Effect, departures_of, effects_of
from moderation.cases.queries import cases, open_to
from moderation.policy.api import ClauseField

EXAMPLE = {
    "cases": [{"id": "6f1f7d0c-3a35-4d66-9c5e-0d6c8a2b7e11", "version": 1}],
    "outcome": "violation",
    "clause": "spam",
    "measures": [{"kind": "hide_comment"}],
    "explanation": "{subject} advertises something that has nothing to do with {repository}.",
}


class ChosenInput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The version of the case you read.")


class TogetherInput(serializers.Serializer[Any]):
    cases = ChosenInput(many=True, allow_empty=False, max_length=MOST)  # type: ignore[call-arg]  # the list's own
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    clause = ClauseField(required=False, allow_null=True, help_text="For a violation: the code of its clause.")
    measures = OrderInput(many=True, required=False, help_text="For a violation: at least one.")
    explanation = CleanTextField(
        longest=LONGEST_EXPLANATION, help_text="With variables such as {subject}, filled in for each case."
    )
    departs = serializers.BooleanField(
        required=False,
        help_text="False: refuse (409, `departs`) where one of them differs from its precedents. True: you know that, "
        "and your words say why. Left out: nothing is compared.",
    )
    naming = NamingField()
    request_id = serializers.UUIDField(required=False, allow_null=True)


class PreviewInput(TogetherInput):
    explanation = CleanTextField(longest=LONGEST_EXPLANATION, required=False, allow_blank=True)


class EffectOutput(serializers.Serializer[Effect]):
    """What deciding would do to one case, in words; `obstacles` say why it cannot be decided so."""

    case = serializers.UUIDField(source="case.public_id", read_only=True)
    version = serializers.IntegerField(source="case.version", read_only=True)
    obstacles = serializers.ListField(child=serializers.CharField(), read_only=True)
    effects = serializers.ListField(source="lines", child=serializers.CharField(), read_only=True)
    told = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="User names.")
    departs_from = serializers.SerializerMethodField(
        help_text="Cases that were decided otherwise, though they are very similar and agree with each other."
    )

    def get_departs_from(self, effect: Effect) -> list[UUID]:
        return [one.case.public_id for one in effect.departure.precedents] if effect.departure else []


class ObstacleOutput(serializers.Serializer[Any]):
    case = serializers.UUIDField(source="case.public_id", read_only=True)
    why = serializers.CharField(read_only=True)


class InTheWayError(ErrorOutput):
    """Nothing was done because of some of the cases."""

    obstacles = ObstacleOutput(many=True, required=False)


class BulkOutput(serializers.ModelSerializer[BulkDecision]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    actor = serializers.CharField(source="actor.username", read_only=True)
    decisions = serializers.SerializerMethodField()

    class Meta:
        model = BulkDecision
        fields = ("id", "actor", "created_at", "undone_at", "decisions")
        read_only_fields = fields

    @extend_schema_field(DecisionOutput(many=True))
    def get_decisions(self, bulk: BulkDecision) -> Any:
        return DecisionOutput(decisions().filter(bulk=bulk).order_by("pk"), many=True).data


class UndoBulkInput(UndoInput):
    without = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST,
        help_text="Cases that stay as they were decided.",
    )


class Preview(TeamEndpoint):
    @extend_schema(
        summary="Preview a decision of several cases",
        request=PreviewInput,
        responses=EffectOutput(many=True),
        examples=[OpenApiExample("Spam", value=EXAMPLE, request_only=True)],
    )
    def post(self, request: SignedIn) -> Response:
        """What the decision would do to each of the cases, and what stands in the way; changes nothing."""
        asked = checked(PreviewInput, request.data)
        orders = [order_of(one) for one in asked.get("measures", [])]
        verdict = Verdict(asked["outcome"], asked.get("clause"), orders, asked.get("explanation", ""))
        effects: Any = effects_of(_chosen(asked["cases"], request.user), verdict, request.user, clock.now())
        return Response(EffectOutput(effects, many=True).data)


class BulkDecisions(TeamEndpoint):
    @extend_schema(
        summary="Decide several cases together",
        parameters=[KEY],
        request=TogetherInput,
        responses={201: BulkOutput, 200: BulkOutput, 409: InTheWayError},
        examples=[OpenApiExample("Spam", value=EXAMPLE, request_only=True)],
    )
    def post(self, request: SignedIn) -> Response:
        """Decide up to fifty cases in the same way: all of them, or none and 409 with what stands in the way.

        The same request sent again is answered 200 with what it decided.
        """
        asked = checked(TogetherInput, request.data)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        known = key is not None and BulkDecision.objects.filter(request_id=key, actor=request.user).exists()
        chosen, warned = _chosen(asked.pop("cases"), request.user), asked.pop("departs", None)
        orders = [order_of(one) for one in asked.pop("measures", [])]
        departing: dict[int, Any] = {}
        if warned is not None and not known:  # what was decided before is not weighed again
            verdict = Verdict(asked["outcome"], asked.get("clause"), orders, asked["explanation"])
            departing = departures_of([one.case for one in chosen], verdict, request.user)
            if departing and not warned:
                raise DepartTogether([Obstacle(one.case, OTHERWISE) for one in chosen if one.case.pk in departing])
        bulk = decide_together(
            chosen, actor=request.user, measures=orders, request_id=key, departing=departing.keys(), **asked
        )
        return Response(BulkOutput(bulk).data, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)


class OneBulkDecision(TeamEndpoint):
    @extend_schema(summary="What was decided together", responses=BulkOutput)
    def get(self, request: SignedIn, bulk_id: UUID) -> Response:
        """The decisions that were made in one go. 404 unless you may see every case of them."""
        return Response(BulkOutput(find_bulk(bulk_id, request.user)).data)


class UndoBulk(TeamEndpoint):
    @extend_schema(
        summary="Take back what was decided together",
        parameters=[KEY],
        request=UndoBulkInput,
        responses={200: BulkOutput, 409: InTheWayError},
        examples=[OpenApiExample("All", value={"reason": "We misread whom the link belongs to."}, request_only=True)],
    )
    def post(self, request: SignedIn, bulk_id: UUID) -> Response:
        """Take back every decision of it but those of the cases `without`, once; 409 with what stands in the way."""
        asked = keyed(UndoBulkInput, request)
        bulk = find_bulk(bulk_id, request.user)
        left_out = Case.objects.filter(decisions__bulk=bulk, public_id__in=asked.get("without", []))
        without = list(left_out.values_list("pk", flat=True))
        words = {name: asked[name] for name in ("reason", "naming", "request_id") if name in asked}
        undo_bulk(bulk, actor=request.user, without=without, **words)
        return Response(BulkOutput(bulk).data)


def _chosen(asked: list[dict[str, Any]], actor: User) -> list[Chosen]:
    """The cases, each once. Raises a 404 when one of them is not there for `actor`."""
    versions = {one["id"]: one["version"] for one in asked}
    rows = list(open_to(cases(), actor).filter(public_id__in=versions).order_by("rank", "pk"))
    if len(rows) < len(versions):
        raise Refused(
            _("There is no such case among these, or it is not for you to see."), code="not_found", status=404
        )
    return [Chosen(row, versions[row.public_id]) for row in rows]


def find_bulk(bulk_id: UUID, actor: User) -> BulkDecision:
    bulk = BulkDecision.objects.select_related("actor").filter(public_id=bulk_id).first()
    about = Case.objects.filter(decisions__bulk=bulk).distinct()
    if bulk is None or open_to(about, actor).count() != about.count():
        raise Refused(_("There is no such decision."), code="not_found", status=404)
    return bulk
