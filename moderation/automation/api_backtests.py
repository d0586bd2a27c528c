"""Backtests for programs of the team: trying a rule on the past, and the cases to look at (K1, I2)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation import clock
from foundation.api import ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from moderation.automation.api import find_rule
from moderation.automation.api_shapes import BacktestCaseOutput, BacktestInput, BacktestOutput
from moderation.automation.backtests import backtest, backtests_of, cases_of
from moderation.automation.models import Backtest
from moderation.automation.queries import backtests
from moderation.cases.api.base import KEY, TeamEndpoint
from moderation.scoring.secrecy import sees_thresholds

WHICH = ("agreed", "disagreed", "undecided")


class Backtests(TeamEndpoint):
    @extend_schema(summary="Backtests of a rule", responses=BacktestOutput(many=True))
    def get(self, request: SignedIn, rule_id: UUID) -> Response:
        """The newest ones, newest first; few are kept."""
        return Response(_shown(backtests_of(find_rule(rule_id)), request, many=True))

    @extend_schema(
        summary="Try a rule on the past",
        parameters=[KEY],
        request=BacktestInput,
        responses={201: BacktestOutput, 200: BacktestOutput, 400: ErrorOutput, 409: ErrorOutput},
        examples=[OpenApiExample("The last 90 days", value={"days": 90}, request_only=True)],
    )
    def post(self, request: SignedIn, rule_id: UUID) -> Response:
        """Which cases it would have acted on, and how often people agreed. Takes seconds; 409 while another runs.

        The same request sent again is answered 200 with what it found.
        """
        asked = checked(BacktestInput, request.data)
        rule = find_rule(rule_id)
        key = idempotency_key(request, None, request.user.public_id)
        if key and (known := backtests().filter(public_id=key, rule=rule).first()):
            return Response(_shown(known, request))
        if asked.get("conditions") is not None:
            rule.conditions = asked["conditions"]
        since = clock.now() - timedelta(days=asked["days"]) if asked.get("days") else None
        return Response(_shown(backtest(rule, actor=request.user, since=since, request_id=key), request), status=201)


class OneBacktest(TeamEndpoint):
    @extend_schema(summary="A backtest", responses=BacktestOutput)
    def get(self, request: SignedIn, backtest_id: UUID) -> Response:
        """One backtest."""
        return Response(_shown(_find(backtest_id), request))


class BacktestCases(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("pk",)

    @extend_schema(
        summary="Cases of a backtest",
        parameters=[
            OpenApiParameter("which", OpenApiTypes.STR, enum=WHICH, description="What people decided; else all.")
        ],
        responses=BacktestCaseOutput(many=True),
    )
    def get(self, request: SignedIn, backtest_id: UUID) -> Response:
        """The cases in which the conditions would have held, newest first; without cases that you may not see."""
        which = request.query_params.get("which", "")
        if which and which not in WHICH:
            message = _("“which” is one of %(names)s.") % {"names": ", ".join(WHICH)}
            raise Refused(message, code="invalid", status=400)
        return self.page_of(cases_of(_find(backtest_id), request.user, which), BacktestCaseOutput)


def _shown(rows: Any, request: SignedIn, *, many: bool = False) -> Any:
    return BacktestOutput(rows, many=many, context={"exact": sees_thresholds(request.user)}).data


def _find(backtest_id: UUID) -> Backtest:
    row = backtests().filter(public_id=backtest_id).first()
    if row is None:
        raise Refused(_("There is no such backtest; few are kept."), code="not_found", status=404)
    return row
