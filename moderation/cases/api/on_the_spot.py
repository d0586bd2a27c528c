"""Deciding where it happened, for programs: hide a comment, close or lock a discussion (K1, B3, E4)."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from community.models import Comment, Discussion
from foundation.api import CleanTextField, ErrorOutput, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions.on_the_spot import ON_THE_SPOT, decide_on_the_spot, departure_on_the_spot
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint
from moderation.cases.api.decisions import NamingField
from moderation.cases.api.departing import OTHERWISE
from moderation.cases.api.shapes import DecisionOutput, decision_shown
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.models import Decision
from moderation.policy.api import ClauseField
from moderation.subjects.lookup import find_target


class SpotInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=list(ON_THE_SPOT))
    target = serializers.UUIDField(help_text="Id of the comment, or of the discussion.")
    clause = ClauseField(help_text="The code of the clause it breaks.")
    explanation = CleanTextField(longest=LONGEST_EXPLANATION, help_text="Our words to whoever wrote it.")
    note = CleanTextField(longest=LONGEST_REASON, required=False, allow_blank=True, help_text="For the team only.")
    departs = serializers.BooleanField(
        required=False,
        help_text="False: refuse (409, `departs`) what differs from the precedents of its open case. True: you know "
        "that it does, and your words say why. Left out: nothing is compared.",
    )
    naming = NamingField()
    request_id = serializers.UUIDField(required=False, allow_null=True)


class OnTheSpot(TeamEndpoint):
    @extend_schema(
        summary="Hide a comment, close or lock a discussion",
        parameters=[KEY],
        request=SpotInput,
        responses={201: DecisionOutput, 200: DecisionOutput, 403: ErrorOutput, 404: ErrorOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample(
                "An insult",
                request_only=True,
                value={
                    "kind": "hide_comment",
                    "target": "6f1f7d0c-3a35-4d66-9c5e-0d6c8a2b7e11",
                    "clause": "harassment",
                    "explanation": "You called another person names instead of answering them.",
                },
            )
        ],
    )
    def post(self, request: SignedIn) -> Response:
        """Decide what you came across: its open case is joined and decided, else one is opened.

        Whoever wrote it gets the reasons and can contest them. 409 (`exists`) when such a measure holds already, and
        while somebody else holds its case. The same request sent again is answered 200 with the decision it made.
        """
        asked = checked(SpotInput, request.data)
        kind, explanation = asked.pop("kind"), asked["explanation"]
        name = ON_THE_SPOT[kind].__name__.lower()
        target = cast("Comment | Discussion", find_target(name, asked.pop("target"), request.user))
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        if (warned := asked.pop("departs", None)) is not None:
            known = key is not None and Decision.objects.filter(request_id=key, actor=request.user).exists()
            asked["departs"] = not known and departure_on_the_spot(target, kind, request.user) is not None
            if asked["departs"] and not warned:
                raise Refused(OTHERWISE, code="departs")
        decision = decide_on_the_spot(target, kind=kind, actor=request.user, request_id=key, **asked)
        made = status.HTTP_200_OK if decision.made_before else status.HTTP_201_CREATED
        return Response(decision_shown(decision, explanation), status=made)
