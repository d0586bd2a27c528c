"""Reading answers in public, and filling a template of reasons in, for programs (K1, D4, G3)."""

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import ErrorOutput, checked
from foundation.errors import Refused
from moderation.cases.actions import read_answers
from moderation.cases.api.base import TeamEndpoint, find_case, find_review
from moderation.cases.api.shapes import CaseRow
from moderation.cases.api.template_ends import EndOutput, ends_shown
from moderation.cases.choosing import form_with
from moderation.cases.models import Case, Decision, ReasonTemplate
from moderation.cases.overview import answers
from moderation.cases.overview.timeline import Entry
from moderation.sanctions.models import Measure


class GivenOutput(serializers.Serializer[Entry]):
    """An answer that nobody of the team read yet; say with its `number` that you did."""

    number = serializers.IntegerField(source="event.number", read_only=True)
    what = serializers.CharField(read_only=True)
    author = serializers.CharField(source="event.actor.username", read_only=True)
    at = serializers.DateTimeField(source="event.at", read_only=True)
    text = serializers.CharField(source="words", read_only=True)


class ReadInput(serializers.Serializer[Any]):
    seen = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The number of the last one you read.")


class FilledOutput(serializers.Serializer[Any]):
    """What to decide with: the same words and choices as the form of the case gets."""

    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices, read_only=True)
    clause = serializers.CharField(read_only=True, allow_null=True, help_text="Null for no violation.")
    measures = serializers.ListField(
        child=serializers.ChoiceField(choices=Measure.Kind.choices), read_only=True, help_text="Those that fit here."
    )
    ends = EndOutput(many=True, read_only=True, help_text="Of the measures whose end the template chooses.")
    explanation = serializers.CharField(read_only=True, help_text="Its variables filled in, in its language.")
    version = serializers.IntegerField(read_only=True, help_text="The version of the case.")


class CaseAnswers(TeamEndpoint):
    @extend_schema(summary="Answers to a decision", responses=GivenOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """What people answered in public since somebody of the team read it, oldest first, at most a hundred."""
        found: Any = answers(find_case(case_id, request.user))
        return Response(GivenOutput(found, many=True).data)


class ReadAnswers(TeamEndpoint):
    @extend_schema(
        summary="Say that answers were read",
        request=ReadInput,
        responses=CaseRow,
        examples=[OpenApiExample("Up to the twelfth event", value={"seen": 12}, request_only=True)],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Take the answers up to an event for read; those that come later bring the case back. Twice is once."""
        asked = checked(ReadInput, request.data)
        read_answers(find_case(case_id, request.user), actor=request.user, seen=asked["seen"])
        return Response(CaseRow(find_case(case_id, request.user), context={"request": request}).data)


class FilledTemplate(TeamEndpoint):
    @extend_schema(summary="Fill a template in for a case", responses={200: FilledOutput, 409: ErrorOutput})
    def get(self, request: SignedIn, case_id: UUID, template_id: UUID) -> Response:
        """The words of a template with their variables filled in, and the decision they go with; changes nothing.

        409 (`decided`) for a case that nobody can decide now.
        """
        case = find_review(case_id, request.user)
        template = ReasonTemplate.objects.filter(active=True, public_id=template_id).select_related("clause").first()
        if template is None:
            raise Refused(_("There is no such template."), code="not_found", status=404)
        if case.state != Case.State.OPEN:
            raise Refused(_("This case was decided meanwhile."), code="decided")
        form, _asks = form_with(case, template, typed=QueryDict())
        filled = form.initial
        violation = template.outcome == Decision.Outcome.VIOLATION
        found = {
            "outcome": template.outcome,
            "clause": filled["clause"] if violation else None,
            "measures": filled.get("measures", []),
            "ends": [one for one in ends_shown(template) if one["kind"] in filled.get("measures", [])],
            "explanation": filled["explanation"],
            "version": case.version,
        }
        return Response(FilledOutput(found).data)
