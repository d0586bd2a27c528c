"""Statements of reasons, contesting decisions, and answering that, for programs (K1, G1, G2)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation import clock
from foundation.api import CleanTextField, Endpoint, ErrorOutput, KeysetPagination
from foundation.errors import Refused
from moderation.appeals import queries
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.dossier import Dossier, dossiers
from moderation.appeals.models import Appeal
from moderation.appeals.wording import MeasureLine, line
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.models import Case, Decision
from moderation.cases.queries import open_to
from moderation.reports.forms import LONGEST, SHORTEST
from moderation.reports.queries import own_report
from moderation.sanctions.actions.statements import compose
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.api import SubjectOutput

ANSWERED = [(value, label) for value, label in Appeal.State.choices if value != Appeal.State.OPEN]
STATES = ["holds", "ended", "lifted", "said"]


class AffectingOutput(serializers.Serializer[MeasureLine]):
    """A measure as whoever it affects reads it; `said` holds nothing, such as a warning."""

    kind = serializers.ChoiceField(source="measure.kind", choices=Measure.Kind.choices, read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    consequence = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    ends_at = serializers.DateTimeField(read_only=True, allow_null=True)


class AppealOutput(serializers.ModelSerializer[Appeal]):
    """An appeal of yours, and our answer once there is one."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    decision = serializers.UUIDField(source="decision.public_id", read_only=True)

    class Meta:
        model = Appeal
        fields = ("id", "decision", "text", "state", "answer", "created_at", "decided_at")
        read_only_fields = fields


class StatementRow(serializers.ModelSerializer[StatementOfReasons]):
    """Why we decided something that affects you."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    decision = serializers.UUIDField(source="decision_id", read_only=True)
    subject = SubjectOutput(read_only=True)
    clause = serializers.SerializerMethodField(help_text="Null for a hold: nothing is decided by it.")
    policy_version = serializers.IntegerField(source="policy_version.number", read_only=True)
    measures = serializers.SerializerMethodField()
    appeal = serializers.SerializerMethodField(help_text="Null while you have not contested it.")

    class Meta:
        model = StatementOfReasons
        fields: tuple[str, ...] = (
            "id", "decision", "subject", "clause", "policy_version", "facts", "automated_detection",
            "automated_decision", "measures", "contest_until", "created_at", "appeal",
        )  # fmt: skip
        read_only_fields = fields

    def get_clause(self, statement: StatementOfReasons) -> str | None:
        return statement.clause.code if statement.names_clause else None

    @extend_schema_field(AffectingOutput(many=True))
    def get_measures(self, statement: StatementOfReasons) -> Any:
        now = self.context["now"]
        lines: Any = [line(measure, now) for measure in statement.measures.all()]
        return AffectingOutput(lines, many=True).data

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_appeal(self, statement: StatementOfReasons) -> Any:
        appeal = self.context["appeals"].get(statement.decision_id)
        return appeal.public_id if appeal else None


class StatementOutput(StatementRow):
    words = serializers.SerializerMethodField(help_text="The statement as we sent it.")

    class Meta(StatementRow.Meta):
        fields = (*StatementRow.Meta.fields, "words")
        read_only_fields = fields

    def get_words(self, statement: StatementOfReasons) -> str:
        decision = Decision.objects.select_related("case").get(public_id=statement.decision_id)
        return compose(statement, list(statement.measures.all()), reported=decision.case.report_count > 0)


class AppealInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST, min_length=SHORTEST, help_text="Why you think that we are wrong.")


class DossierOutput(serializers.Serializer[Dossier]):
    """An appeal for the team: who contests which decision, why, and what was said and done then."""

    id = serializers.UUIDField(source="appeal.public_id", read_only=True)
    appellant = serializers.CharField(source="appeal.appellant.username", read_only=True)
    affected = serializers.BooleanField(read_only=True, help_text="The decision affects them; else they reported.")
    text = serializers.CharField(source="appeal.text", read_only=True)
    state = serializers.ChoiceField(source="appeal.state", choices=Appeal.State.choices, read_only=True)
    created_at = serializers.DateTimeField(source="appeal.created_at", read_only=True)
    decision = serializers.UUIDField(source="appeal.decision.public_id", read_only=True)
    decider = serializers.CharField(source="appeal.first_decider.username", read_only=True)
    explanation = serializers.CharField(read_only=True, help_text="The words of whoever decided.")
    measures = AffectingOutput(many=True, read_only=True)
    answerable = serializers.SerializerMethodField(help_text="By you: it is open, and you did not decide it.")
    answer = serializers.CharField(source="appeal.answer", read_only=True)
    answered_by = serializers.CharField(
        source="appeal.decided_by.username", read_only=True, allow_null=True, default=None
    )
    answered_at = serializers.DateTimeField(source="appeal.decided_at", read_only=True, allow_null=True)

    def get_answerable(self, found: Dossier) -> bool:
        return found.form is not None


class AnswerAppealInput(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=ANSWERED)
    answer = CleanTextField(longest=LONGEST, min_length=SHORTEST, help_text="Our words to the person.")


FILED = {201: AppealOutput, 200: AppealOutput, 409: ErrorOutput}
WHY = OpenApiExample("A quote", value={"text": "These are not my words: I quoted somebody else."}, request_only=True)


class Statements(Endpoint):
    pagination_class = KeysetPagination
    order = ("-created_at", "-id")

    @extend_schema(summary="Decisions that affect you", responses=StatementRow(many=True))
    def get(self, request: SignedIn) -> Response:
        """The statement of reasons of every decision that affects you, newest first."""
        pages = KeysetPagination()
        found: list[StatementOfReasons] = pages.paginate_queryset(
            queries.statements_of(request.user), request, view=self
        )
        return pages.get_paginated_response(StatementRow(found, many=True, context=_context(request, found)).data)


class OneStatement(Endpoint):
    @extend_schema(summary="A decision that affects you", responses=StatementOutput)
    def get(self, request: SignedIn, statement_id: UUID) -> Response:
        """The whole statement of reasons; only for its recipient."""
        found = queries.own_statement(statement_id, request.user)
        return Response(StatementOutput(found, context=_context(request, [found])).data)


class AppealStatement(Endpoint):
    @extend_schema(summary="Contest a decision that affects you", request=AppealInput, responses=FILED, examples=[WHY])
    def post(self, request: SignedIn, statement_id: UUID) -> Response:
        """Ask us to look again: somebody who did not decide before answers.

        The same words sent again are answered 200. 409 when it was contested before (`exists`), or too late
        (`too_late`).
        """
        statement = queries.own_statement(statement_id, request.user)
        return _contest(request, Decision.objects.select_related("case").get(public_id=statement.decision_id))


class AppealReport(Endpoint):
    @extend_schema(
        summary="Contest what became of a report of yours", request=AppealInput, responses=FILED, examples=[WHY]
    )
    def post(self, request: SignedIn, report_id: UUID) -> Response:
        """Ask us to look again at what we decided about something you reported.

        The same words sent again are answered 200. 409 while we have not decided (`open`), when it was contested before
        (`exists`), or too late (`too_late`).
        """
        answered = queries.decision_about(own_report(report_id, request.user), request.user)
        if answered is None:
            raise Refused(_("We have not decided about this report."), code="open")
        return _contest(request, answered.decision)


class OneAppeal(Endpoint):
    @extend_schema(summary="An appeal of yours", responses=AppealOutput)
    def get(self, request: SignedIn, appeal_id: UUID) -> Response:
        """What you asked, how it stands, and what we answered."""
        return Response(AppealOutput(queries.own_appeal(appeal_id, request.user)).data)


class CaseAppeals(TeamEndpoint):
    @extend_schema(summary="The appeals of a case", responses=DossierOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """Every appeal of a case of the kind `appeal`, open ones first, with what is needed to answer it."""
        case = find_case(case_id, request.user)
        if case.kind != Case.Kind.APPEAL:
            raise Refused(_("There is no such case."), code="not_found", status=404)
        return _dossiers(case, request)


class AnswerAppeal(TeamEndpoint):
    @extend_schema(
        summary="Answer an appeal",
        request=AnswerAppealInput,
        responses={200: DossierOutput(many=True), 409: ErrorOutput},
        examples=[
            OpenApiExample(
                "We were wrong", value={"state": "upheld", "answer": "You quoted somebody else."}, request_only=True
            )
        ],
    )
    def post(self, request: SignedIn, appeal_id: UUID) -> Response:
        """Say whether the decision stands; the person reads your words. Upheld lifts exactly what it took.

        403 for whoever decided before, 409 when somebody else holds the case (`claimed`) or answered (`decided`).
        The same answer sent again is answered 200.
        """
        sent = AnswerAppealInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        appeal = _to_answer(request).filter(public_id=appeal_id).first()
        if appeal is None:
            raise Refused(_("There is no such appeal."), code="not_found", status=404)
        mine = appeal.decided_by_id == request.user.pk
        if not (mine and (appeal.state, appeal.answer) == (asked["state"], asked["answer"])):
            upheld = asked["state"] == Appeal.State.UPHELD
            decide_appeal(appeal, upheld=upheld, answer=asked["answer"], actor=request.user)
        return _dossiers(find_case(appeal.case.public_id, request.user), request)


def _to_answer(request: SignedIn) -> QuerySet[Appeal]:
    """Appeals in cases that the person may see."""
    seen = open_to(Case.objects.filter(kind=Case.Kind.APPEAL), request.user)
    return Appeal.objects.filter(case__in=seen).select_related("case", "decision")


def _dossiers(case: Case, request: SignedIn) -> Response:
    found: Any = dossiers(case, viewer=request.user, now=clock.now())
    return Response(DossierOutput(found, many=True).data)


def _contest(request: SignedIn, decision: Decision) -> Response:
    sent = AppealInput(data=request.data)
    sent.is_valid(raise_exception=True)
    text = sent.validated_data["text"]
    appeal = Appeal.objects.filter(decision=decision, appellant=request.user, text=text).first()
    code = status.HTTP_200_OK if appeal else status.HTTP_201_CREATED
    appeal = appeal or file_appeal(decision, text=text, actor=request.user)
    return Response(AppealOutput(appeal).data, status=code)


def _context(request: SignedIn, found: list[StatementOfReasons]) -> dict[str, Any]:
    appeals = queries.appeals_against([one.decision_id for one in found], request.user)
    return {"request": request, "now": clock.now(), "appeals": appeals}
