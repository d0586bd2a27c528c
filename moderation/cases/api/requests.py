"""Requests to an owner, and conditions under which a repository stays, for programs (K1, E1, E5)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions import RequestOrder, request_of_owner, withdraw_condition
from moderation.cases.actions.requests import LONGEST as LONGEST_WINDOW
from moderation.cases.actions.threads import LONGEST
from moderation.cases.api.base import KEY, LONGEST_REASON, TeamEndpoint, find_review, keyed
from moderation.cases.api.decisions import NamingField
from moderation.cases.api.shapes import WHO
from moderation.cases.models import Case, PartyMessage
from moderation.cases.queries import conditions_told_to, measures_told_to, open_to
from moderation.sanctions.api import ConditionOutput, RequestOutput
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StandingCondition
from repositories.models import Condition

ASKED = [(kind.code, kind.label) for kind in KINDS.values() if kind.asks]
MOST_HOURS = LONGEST_WINDOW // timedelta(hours=1)


class RequestOrderInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ASKED)
    condition = serializers.ChoiceField(
        choices=Condition.choices,
        required=False,
        allow_null=True,
        help_text="What exactly: of documentation, the risks (as usual), the tag, or both.",
    )


class RequestInput(serializers.Serializer[Any]):
    requests = RequestOrderInput(many=True, allow_empty=False)
    text = CleanTextField(longest=LONGEST, help_text="Our words to the owner; in public everybody reads them.")
    hours = serializers.IntegerField(
        min_value=1, max_value=MOST_HOURS, required=False, allow_null=True, help_text="By when we ask for it; else 72."
    )
    naming = serializers.BooleanField(
        default=False, help_text="A name of a reporter or another party in the words must stay."
    )
    request_id = serializers.UUIDField(required=False, allow_null=True)


class WithdrawInput(serializers.Serializer[Any]):
    reason = CleanTextField(longest=LONGEST_REASON, help_text="Whoever manages the repository reads it.")
    naming = NamingField()
    request_id = serializers.UUIDField(required=False, allow_null=True)


class CaseRequests(TeamEndpoint):
    pagination_class = KeysetPagination

    @extend_schema(summary="Requests to the owner", responses=RequestOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """What was asked of the owner of the case's repository, newest first, and whether it is done."""
        case = find_review(case_id, request.user)
        rows = Measure.objects.filter(measures_told_to(request.user), subject=case.subject, owner_request__isnull=False)
        return self.page_of(rows.select_related("owner_request", *WHO), RequestOutput)

    @extend_schema(
        summary="Ask the owner to do something",
        parameters=[KEY],
        request=RequestInput,
        responses={201: RequestOutput(many=True), 200: RequestOutput(many=True), 409: ErrorOutput, 422: ErrorOutput},
        examples=[
            OpenApiExample(
                "Document and gate it within two days",
                request_only=True,
                value={
                    "requests": [{"kind": "request_documentation"}, {"kind": "request_gating"}],
                    "text": "It repeats insults from its data, and nothing warns of it.",
                    "hours": 48,
                },
            ),
            OpenApiExample(
                "Tag it",
                request_only=True,
                value={
                    "requests": [{"kind": "request_documentation", "condition": "tagged"}],
                    "text": "Some of its pictures are not for everybody.",
                },
            ),
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Ask in public, before anything is decided, and let the case wait for the owner; nothing is restricted.

        Under a confidential clause only the owner reads it. Each request is ticked off by itself when the owner does
        it. 409 when it is asked for (`exists`) or done already (`done_already`), or somebody else holds the case; 422
        (`names_somebody`) when the words name a reporter or another party.
        """
        asked = checked(RequestInput, request.data)
        case, hours = find_review(case_id, request.user), asked.get("hours")
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id)
        known = key is not None and PartyMessage.objects.filter(request_id=key).exists()
        made = request_of_owner(
            case,
            orders=[RequestOrder(one["kind"], one.get("condition") or "") for one in asked["requests"]],
            text=asked["text"],
            within=timedelta(hours=hours) if hours else None,
            naming=asked["naming"],
            actor=request.user,
            request_id=key,
        )
        return Response(
            RequestOutput(made, many=True).data, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED
        )


class CaseConditions(TeamEndpoint):
    pagination_class = KeysetPagination

    @extend_schema(summary="Conditions of a case’s repository", responses=ConditionOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """Under which conditions the repository stays, newest first; those that were withdrawn included."""
        case = find_review(case_id, request.user)
        rows = StandingCondition.objects.filter(conditions_told_to(request.user), subject=case.subject)
        return self.page_of(rows.select_related("clause", "actor", "withdrawn_by"), ConditionOutput)


class WithdrawCondition(TeamEndpoint):
    @extend_schema(
        summary="Withdraw a condition",
        parameters=[KEY],
        request=WithdrawInput,
        responses={200: ConditionOutput, 409: ErrorOutput},
        examples=[OpenApiExample("Not needed", value={"reason": "The data behind it is gone."}, request_only=True)],
    )
    def post(self, request: SignedIn, condition_id: UUID) -> Response:
        """The repository stays without it from now on. 409 when it was withdrawn before."""
        asked = keyed(WithdrawInput, request)
        decided = open_to(Case.objects.all(), request.user).values("decisions__public_id")
        rows = StandingCondition.objects.filter(public_id=condition_id, decision_id__in=decided)
        condition = rows.select_related("clause", "actor", "subject").first()
        if condition is None:
            raise Refused(_("There is no such condition."), code="not_found", status=404)
        withdraw_condition(condition, actor=request.user, **asked)
        return Response(ConditionOutput(condition).data)
