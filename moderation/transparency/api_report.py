"""The transparency report, for programs: the figures of the page (K1, J2)."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.api import Endpoint, ErrorOutput
from moderation.transparency.counts import count
from moderation.transparency.files import as_json
from moderation.transparency.period import period_of


class PeriodOutput(serializers.Serializer[Any]):
    to = serializers.CharField(help_text="The last month, such as 2026-10.")

    def get_fields(self) -> dict[str, Any]:
        first = serializers.CharField(help_text="The first month, such as 2026-08.")
        return {"from": first, **super().get_fields()}  # a word of Python


class ClauseFigures(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    reports = serializers.IntegerField(help_text="Of people, that came in.")
    violations = serializers.IntegerField(help_text="Decisions that it was broken.")
    no_violations = serializers.IntegerField()


class MeasureFigures(serializers.Serializer[Any]):
    kind = serializers.CharField()
    by_people = serializers.IntegerField()
    by_rules = serializers.IntegerField()
    lifted = serializers.IntegerField()


class TookOutput(serializers.Serializer[Any]):
    median_seconds = serializers.IntegerField(allow_null=True, help_text="Null where there are fewer than five cases.")
    cases = serializers.IntegerField()


class TimesOutput(serializers.Serializer[Any]):
    first_action = TookOutput(help_text="From a person’s first report to what we, or a rule, did first.")
    decision = TookOutput(help_text="From there to a person’s decision.")


class AppealFigures(serializers.Serializer[Any]):
    filed = serializers.IntegerField()
    upheld = serializers.IntegerField()
    partly = serializers.IntegerField()
    rejected = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="At the end of the period.")


class DepartureFigures(serializers.Serializer[Any]):
    sanctions = serializers.IntegerField(help_text="Decisions with a sanction that is a step of the ladder.")
    ladder = serializers.IntegerField(help_text="Of these, with another one than the history suggested.")
    precedents = serializers.IntegerField(help_text="Decisions that knowingly departed from similar cases.")


class FlaggerFigures(serializers.Serializer[Any]):
    filed = serializers.IntegerField()
    upheld = serializers.IntegerField()
    rejected = serializers.IntegerField()


class TransparencyOutput(serializers.Serializer[Any]):
    """What we count and publish of some whole months."""

    period = PeriodOutput()
    clauses = ClauseFigures(many=True)
    measures = MeasureFigures(many=True)
    times = TimesOutput()
    appeals = AppealFigures()
    departures = DepartureFigures()
    trusted_flaggers = FlaggerFigures()


MONTH = {"type": str, "location": OpenApiParameter.QUERY, "required": False}
EXAMPLE = {
    "period": {"from": "2026-08", "to": "2026-10"},
    "clauses": [{"code": "spam", "title": "Spam", "reports": 31, "violations": 22, "no_violations": 4}],
    "measures": [{"kind": "hide_comment", "by_people": 19, "by_rules": 6, "lifted": 2}],
    "times": {
        "first_action": {"median_seconds": 5400, "cases": 26},
        "decision": {"median_seconds": 11160, "cases": 26},
    },
    "appeals": {"filed": 3, "upheld": 1, "partly": 0, "rejected": 2, "waiting": 0},
    "departures": {"sanctions": 21, "ladder": 3, "precedents": 2},
    "trusted_flaggers": {"filed": 4, "upheld": 4, "rejected": 0},
}


class TransparencyReport(Endpoint):
    permission_classes = (AllowAny,)

    @extend_schema(
        summary="The transparency report",
        parameters=[
            OpenApiParameter("from", description="The first month, such as 2026-08.", **MONTH),  # type: ignore[arg-type]
            OpenApiParameter("to", description="The last month; it must be over.", **MONTH),  # type: ignore[arg-type]
        ],
        responses={200: TransparencyOutput, 400: ErrorOutput},
        examples=[OpenApiExample("Three months", value=EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """The figures of whole months that are over: the last three where you ask for none. For everybody.

        400 for what is no month, is not over, or ends before it begins.
        """
        return Response(as_json(count(period_of(request._request.GET, clock.now()))))
